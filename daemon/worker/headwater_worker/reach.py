"""Which names reach an object that a step has changed: it may stand under several names, or in what others hold."""
import builtins
import collections
import gc
import itertools
import time
import types

from . import insides, standard_objects
from .attributes import bases_of, held_by_class, is_hashed_plainly, is_ours
from .fingerprint import ATOM_IDS
from .loaded import class_in, held_by

ITEMS_MAX = 10_000
OBJECTS_BETWEEN_TIMES = 16
NAMES_LEFT_MAX = 20
KNOWN_TYPES_MAX = 1_000

_ITEMS = {one: one.__iter__ for one in (list, tuple, set, frozenset, collections.deque)} | {dict: dict.values}
_METHODS = frozenset((types.BuiltinMethodType, types.MethodWrapperType))
_NOT_FOLLOWED = (types.FrameType, types.TracebackType, types.ModuleType, BaseException)
_OWN_PACKAGE = __name__.partition(".")[0]


class Search:
    def __init__(self, objects, known, seconds):
        """`known` are names of which it is known."""
        self._targets = {id(one): one for one in objects}
        self._arrays = _Arrays(objects)
        self._known = known
        self._until = time.thread_time() + seconds
        self._holders = {}
        self._roots = {}
        # In notebooks of marimo's the builtins are a dictionary among the names: nothing of the program's is behind it.
        self._seen = {id(held_by("__main__")), id(builtins.__dict__)}
        self._queue = []

    def go(self, namespace):
        """
        The bound names whose value reaches one of the objects; of values that are kept and not bound, the names with the numbers of their steps;
        and bound names of which that is not known, because time was up.
        """
        bound, aside = namespace.bound_throughout(), namespace.kept_aside()
        # Another name for the object itself is found in however many names.
        targets = self._targets
        found = {name: True for name, value in bound if id(value) in targets and name not in self._known}
        kept = {(name, step): True for name, step, value in aside if id(value) in targets}
        labelled = ((("bound", name), value) for name, value in bound if name not in self._known)
        late = self._add(itertools.chain(((("aside", name, step), value) for name, step, value in aside), labelled))
        done = self._walk()
        reaching = self._roots_above([key for key in targets if key in self._seen])
        left = [*self._roots_above([id(one) for one in self._queue[done:]]), *late]
        found.update((label[1], True) for label in reaching if label[0] == "bound")
        kept.update((label[1:], True) for label in reaching if label[0] == "aside")
        missed = dict.fromkeys(label[1] for label in left if label[0] == "bound" and label[1] not in found)
        return list(found), list(kept), list(missed)[:NAMES_LEFT_MAX]

    def _add(self, labelled):
        """Some of the labels for which there was no time."""
        for count, (label, value) in enumerate(labelled):
            if id(type(value)) in ATOM_IDS:
                continue
            if count % OBJECTS_BETWEEN_TIMES == 0 and self._is_late():
                rest = (label for label, value in labelled if id(type(value)) not in ATOM_IDS)
                return [label, *itertools.islice(rest, NAMES_LEFT_MAX)]
            key = id(value)
            self._roots.setdefault(key, []).append(label)
            if key not in self._seen:
                self._seen.add(key)
                self._queue.append(value)
        return []

    def _is_late(self):
        return time.thread_time() > self._until

    def _walk(self):
        """How many objects of the queue were looked at."""
        for count, item in enumerate(self._queue):
            if count % OBJECTS_BETWEEN_TIMES == OBJECTS_BETWEEN_TIMES - 1 and self._is_late():
                return count
            key = id(item)
            # What is behind something that changed says no more than it.
            if key in self._targets or self._arrays.share_memory(item):
                self._targets[key] = item
                continue
            for held in self._held_by(item):
                if id(type(held)) in ATOM_IDS:
                    continue
                self._holders.setdefault(id(held), []).append(key)
                if id(held) not in self._seen:
                    self._seen.add(id(held))
                    self._queue.append(held)
        return len(self._queue)

    def _held_by(self, item):
        try:
            return _held_by(item)
        except Exception:  # a thread of the program may change a container meanwhile
            return ()

    def _roots_above(self, keys):
        above = set(keys)
        todo = list(keys)
        found = {}
        while todo:
            key = todo.pop()
            found.update(dict.fromkeys(self._roots.get(key, ())))
            for holder in self._holders.get(key, ()):
                if holder not in above:
                    above.add(holder)
                    todo.append(holder)
        return found.keys()


_known = {}


def _held_by(item):
    kind = type(item)
    if type(kind) is not type and not is_hashed_plainly(kind):
        return ()
    find = _known.get(kind)
    if find is None:
        if len(_known) >= KNOWN_TYPES_MAX:
            _known.clear()
        find = _known[kind] = _way_into(kind)
    return find(item)


def _way_into(kind):
    """How to find what objects of the type hold."""
    if kind in _ITEMS:
        return lambda item: itertools.islice(_ITEMS[kind](item), ITEMS_MAX)
    if kind in _METHODS:
        return lambda item: (item.__self__,)
    if kind is types.FunctionType:
        return _held_by_function
    of_standard = standard_objects.look_at(kind)
    if of_standard is not None:
        return of_standard
    module = type.__getattribute__(kind, "__module__")
    if issubclass(kind, _NOT_FOLLOWED) or (type(module) is str and module.partition(".")[0] == _OWN_PACKAGE):
        return lambda item: ()
    if issubclass(kind, type):
        return lambda item: [*bases_of(item), *held_by_class(item)] if is_ours(item) else ()
    if issubclass(kind, tuple(_ITEMS)) or is_ours(kind) or module == "builtins":
        return _referents
    read = insides.reader_of(kind)
    return lambda item: () if read is None else read(item).values()


def _held_by_function(item):
    return [held for held in gc.get_referents(item) if held is not item.__globals__ and held is not item.__builtins__]


def _referents(item):
    """Classes of libraries are left alone."""
    return [held for held in gc.get_referents(item) if not issubclass(type(held), type) or is_ours(held)]


class _Arrays:
    """Arrays of NumPy that have changed. Views of one memory are one object under several names."""

    def __init__(self, objects):
        self._kind = class_in("numpy", "ndarray")
        self._may_share_memory = held_by("numpy").get("may_share_memory")
        self._changed = [one for one in objects if self._kind is not None and issubclass(type(one), self._kind)]

    def share_memory(self, item):
        """Whether the item is an array that shows memory of one that changed."""
        if not self._changed or not issubclass(type(item), self._kind):
            return False
        return any(self._may_share_memory(item, one) for one in self._changed)
