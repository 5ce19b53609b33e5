"""The shape of arrays and tables of libraries. Only slots of their types are read and methods that are written in C called, so no code of the
program can answer.

A module of the program may imitate such a library. What its slots hold may be anything, so only exact built-in types count.
"""
import types

from .attributes import static
from .loaded import class_in

VALUES_MAX = 5
_DEPTH_OF_VIEWS_MAX = 16
_FIELDS = (types.GetSetDescriptorType, types.MemberDescriptorType)
_NUMBERS = frozenset("biufc")


def facts_of_table(value, kind, name):
    """A line, the shape and the bytes, as far as they are known; None where it is no array or table."""
    for module, class_name, facts in _kinds:
        if name.startswith(module) and kind is class_in(module, class_name):
            return facts(value)
    return None


def _field(value, name):
    """What a slot of its type holds under this name; None where the type has none."""
    held = static(type(value), name)
    return held.__get__(value) if type(held) in _FIELDS else None


def _method(value, name):
    held = static(type(value), name)
    return held if type(held) is types.MethodDescriptorType else None


def _attribute(value, name):
    """Of an object with a dictionary: what it keeps there."""
    held = _field(value, "__dict__")
    return dict.get(held, name) if type(held) is dict else None


def _shape(shape):
    return shape if type(shape) is tuple and all(type(count) is int for count in shape) else None


def _shape_of(value):
    """None for what is no array."""
    return _shape(_field(value, "shape")) if type(value) is class_in("numpy", "ndarray") else None


def _array(value):
    shape, size = _shape_of(value), _field(value, "nbytes")
    return None if shape is None else (_values(value, shape), shape, size if type(size) is int else None)


def _values(value, shape):
    """The first few. What is mapped from a file is not read."""
    kind, item = _field(_field(value, "dtype"), "kind"), _method(value, "item")
    is_number = type(kind) is str and kind in _NUMBERS
    if not is_number or item is None or len(shape) != 1 or not _owns_memory(value):
        return f"array of {_type_of_items(value)}"
    shown = ", ".join(repr(item(value, at)) for at in range(min(VALUES_MAX, shape[0])))
    return f"array of {_type_of_items(value)} [{shown}{', …' if shape[0] > VALUES_MAX else ''}]"


def _owns_memory(value):
    for _ in range(_DEPTH_OF_VIEWS_MAX):
        if _shape_of(value) is None:
            return False
        base = _field(value, "base")
        if base is None:
            return True
        value = base
    return False


def _type_of_items(value):
    kind = _field(_field(value, "dtype"), "type")
    name = type.__dict__["__name__"].__get__(kind) if type(kind) is type else ""
    return name if type(name) is str else ""


def _frame(value):
    axes = _axes(value)
    if len(axes) != 2:
        return None
    columns, rows = (_length_of_index(axis) for axis in axes)
    rows = _rows_of_blocks(value) if rows is None else rows
    columns = _columns_of_blocks(value) if columns is None else columns
    return "table", None if rows is None or columns is None else (rows, columns), None


def _series(value):
    axes = _axes(value)
    if len(axes) != 1:
        return None
    rows = _length_of_index(axes[0])
    return "column", None if rows is None else (rows,), None


def _axes(value):
    manager = _attribute(value, "_mgr")
    axes = _field(manager, "axes")
    axes = _attribute(manager, "axes") if axes is None else axes
    return axes if type(axes) is list else []


def _blocks(value):
    blocks = _field(_attribute(value, "_mgr"), "blocks")
    return blocks if type(blocks) is tuple else ()


def _shapes_of_blocks(value):
    return [_shape_of(_field(block, "values")) for block in _blocks(value)]


def _rows_of_blocks(value):
    return next((shape[1] for shape in _shapes_of_blocks(value) if shape is not None and len(shape) == 2), None)


def _columns_of_blocks(value):
    """A block that is not an array of numpy has one column, of pandas' own kind."""
    shapes = _shapes_of_blocks(value)
    return sum(1 if shape is None or len(shape) != 2 else shape[0] for shape in shapes) if shapes else None


def _length_of_index(index):
    values = _attribute(index, "_range")
    if type(values) is range:
        return len(values)
    values = _attribute(index, "_data")
    shape = _shape_of(values) or _shape_of(_field(values, "_ndarray"))
    return shape[0] if shape else None


def _polars_frame(value):
    inner = _attribute(value, "_df")
    shape = _method(inner, "shape")
    shape = None if shape is None else _shape(shape(inner))
    return None if shape is None else ("table", shape, None)


def _polars_series(value):
    inner = _attribute(value, "_s")
    length = _method(inner, "len")
    shape = None if length is None else _shape((length(inner),))
    return None if shape is None else ("column", shape, None)


_kinds = (
    ("numpy", "ndarray", _array),
    ("pandas", "DataFrame", _frame),
    ("pandas", "Series", _series),
    ("polars", "DataFrame", _polars_frame),
    ("polars", "Series", _polars_series),
)
