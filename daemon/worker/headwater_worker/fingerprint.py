"""What an object holds, as far as that can be seen in little time and without running code of the program.

A look at an object is a tuple of what it holds now, by reference. Two looks differ when the object was changed in between. What
changes although nobody would say that it was changed is left out: caches, files that are written, generators of random numbers,
modules, and the insides of objects whose class comes with a library.
"""
import array
import collections
import enum
import functools
import itertools
import operator
import types

from . import arrays, insides, standard_objects
from .attributes import attribute_reader, inherits, is_computed, is_estimator, is_hashed_plainly, is_ours, is_seen, is_wholly_ours, static
from .fillers import fills_itself
from .library_types import is_value, open_types

ITEMS_MAX = 1_000
SAMPLES = 500
BYTES_MAX = 64 * 1024
DEPTH_MAX = 4
COMPARED_ITEMS_MAX = 20_000
_KNOWN_TYPES_MAX = 1_000

ATOMS = frozenset(
    (type(None), bool, int, float, complex, str, bytes, range, slice, type(...), type(NotImplemented))
    + (types.ModuleType, types.CodeType, types.WrapperDescriptorType, types.MethodDescriptorType, types.GetSetDescriptorType)
)
# A class may have a metaclass of the program, which would be asked for its hash.
ATOM_IDS = frozenset(map(id, ATOMS))
_ARGS_OF_ERROR, _DICT_OF_ERROR = (BaseException.__dict__[name].__get__ for name in ("args", "__dict__"))
_COMPARED = frozenset((type(None), bool, int, float, complex, str, bytes, range))
_PLAIN = (list, tuple, dict, set, frozenset, bytearray, array.array, collections.deque)
_OPEN_TYPES = (types.SimpleNamespace, collections.UserDict, collections.UserList, collections.ChainMap)

# How objects of a type are looked at, whether two looks differ, and what a look has found that may be looked at in turn.
Kind = collections.namedtuple("Kind", "look differs held")


class _Effort:
    """What comparing may still cost: objects that were replaced by equal ones are compared item by item, and may be in a ring."""

    items = 0
    depth = 0


def renew_effort():
    _Effort.items = COMPARED_ITEMS_MAX
    _Effort.depth = 0


def same(before, after):
    """Whether both values say the same. What cannot be distinguished, or not in time, counts as the same."""
    if before is after:
        return True
    kind = type(before)
    if kind is not type(after):
        return False
    if _is_compared(kind):
        return before == after or (before != before and after != after)
    if kind is _Members:
        return frozenset.__eq__(before, after)
    if kind is types.FunctionType and before.__code__ is not after.__code__:
        return False
    if _Effort.depth == DEPTH_MAX or _Effort.items <= 0:
        return True
    _Effort.depth += 1
    is_same = (
        _same_items(before, after)
        if kind is tuple
        else not any(one.differs(one.look(before), one.look(after)) for one in kinds_of(kind))
    )
    _Effort.depth -= 1
    return is_same


def _is_compared(kind):
    return kind in _COMPARED or is_value(kind)


def _same_items(before, after):
    if len(before) != len(after):
        return False
    if all(map(operator.is_, before, after)):
        return True
    _Effort.items -= len(before)
    return all(map(same, before, after))


def _differs(before, after):
    return not _same_items(before, after)


class _Members(frozenset):
    """Of a set: its atoms, and the identities of all else."""


def _look_at_list(value):
    count = list.__len__(value)
    if count <= ITEMS_MAX:
        return (count, *list.__iter__(value))
    sample = list.__getitem__(value, slice(None, None, count // SAMPLES))
    return (count, *sample, list.__getitem__(value, -1))


def _look_at_tuple(value):
    return tuple.__getitem__(value, slice(0, ITEMS_MAX))


def _look_at_dict(value):
    count = dict.__len__(value)
    if count <= ITEMS_MAX:
        return (count, *dict.keys(value), *dict.values(value))
    first = itertools.islice(dict.items(value), SAMPLES)
    last = itertools.islice(reversed(dict.items(value)), SAMPLES)
    return (count, *itertools.chain.from_iterable(first), *itertools.chain.from_iterable(last))


def _look_at_set(value):
    count = set.__len__(value)
    items = tuple(set.__iter__(value)) if count <= ITEMS_MAX else ()
    return (count, _Members(item if id(type(item)) in ATOM_IDS else ("id", id(item)) for item in items), items)


def _sets_differ(before, after):
    return _differs(before[:2], after[:2])


def _look_at_order(value):
    count = dict.__len__(value)
    return tuple(itertools.islice(collections.OrderedDict.__iter__(value), ITEMS_MAX)) if count else ()


def _look_at_bytes(value):
    with memoryview(value) as view, view.cast("B") as plain:
        count = len(plain)
        return (count, bytes(plain if count <= BYTES_MAX else plain[:: count // SAMPLES]), bytes(plain[-1:]))


def _look_at_deque(value):
    ends = (collections.deque.__iter__(value), collections.deque.__reversed__(value))
    return (collections.deque.__len__(value), *(item for end in ends for item in itertools.islice(end, SAMPLES)))


def _look_at_function(value):
    """What it keeps from call to call. A dictionary or a set there is nearly always a memory of results."""
    kept = list(value.__defaults__ or ())
    kept += (value.__kwdefaults__ or {}).values()
    for cell in value.__closure__ or ():
        try:
            kept.append(cell.cell_contents)
        except ValueError:  # not bound yet
            kept.append(None)
    kept += (held for held in value.__dict__.values() if _is_compared(type(held)))
    return tuple(None if type(item) in (dict, set) else item for item in kept)


def _look_at_method(value):
    return (value.__self__,)


def _look_at_builtin_method(value):
    """`put = xs.append`; a function of a module says the module."""
    held = value.__self__
    return () if held is None or isinstance(held, (types.ModuleType, type)) else (held,)


def _look_at_partial(value):
    return tuple(static(functools.partial, name).__get__(value) for name in ("func", "args", "keywords"))


def _look_at_class(value):
    if not is_ours(value):
        return ()
    held = type.__dict__["__dict__"].__get__(value)
    bases = (base for base in type.__dict__["__bases__"].__get__(value) if is_ours(base))
    return (*bases, *_class_attributes(held, is_wholly_ours(value)))


def _class_attributes(held, is_private_seen):
    return (
        part
        for name, item in held.items()
        if is_seen(name, is_private_seen) and (type(item) is types.FunctionType or not (callable(item) or is_computed(item)))
        for part in (name, item)
    )


def _instances_of(kind, is_private_seen):
    read = attribute_reader(kind, is_private_seen)
    return Kind(lambda value: (type(value), read(value) if type(value) is kind else {}), _instances_differ, _attributes_in)


def _instances_differ(before, after):
    """Attributes that fill themselves when they are first asked for are no change."""
    kind, old = before
    kind_now, new = after
    if kind_now is not kind:
        return True
    if old.keys() == new.keys() and all(map(operator.is_, old.values(), new.values())):
        return False
    for name, item in old.items():
        if name not in new:
            return True
        if item is not new[name] and not same(item, new[name]) and not (item is None and _fills_itself(kind, name)):
            return True
    return any(name not in old and not is_computed(static(kind, name)) and not _fills_itself(kind, name) for name in new)


def _fills_itself(kind, name):
    """A library's private attributes are its own; of the program's, some are stored by whoever is asked to."""
    return name.startswith("_") and (not is_ours(kind) or fills_itself(kind, name))


def _estimators_of(kind):
    read = attribute_reader(kind, False)

    def look(value):
        return (kind, {name: item for name, item in read(value).items() if item is not None and _is_plain(type(item))})

    return Kind(look, _estimators_differ, _attributes_in)


def _estimators_differ(before, after):
    _, old = before
    _, new = after
    return any(name not in new or not same(item, new[name]) for name, item in old.items()) or any(
        name not in old and name.endswith("_") for name in new
    )


def _is_plain(kind):
    return _is_compared(kind) or kind in _PLAIN or bool(arrays.kinds_of(kind))


_known = {}


def kinds_of(kind):
    """How objects of the type are looked at; nothing where they are not."""
    if type(kind) is not type and not is_hashed_plainly(kind):
        return ()
    known = _known.get(kind)
    if known is None:
        if len(_known) >= _KNOWN_TYPES_MAX:
            _known.clear()
        known = _known[kind] = tuple(_find_kinds(kind))
    return known


def is_of_library(kind):
    """Whether objects of the type are looked at that are of the standard library, and neither containers nor functions."""
    return standard_objects.look_at(kind) is not None or inherits(kind, *open_types())


def kinds_inside(value):
    """How an object is looked into whose insides are its library's: nothing where nobody looks there."""
    if type(value) is types.FunctionType:
        return (Kind(insides.look_at_function, _insides_differ, _attributes_in),)
    if insides.reader_of(type(value)) is None:
        return ()
    return (Kind(insides.look, _insides_differ, _attributes_in),)


def _insides_differ(before, after):
    """Here the text says that something changes: what was nothing and is something now did not fill itself, unless it is empty."""
    kind, old = before
    _, new = after
    for name, item in old.items():
        if name not in new or not (item is new[name] or same(item, new[name]) or (item is None and _is_empty(new[name]))):
            return True
    return any(name not in old and not name.startswith("_") and not is_computed(static(kind, name)) for name in new)


def _is_empty(value):
    return type(value) in _PLAIN and len(value) == 0


def _plain(look):
    return Kind(look, _differs, tuple)


_by_base = (
    (list, _plain(_look_at_list)),
    (dict, _plain(_look_at_dict)),
    (collections.OrderedDict, _plain(_look_at_order)),
    (set, Kind(_look_at_set, _sets_differ, operator.itemgetter(2))),
    (tuple, _plain(_look_at_tuple)),
    (bytearray, _plain(_look_at_bytes)),
    (array.array, _plain(_look_at_bytes)),
    (collections.deque, _plain(_look_at_deque)),
    (types.FunctionType, _plain(_look_at_function)),
    (types.MethodType, _plain(_look_at_method)),
    (types.BuiltinMethodType, _plain(_look_at_builtin_method)),
    (types.MethodWrapperType, _plain(_look_at_builtin_method)),
    (functools.partial, _plain(_look_at_partial)),
)


def _look_at_error(value):
    """Not what Python notes where it is raised."""
    held = _DICT_OF_ERROR(value)
    return (_ARGS_OF_ERROR(value), *held.keys(), *held.values())


def _find_kinds(kind):
    if kind in ATOMS or inherits(kind, enum.Enum):
        return
    if inherits(kind, BaseException):
        yield _plain(_look_at_error)
        return
    of_standard = standard_objects.look_at(kind)
    if of_standard is not None:
        yield _plain(of_standard)
    for base, found in _by_base:
        if inherits(kind, base):
            yield found
    for look in arrays.kinds_of(kind):
        yield _plain(look)
    if inherits(kind, type):
        yield _plain(_look_at_class)
    elif inherits(kind, *_OPEN_TYPES, *open_types()):
        yield _instances_of(kind, True)
    elif is_ours(kind):
        yield _instances_of(kind, is_wholly_ours(kind))
    elif is_estimator(kind):
        yield _estimators_of(kind)


def _attributes_in(seen):
    """Those of its class, too, which others share."""
    kind, held = seen
    return (*held.values(), kind) if is_ours(kind) else held.values()
