"""Which names reach an object that a step has changed: it may stand under several names, or in what others hold."""
import collections
import gc
import itertools
import sys
import time
import types

from . import insides
from .attributes import held_by_class, is_ours
from .fingerprint import ATOMS

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
        """`known` are names of which it is known. At least their first objects are looked at, however short the time."""
        self._targets = {id(one): one for one in objects}
        self._arrays = _Arrays(objects)
        self._known = known
        self._seconds = seconds
        self._holders = {}
        self._roots = collections.defaultdict(list)
        self._queue = []

    def go(self, bound, aside):
        """
        The names of `bound` whose value reaches one of the objects; of `aside`, the names with the numbers of their steps; and names of which that
        is not known, because time was up.
        """
        excluded = id(bound), id(sys.modules["__main__"].__dict__)
        # What is looked at keeps its identity: the queue holds it.
        self._seen = set(excluded)
        for name, value in bound.items():
            if name not in self._known and type(value) not in ATOMS:
                self._add(value, ("bound", name))
        for name, step, value in aside:
            if type(value) not in ATOMS:
                self._add(value, ("aside", name, step))
        done = self._walk()
        found = self._roots_above([key for key in self._targets if key in self._seen])
        left = self._roots_above([id(one) for one in self._queue[done:]]) - found
        names = [label[1] for label in found if label[0] == "bound"]
        kept = [label[1:] for label in found if label[0] == "aside"]
        missed = dict.fromkeys(label[1] for label in left if label[0] == "bound")
        return names, kept, list(missed)[:NAMES_LEFT_MAX]

    def _add(self, value, label):
        self._roots[id(value)].append(label)
        if id(value) not in self._seen:
            self._seen.add(id(value))
            self._queue.append(value)

    def _walk(self):
        """How many objects of the queue were looked at."""
        until = time.thread_time() + self._seconds
        for count, item in enumerate(self._queue):
            if count % OBJECTS_BETWEEN_TIMES == OBJECTS_BETWEEN_TIMES - 1 and time.thread_time() > until:
                return count
            key = id(item)
            # What is behind something that changed says no more than it.
            if key in self._targets or self._arrays.share_memory(item):
                self._targets[key] = item
                continue
            for held in self._held_by(item):
                if type(held) in ATOMS:
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
    module = type.__getattribute__(kind, "__module__")
    if issubclass(kind, _NOT_FOLLOWED) or (type(module) is str and module.partition(".")[0] == _OWN_PACKAGE):
        return lambda item: ()
    if issubclass(kind, type):
        return lambda item: held_by_class(item) if is_ours(item) else ()
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
        numpy = sys.modules.get("numpy")
        self._kind = getattr(numpy, "ndarray", None)
        self._numpy = numpy
        self._changed = [one for one in objects if self._kind is not None and issubclass(type(one), self._kind)]

    def share_memory(self, item):
        """Whether the item is an array that shows memory of one that changed."""
        if not self._changed or not issubclass(type(item), self._kind):
            return False
        return any(self._numpy.may_share_memory(item, one) for one in self._changed)
