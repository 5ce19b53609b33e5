"""
Methods that fill a private attribute when it is first asked for: `if self._x is None: self._x = …`. Whoever calls one changes nothing that
another would see.
"""
import functools
import types

from . import standard
from .attributes import held_by_class

_CODES_MAX = 500
_CO_VARARGS, _CO_VARKEYWORDS = 0x04, 0x08
# At the end of building an object, nobody has seen it yet.
_BUILDING = frozenset(("__init__", "__post_init__", "__new__"))


def fills_itself(kind, name):
    """Whether all that the class does with the attribute is to fill it once, with what follows from the object alone."""
    found = [_stores_of(code)[name] for code in _codes_of(kind) if name in _stores_of(code)]
    return bool(found) and all(found)


def _codes_of(kind):
    for held in held_by_class(kind):
        functions = (held.fget, held.fset, held.fdel) if type(held) is property else (held,)
        for function in functions:
            if type(function) is types.FunctionType and function.__name__ not in _BUILDING:
                yield function.__code__


@functools.lru_cache(_CODES_MAX)
def _stores_of(code):
    """Names of attributes that the function stores, each with whether it only fills it."""
    stored = {}
    if not code.co_names:
        return stored
    steps = [(one.opname, one.argval) for one in standard.load("dis").get_instructions(code)]
    for operation, name in steps:
        if operation in ("STORE_ATTR", "DELETE_ATTR"):
            stored[name] = name not in stored and operation == "STORE_ATTR" and _takes_self_alone(code) and _asks_first(code, steps, name)
    return stored


def _takes_self_alone(code):
    has_more = code.co_flags & (_CO_VARARGS | _CO_VARKEYWORDS)
    return code.co_argcount == 1 and code.co_kwonlyargcount == 0 and not has_more


def _asks_first(code, steps, name):
    """Whether it depends on what the attribute is: nothing yet, or something."""
    if "hasattr" in code.co_names and name in code.co_consts:
        return True
    loads = [at for at, (operation, value) in enumerate(steps) if operation == "LOAD_ATTR" and value == name]
    return any(_is_test(steps[at + 1 : at + 3]) for at in loads)


def _is_test(following):
    first, second = following
    if first[0].startswith("POP_JUMP"):
        return True
    return second[0].startswith("POP_JUMP" if first[0] == "TO_BOOL" else "IS_OP")
