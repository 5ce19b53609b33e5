"""Types whose methods give a new object where those of lists, sets and dictionaries change theirs: `df.sort("a")`, `text.add(1)`."""
from .loaded import class_in

# By module and class: which of the methods that change most objects that have them change these, too.
_TABLES = {
    ("polars", "DataFrame"): {"extend"},
    ("polars", "Series"): {"append", "extend"},
    ("polars", "LazyFrame"): set(),
    ("polars", "Expr"): set(),
    ("pandas", "DataFrame"): {"insert", "pop", "update"},
    ("pandas", "Series"): {"pop", "update"},
    ("pandas", "Index"): set(),
    ("pandas", "RangeIndex"): set(),
    ("pandas", "MultiIndex"): set(),
    ("pandas", "DatetimeIndex"): set(),
    ("numpy", "ndarray"): {"sort"},
    ("pyarrow", "Table"): set(),
    ("torch", "Tensor"): set(),
    ("decimal", "Decimal"): set(),
    ("fractions", "Fraction"): set(),
    ("datetime", "date"): set(),
    ("datetime", "datetime"): set(),
    ("datetime", "timedelta"): set(),
}
_NEVER = frozenset((type(None), bool, int, float, complex, str, bytes, tuple, frozenset, range))


def leaves_alone(kind, methods):
    """Whether none of the methods changes objects of this very type; a class made of it may do as it likes."""
    if kind in _NEVER:
        return True
    for (module, name), changing in _TABLES.items():
        if class_in(module, name) is kind:
            return changing.isdisjoint(methods)
    return False
