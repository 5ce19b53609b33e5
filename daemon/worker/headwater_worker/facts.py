"""What can be said of a value without running code of the program: its type, its shape, and a line of text.

The value itself is not asked. There is no `repr` or `len` of an object of the program; no `isinstance`, which asks for `__class__`; and no
lookup of a type in a dictionary before it is clear that no metaclass has a say in it, for that asks for a hash.
"""
import itertools
import types

from .tables import facts_of_table

CHARACTERS_MAX = 200
NAME_CHARACTERS_MAX = 200
INNER_CHARACTERS_MAX = 40
ITEMS_MAX = 10
DEPTH_MAX = 2
INT_BITS_MAX = 1_000

_QUALIFIED_NAME = type.__dict__["__qualname__"].__get__
_MODULE = type.__dict__["__module__"].__get__
_NAME_OF_FUNCTION = types.FunctionType.__dict__["__qualname__"].__get__
_NAME_OF_BUILTIN = types.BuiltinFunctionType.__dict__["__name__"].__get__
_DICT_OF_MODULE = types.ModuleType.__dict__["__dict__"].__get__


def facts_of(value, as_of):
    """Type, a line, shape of an array or table, length of a text or container, bytes of an array, and the step that is given here."""
    kind = type(value)
    try:
        if type(kind) is type and kind in _PREVIEWS:
            return kind.__name__, _line(value), None, _length(value) if kind in _SIZED else None, None, as_of
        name = type_name(kind)
        line, shape, size = facts_of_table(value, kind, name) or (_line(value), None, None)
        return name, line, shape, None, size, as_of
    except Exception:  # a thread of the program changes it at this moment
        return type_name(kind), "…", None, None, None, as_of


def _length(value):
    try:
        return len(value)
    except OverflowError:  # a range that is longer than Python counts
        return None


def type_name(kind):
    """With its module, unless that is the notebook or Python's own."""
    name, module = _plain(_QUALIFIED_NAME(kind)), _plain(_module_of(kind))
    return name if module in ("", "builtins", "__main__") else f"{module}.{name}"[:NAME_CHARACTERS_MAX]


def _module_of(kind):
    try:
        return _MODULE(kind)
    except AttributeError:  # it was deleted
        return ""


def _plain(text):
    """A class may call itself anything."""
    if type(text) is not str:
        return ""
    text = text[:NAME_CHARACTERS_MAX]
    return text if text.isprintable() else repr(text)[1:-1]


def _line(value):
    line = _preview(value, 0)
    return line if len(line) <= CHARACTERS_MAX else line[: CHARACTERS_MAX - 1] + "…"


def _preview(value, depth):
    kind = type(value)
    if type(kind) is type and kind in _PREVIEWS:
        return _PREVIEWS[kind](value, depth)
    if issubclass(kind, type):
        return f"class {type_name(value)}"
    return f"{type_name(kind)} object"


def _exact(value, _depth):
    return repr(value)


def _preview_int(value, _depth):
    bits = value.bit_length()
    return repr(value) if bits <= INT_BITS_MAX else f"int of {bits} bits"


def _preview_range(value, _depth):
    bits = max(bound.bit_length() for bound in (value.start, value.stop, value.step))
    return repr(value) if bits <= INT_BITS_MAX else f"range of int of {bits} bits"


def _preview_text(value, depth):
    most = INNER_CHARACTERS_MAX if depth else CHARACTERS_MAX
    return repr(value) if len(value) <= most else f"{value[:most]!r}…"


def _preview_function(value, _depth):
    return f"function {_plain(_NAME_OF_FUNCTION(value))}"


def _preview_builtin(value, _depth):
    return f"function {_plain(_NAME_OF_BUILTIN(value))}"


def _preview_module(value, _depth):
    return f"module {_plain(_DICT_OF_MODULE(value).get('__name__'))}"


def _in(opening, closing, empty=None):
    def preview(value, depth):
        if empty and not value:
            return empty
        return opening + _items(map(lambda item: _preview(item, depth + 1), value), len(value), depth) + closing

    return preview


def _preview_tuple(value, depth):
    return _in("(", ",)" if len(value) == 1 else ")")(value, depth)


def _preview_dict(value, depth):
    pairs = (f"{_preview(key, depth + 1)}: {_preview(item, depth + 1)}" for key, item in value.items())
    return "{" + _items(pairs, len(value), depth) + "}"


def _items(previews, count, depth):
    """As many as there is room for."""
    if depth == DEPTH_MAX and count:
        return "…"
    shown, left = [], CHARACTERS_MAX
    for preview in itertools.islice(previews, ITEMS_MAX):
        shown.append(preview)
        left -= len(preview)
        if left < 0:
            break
    return ", ".join(shown) + (", …" if len(shown) < count else "")


_PREVIEWS = {
    **dict.fromkeys((type(None), bool, float, complex, type(...), type(NotImplemented)), _exact),
    **dict.fromkeys((str, bytes, bytearray), _preview_text),
    int: _preview_int,
    range: _preview_range,
    list: _in("[", "]"),
    tuple: _preview_tuple,
    set: _in("{", "}", "set()"),
    frozenset: _in("frozenset({", "})", "frozenset()"),
    dict: _preview_dict,
    types.FunctionType: _preview_function,
    types.BuiltinFunctionType: _preview_builtin,
    types.ModuleType: _preview_module,
}
_SIZED = frozenset((str, bytes, bytearray, list, tuple, set, frozenset, dict, range))
