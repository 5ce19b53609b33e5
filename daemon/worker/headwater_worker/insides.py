"""What an object of a library holds, looked at where the text claims that the step changes it: `p.add_argument(…)` as a statement."""
import functools
import gc
import io
import random
import re
import types

from .attributes import attribute_reader, has_slots, inherits, static

LEVELS_MAX = 3
_METHODS = frozenset((types.MethodType, types.BuiltinMethodType))
_KNOWN_TYPES_MAX = 500
# What leads from a part back to the whole or to its neighbours, and what objects note about themselves.
_ASIDE = re.compile(
    r"parent|owner|manager|master|sibling|container$|^_?(?:figure|axes|axis)$|transform|^trans[A-Z]|clip|stale|dirty|render|version|counter|callback",
    re.IGNORECASE,
)


def is_claimed(value, members):
    """Whether the text calls or stores something by a name that the object has."""
    kind = type(value)
    if kind is types.FunctionType:
        return not members.isdisjoint(value.__dict__)
    return any(static(kind, member) is not None for member in members) or not members.isdisjoint(_dict_of(value))


def _dict_of(value):
    kept = static(type(value), "__dict__")
    return kept.__get__(value) if type(kept) is types.GetSetDescriptorType else ()


@functools.lru_cache(_KNOWN_TYPES_MAX)
def reader_of(kind):
    """Gives what objects of the type hold, by name, but for what leads back to a whole; nothing where they are not looked into."""
    if inherits(kind, type, types.ModuleType, io.IOBase, random.Random, BaseException) or static(kind, "__next__") is not None:
        return None
    if type.__getattribute__(kind, "__module__") in ("_thread", "threading"):
        return None
    if static(kind, "__dict__") is None and not has_slots(kind):
        return _referents
    read = attribute_reader(kind, True, _ASIDE)
    # A method says whose it is: mostly that of a whole, to tell it something.
    return lambda value: {name: item for name, item in read(value).items() if type(item) not in _METHODS}


def _referents(value):
    """Of an object written in C: it says to the garbage collector what it holds."""
    return {str(at): item for at, item in enumerate(gc.get_referents(value)) if not issubclass(type(item), type)}


def look(value):
    return (type(value), reader_of(type(value))(value))


def look_at_function(value):
    """What a function keeps, its registries, too: `functools.singledispatch`. What is named like a cache is none."""
    cells = zip(value.__code__.co_freevars, value.__closure__ or ())
    kept = {name: _contents(cell) for name, cell in cells if "cache" not in name}
    return (type(value), {**kept, **_plainly_kept(value), "__defaults__": value.__defaults__, "__kwdefaults__": value.__kwdefaults__})


def _plainly_kept(value):
    return {name: item for name, item in value.__dict__.items() if "cache" not in name and type(item) is not types.FunctionType}


def _contents(cell):
    try:
        return cell.cell_contents
    except ValueError:  # not bound yet
        return None
