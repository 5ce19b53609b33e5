"""The attributes of an object, read from where they are kept, so that no property and no `__getattr__` of the program runs."""
import functools
import os
import re
import sysconfig
import types

from .libraries import OWN_FOLDER
from .loaded import held_by

NAMES_MAX = 1_000
_MRO = type.__dict__["__mro__"].__get__
_OWN_DICT = type.__dict__["__dict__"].__get__
_HASH, _EQUAL = (object.__dict__[name] for name in ("__hash__", "__eq__"))
_CACHES = re.compile("cache|memo(?!ry)|lazy|(?:^|_)r?lock(?:$|_)", re.IGNORECASE)
_LIBRARIES = tuple({os.path.join(path, "") for path in sysconfig.get_paths().values()})
_INSTALLED = re.compile(r"[\\/](?:site|dist)-packages[\\/]")
# They bring no attributes of their own, or such as say what the object holds.
_HARMLESS_BASES = frozenset(("builtins", "typing", "abc", "collections", "collections.abc", "_collections", "_collections_abc"))

_GIVING_WAY = frozenset((types.MemberDescriptorType, types.FunctionType, classmethod, staticmethod))


def inherits(kind, *bases):
    return any(one is base for one in _MRO(kind) for base in bases)


def static(kind, name):
    """What the class has under the name, as it is kept there."""
    for base in _MRO(kind):
        held = _OWN_DICT(base)
        if name in held:
            return held[name]
    return None


def is_hashed_plainly(kind):
    """Whether the class can be the key of a table without a metaclass of the program being asked."""
    meta = type(kind)
    return meta is type or (static(meta, "__hash__") is _HASH and static(meta, "__eq__") is _EQUAL)


def is_computed(held):
    """Whether what a class has under a name makes the attribute: `functools.cached_property` and the like. A method gives way to an attribute."""
    return type(held) not in _GIVING_WAY and static(type(held), "__get__") is not None


def attribute_reader(kind, is_private_seen, aside=None):
    """Gives the attributes of an object by name, without caches and those `aside`; private ones only where the class is wholly the program's."""
    is_named = functools.lru_cache(NAMES_MAX)(functools.partial(is_seen, is_private_seen=is_private_seen, aside=aside))
    kept = static(kind, "__dict__")
    has_dict = type(kept) in (types.GetSetDescriptorType, types.MemberDescriptorType)
    held = [(name, item) for base in _MRO(kind) for name, item in _OWN_DICT(base).items() if name != "__dict__"]
    slots = [(name, item) for name, item in held if type(item) is types.MemberDescriptorType and is_named(name)]

    def read(value):
        found = {name: item for name, item in kept.__get__(value).items() if is_named(name)} if has_dict else {}
        for name, slot in slots:
            try:
                found.setdefault(name, slot.__get__(value))
            except AttributeError:  # a slot without a value
                pass
        return found

    return read


def is_seen(name, is_private_seen, aside=None):
    if not isinstance(name, str) or name.startswith("__") or (name.startswith("_") and not is_private_seen):
        return False
    return _CACHES.search(name) is None and (aside is None or aside.search(name) is None)


def is_ours(kind):
    """Whether the class is of the notebook, or of a module beside it."""
    name = type.__getattribute__(kind, "__module__")
    if name == "__main__":
        return True
    file = held_by(name).get("__file__") if type(name) is str else None
    if not isinstance(file, str):
        return False
    return not (file.startswith((*_LIBRARIES, OWN_FOLDER)) or _INSTALLED.search(file))


def held_by_class(kind):
    """What a class of the program holds, with those that it comes from. Classes of libraries hold what is theirs."""
    return [held for base in _MRO(kind) if is_ours(base) for held in _OWN_DICT(base).values()]


def bases_of(kind):
    """The classes of the program that it comes from."""
    return [base for base in _MRO(kind)[1:] if is_ours(base)]


def has_slots(kind):
    return any(type(held) is types.MemberDescriptorType for base in _MRO(kind) for held in _OWN_DICT(base).values())


def is_wholly_ours(kind):
    return all(is_ours(base) or type.__getattribute__(base, "__module__") in _HARMLESS_BASES for base in _MRO(kind))


def is_estimator(kind):
    """scikit-learn's convention, which others follow: what `fit` learns is in attributes that end with an underscore."""
    return static(kind, "fit") is not None and static(kind, "get_params") is not None
