"""What values hold that may be a generator, each with how it is reached. To look runs no code of the program."""
import functools
import types

from ..attributes import inherits, static
from ..fingerprint import ATOM_IDS

# How far what is held may lie behind a name, and how many objects are looked at after a step.
DEPTH_MAX = 3
OBJECTS_MAX = 200

_MRO = type.__dict__["__mro__"].__get__
_OWN_DICT = type.__dict__["__dict__"].__get__
_BOUND = (types.MethodType, types.BuiltinMethodType, types.MethodWrapperType)
_PARTIAL = tuple(functools.partial.__dict__[name].__get__ for name in ("func", "args", "keywords"))


def held(values):
    queue = [(name, value, 0) for name, value in values.items()]
    for count, (path, value, depth) in enumerate(queue):
        if count == OBJECTS_MAX:
            return
        if id(type(value)) in ATOM_IDS:
            continue
        yield path, value
        if depth < DEPTH_MAX:
            queue += [(path + part, item, depth + 1) for part, item in _parts_of(value)]


def _parts_of(value):
    kind = type(value)
    if kind is types.FunctionType:
        return _parts_of_function(value)
    if kind in _BOUND:
        owner = value.__self__
        return () if type(owner) is types.ModuleType else ((".__self__", owner),)
    if kind is functools.partial:
        func, arguments, named = (get(value) for get in _PARTIAL)
        return ((".func", func), *_items_of(arguments), *_entries_of(named))
    if kind in (classmethod, staticmethod):
        return ((".__func__", value.__func__),)
    if issubclass(kind, type):
        return _named(_OWN_DICT(value)) if _is_of_notebook(value) else ()
    inside = _named(_attributes_of(value)) if _is_of_notebook(kind) or kind is types.SimpleNamespace else ()
    if inherits(kind, list, tuple):
        base = list if inherits(kind, list) else tuple
        return (*inside, *(_items_of(base.__iter__(value)) if base.__len__(value) <= OBJECTS_MAX else ()))
    if inherits(kind, dict):
        return (*inside, *(_entries_of(value) if dict.__len__(value) <= OBJECTS_MAX else ()))
    return inside


def _parts_of_function(value):
    cells = zip(value.__code__.co_freevars, value.__closure__ or ())
    kept = [(f"({name})", contents) for name, cell in cells for contents in _contents_of(cell)]
    defaults = [(f"(={at})", item) for at, item in enumerate(value.__defaults__ or ())]
    named = [(f"({name}=)", item) for name, item in (value.__kwdefaults__ or {}).items()]
    return (*kept, *defaults, *named, *_named(value.__dict__))


def _contents_of(cell):
    try:
        return (cell.cell_contents,)
    except ValueError:  # not bound yet
        return ()


def _is_of_notebook(kind):
    return _OWN_DICT(kind).get("__module__") == "__main__"


def _named(attributes):
    return [(f".{name}", item) for name, item in attributes.items() if type(name) is str]


def _items_of(items):
    return [(f"[{at}]", item) for at, item in enumerate(items)]


def _entries_of(value):
    return [(f"[{key!r}]", item) for key, item in dict.items(value) if type(key) in (str, int)]


def _attributes_of(value):
    kind = type(value)
    kept = static(kind, "__dict__")
    attributes = kept.__get__(value) if type(kept) is types.GetSetDescriptorType else {}
    found = dict(attributes) if type(attributes) is dict else {}
    for base in _MRO(kind):
        for name, slot in _OWN_DICT(base).items():
            if type(slot) is types.MemberDescriptorType and _is_of_notebook(base):
                found.update((name, item) for item in _value_of(slot, value))
    return found


def _value_of(slot, value):
    try:
        return (slot.__get__(value),)
    except AttributeError:  # a slot without a value
        return ()
