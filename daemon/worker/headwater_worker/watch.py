"""The mutation watch: which of the objects that a step is given it has changed, in which line, and which other names reach them."""
import time
import types

from . import insides
from .changed_lines import ChangedLines
from .claims import Claimed
from .fingerprint import ATOM_IDS, is_of_library, kinds_inside, kinds_of, renew_effort
from .reach import Search

OBJECTS_MAX = 2_000
OBJECTS_BETWEEN_TIMES = 16
SECONDS_MAX = 0.01


class Watch:
    def __init__(self, claims_in):
        """`claims_in` gives what the text of a file claims to change."""
        self._claims_in = claims_in
        self._lines = ChangedLines()
        self._reset()

    def begin(self, names, changing, bound):
        """Whose objects are watched. The text itself says that it changes those of `changing`."""
        self._reset()
        if not names and not changing:
            return
        given = {name: bound[name] for name in (*names, *changing) if name in bound}
        self._values = {name: value for name, value in given.items() if id(type(value)) not in ATOM_IDS}
        self._changing = frozenset(changing)
        self._claimed = Claimed(self._claims_in, self._values, bound) if self._values else None

    def follow(self, codes):
        """Looks at the objects. Notes the lines of these code objects, and of the functions that are watched."""
        if not self._values:
            return
        codes = [code for code in codes if code is not None]
        self._claimed.read(codes)
        for name, value in self._values.items():
            self._reach(name, value)
        if self._seen and not self._changing.issuperset(self._values):
            functions = [value.__code__ for value in self._values.values() if type(value) is types.FunctionType]
            self._lines.arm(codes, functions, self._newly_changed)

    def end(self, namespace, seconds):
        """
        The changes, by name: also of names by which the step does not know the objects. Of the values that are kept and not bound, those that have
        changed; and names of which that could not be found out. Nothing of the step is kept.
        """
        if not self._values:
            return [], [], []
        places = self._lines.disarm(self._newly_changed()) if self._seen else {}
        # What was put back in the meantime is as it was.
        changed = [seen for seen in self._seen.values() if seen.is_known and seen.has_changed()]
        names = dict.fromkeys(name for seen in changed for name in seen.names)
        believed = self._believed(namespace.globals, names)
        objects = [*_with_holders(changed), *(self._values[name] for name in believed)]
        changes = [_mutation(name, places.get(name)) for name in names if name not in self._changing]
        inside = {name for seen in changed if seen.is_in_library() for name in seen.names if self._claimed.says(name)}
        changes = [{**change, "isClaimed": True} if change["name"] in inside else change for change in changes]
        search = Search(objects, self._values.keys() | names, seconds)
        self._reset()
        if not objects:
            return changes, [], []
        through = next(iter([*(change["name"] for change in changes), *names, *believed]))
        found, kept, left = search.go(namespace)
        return changes + [{**_mutation(name, places.get(through)), "through": through} for name in found], kept, left

    def _reset(self):
        # Holding what was seen keeps its identity from being given to another object.
        self._seen = {}
        self._values = {}
        self._changing = frozenset()
        self._claimed = None
        self._until = None

    def _reach(self, name, value):
        reached = {id(value)}
        queue = [(value, None, 0)]
        for count, (item, holder, levels) in enumerate(queue):
            if count == OBJECTS_MAX or (count % OBJECTS_BETWEEN_TIMES == 0 and self._is_late()):
                return
            seen = self._seen.get(id(item)) or self._see(name, item, holder, levels)
            if seen is None:
                continue
            seen.names.append(name)
            for kind, look in zip(seen.kinds, seen.looks):
                for held in kind.held(look):
                    if id(type(held)) not in ATOM_IDS and id(held) not in reached:
                        reached.add(id(held))
                        queue.append((held, seen, seen.levels))

    def _is_late(self):
        # A busy machine takes nothing from what is looked at.
        now = time.thread_time()
        self._until = self._until or now + SECONDS_MAX
        return now > self._until

    def _see(self, name, value, holder, levels):
        kinds, looks = _looks(value, kinds_of(type(value)))
        is_closed = not kinds or type(value) is types.FunctionType
        is_inside = is_closed and (levels > 0 or self._claimed.has(name, value, holder is None))
        if is_inside:
            inside, looks_inside = _looks(value, kinds_inside(value))
            kinds, looks = (inside, looks_inside) if inside else (kinds, looks)
            levels = (levels or insides.LEVELS_MAX + 1) - 1
        # Most functions keep nothing that could change.
        if not any(looks):
            return None
        seen = self._seen[id(value)] = _Seen(value, holder, kinds, looks, levels)
        seen.is_inside = is_inside
        return seen

    def _believed(self, bound, changed):
        """
        Names whose object the text changes although no look shows it, where they have been left bound to it: nobody can look at it, or the text
        stores an attribute or an item of it, which a look at a sample can miss.
        """
        left = [name for name in self._changing if name not in changed and name in self._values and bound.get(name) is self._values[name]]
        return [name for name in left if id(self._values[name]) not in self._seen or self._claimed.stores(name)]

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
    __slots__ = ("value", "holder", "kinds", "looks", "levels", "names", "is_inside", "is_known")

    def __init__(self, value, holder, kinds, looks, levels):
        self.value = value
        self.holder = holder
        self.kinds = kinds
        self.looks = looks
        self.levels = levels
        self.names = []
        self.is_inside = self.is_known = False

    def is_in_library(self):
        """Whether it is an object of a library, or was found by looking into one."""
        return self.is_inside or is_of_library(type(self.value)) or (self.holder is not None and self.holder.is_in_library())

    def has_changed(self):
        try:
            for kind, before in zip(self.kinds, self.looks):
                if kind.differs(before, kind.look(self.value)):
                    return True
        except Exception:  # as in `_looks`
            pass
        return False


def _looks(value, kinds):
    """Nothing where the object cannot be looked at: it may be half made, or its library of a version that is not known here."""
    try:
        return kinds, [kind.look(value) for kind in kinds]
    except Exception:
        return (), []


def _with_holders(changed):
    """The objects, and those by which they were found: who reaches one of these reaches them."""
    found = {}
    for seen in changed:
        while seen is not None and id(seen.value) not in found:
            found[id(seen.value)] = seen.value
            seen = seen.holder
    return found.values()


def _mutation(name, place):
    line, inner = place or (None, None)
    function = inner and {"name": inner[0].co_qualname, "file": inner[0].co_filename, "line": inner[1]}
    return {"name": name, "line": line, "function": function}
