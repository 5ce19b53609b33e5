"""The mutation watch: which of the objects that a step only reads it has changed, and in which line."""
import time
import types

from .changed_lines import ChangedLines
from .fingerprint import ATOMS, kinds_of, renew_effort

OBJECTS_MAX = 2_000
OBJECTS_BETWEEN_TIMES = 16
SECONDS_MAX = 0.01


class Watch:
    def __init__(self):
        self._lines = ChangedLines()
        self._reset()

    def begin(self, names, bound):
        """Looks at the objects of these names."""
        if not names:
            return
        self._reset()
        for name in names:
            value = bound.get(name)
            if type(value) not in ATOMS:
                self._reach(name, value)
            if type(value) is types.FunctionType:
                self._functions.append(value.__code__)

    def follow(self, codes):
        """Notes the lines of these code objects, and of the functions that are watched."""
        if self._seen:
            self._lines.arm([code for code in codes if code is not None], self._functions, self._newly_changed)

    def end(self):
        """The names whose objects are not as they were; nothing of the step is kept."""
        if not self._seen:
            return []
        places = self._lines.disarm(self._newly_changed())
        # What was put back in the meantime is as it was.
        changed = [seen for seen in self._seen.values() if seen.is_known and seen.has_changed()]
        names = dict.fromkeys(name for seen in changed for name in seen.names)
        self._reset()
        return [_mutation(name, places.get(name)) for name in names]

    def _reset(self):
        # Holding what was seen keeps its identity from being given to another object.
        self._seen = {}
        self._functions = []
        self._until = None

    def _reach(self, name, value):
        reached = {id(value)}
        queue = [value]
        for count, item in enumerate(queue):
            if count == OBJECTS_MAX or (count % OBJECTS_BETWEEN_TIMES == 0 and self._is_late()):
                return
            seen = self._seen.get(id(item)) or self._see(item)
            if seen is None:
                continue
            seen.names.append(name)
            for kind, look in zip(seen.kinds, seen.looks):
                for held in kind.held(look):
                    if type(held) not in ATOMS and id(held) not in reached:
                        reached.add(id(held))
                        queue.append(held)

    def _is_late(self):
        # A busy machine takes nothing from what is looked at.
        now = time.thread_time()
        self._until = self._until or now + SECONDS_MAX
        return now > self._until

    def _see(self, value):
        kinds, looks = _looks(value)
        # Most functions keep nothing that could change.
        if not any(looks):
            return None
        seen = self._seen[id(value)] = _Seen(value, kinds, looks)
        return seen

    def _newly_changed(self):
        """The names of the objects that were not known to be changed."""
        renew_effort()
        news = []
        for seen in self._seen.values():
            if not seen.is_known and seen.has_changed():
                seen.is_known = True
                news += seen.names
        return news


class _Seen:
    __slots__ = ("value", "kinds", "looks", "names", "is_known")

    def __init__(self, value, kinds, looks):
        self.value = value
        self.kinds = kinds
        self.looks = looks
        self.names = []
        self.is_known = False

    def has_changed(self):
        try:
            for kind, before in zip(self.kinds, self.looks):
                if kind.differs(before, kind.look(self.value)):
                    return True
        except Exception:  # as in `_looks`
            pass
        return False


def _looks(value):
    """Nothing where the object cannot be looked at: it may be half made, or its library of a version that is not known here."""
    try:
        kinds = kinds_of(type(value))
        return kinds, [kind.look(value) for kind in kinds]
    except Exception:
        return (), []


def _mutation(name, place):
    line, inner = place or (None, None)
    function = inner and {"name": inner[0].co_qualname, "file": inner[0].co_filename, "line": inner[1]}
    return {"name": name, "line": line, "function": function}
