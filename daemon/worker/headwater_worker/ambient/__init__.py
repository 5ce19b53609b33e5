"""States that a program shares without a variable: generators of random numbers, tables of a process or a library, pyplot's figures.

Each state has an implicit name that no variable can have, `<os.environ HOME>`. A kind of state has `look`, which says what has changed
since it last looked, and `put`, which sets states back. `Ambient` does the rest, for all kinds alike.
"""
from .change import MISSING
from .figures import FigureStack
from .generators import Generators
from .importing import tell_imports
from .tables import Tables

# Of one step. What goes beyond is not followed.
NAMES_MAX = 500


class Ambient:
    def __init__(self, loading, attribution):
        self.figures = FigureStack(loading)
        self._generators = Generators(loading)
        tables = Tables(loading, attribution)
        self._kinds = (self._generators, self.figures, tables)
        # What the code of a step has done, by kind.
        self._looks_at_step = (self._generators.look, self.figures.look, tables.look_at_step)
        # What a name held before any step changed it, and what steps left.
        self._base = {}
        self._versions = {}
        self._earlier = {}
        self._changes = {}
        tell_imports(self._note, self._rebase)

    def prepare(self, evaluation):
        """Makes the states what the step is to find, as far as they are what the last step left."""
        # What was changed while no step ran is no step's doing, and stays.
        foreign = self._rebase() if evaluation["after"] is None else ()
        self._changes = {}
        puts = {name: self._base[name] for name in _taken(evaluation, "unbind") if name in self._base}
        for name, step in _taken(evaluation, "bind", 0):
            if name in self._versions.get(step, ()):
                puts[name] = self._versions[step][name]
        self._put({name: state for name, state in puts.items() if name not in foreign})
        self._earlier = {
            name: (step, self._versions[step][name])
            for name, step in _taken(evaluation, "compare", 0)
            if name in self._versions.get(step, ())
        }
        for step in evaluation["forget"]:
            self._versions.pop(step, None)
            self._generators.forget(step)

    def keep(self, evaluation, values, given):
        """
        After a step that ended well: what it did with implicit names, and which of them it left as they were. `values` are those that it bound,
        `given` those that it was given.
        """
        step, expected = evaluation["step"], evaluation.get("implicit")
        born = self._generators.find(values, evaluation["cell"], step) if "cell" in evaluation else {}
        self._note()
        self._changes.update(born)
        changes, self._changes = self._changes, {}
        reads = {name: None for name, change in changes.items() if change.is_read}
        self.figures.read_in(given)
        reads.update(self.figures.reads())
        reads.update(dict.fromkeys(self._generators.asked()))
        consumes = [name for name, change in changes.items() if change.is_consumed]
        unchanged = self._keep(step, changes)
        if _is_expected(expected, reads, changes, consumes):
            return None, unchanged
        return {"reads": [*reads], "writes": [*changes], "consumes": consumes}, unchanged

    def discard(self):
        """After a step that failed: the states are as before it, but for what it drew on figures."""
        self._note()
        self.figures.reads()
        self._generators.asked()
        changes, self._changes = self._changes, {}
        self._put({name: change.before for name, change in changes.items()})
        consumes = [name for name, change in changes.items() if change.is_consumed]
        return {"reads": [], "writes": [], "consumes": consumes} if consumes else None

    def _keep(self, step, changes):
        unchanged, kept = [], {}
        for name, change in changes.items():
            self._base.setdefault(name, change.before)
            earlier = self._earlier.get(name)
            if earlier is not None and not change.is_consumed and earlier[1] == change.after:
                unchanged.append(name)
                self._versions.setdefault(earlier[0], {})[name] = earlier[1]
            else:
                kept[name] = change.after
        self._earlier = {}
        if kept:
            self._versions[step] = kept
        return unchanged

    def _put(self, states):
        if states:
            for kind in self._kinds:
                kind.put(states)

    def _note(self):
        """Adds what has changed since the last look to what the step has done."""
        for look in self._looks_at_step:
            for name, change in look().items():
                known = self._changes.get(name)
                if known is not None:
                    is_consumed = known.is_consumed or change.is_consumed
                    self._changes[name] = change._replace(before=known.before, is_read=known.is_read, is_consumed=is_consumed)
                elif len(self._changes) < NAMES_MAX:
                    self._changes[name] = change

    def _rebase(self):
        """What has changed since the last look is nobody's doing: the world is like that now."""
        names = set()
        for kind in self._kinds:
            for name, change in kind.look().items():
                names.add(name)
                if name in self._base:
                    self._base[name] = change.after
        return names


def _taken(evaluation, field, at=None):
    """Takes the implicit names out of the list: what is left are variables."""
    items = evaluation[field]
    taken = [item for item in items if (item if at is None else item[at])[0] == "<"]
    if taken:
        evaluation[field] = [item for item in items if (item if at is None else item[at])[0] != "<"]
    return taken


def _is_expected(expected, reads, writes, consumes):
    if expected is None:
        return not reads and not writes
    return (
        reads.keys() == set(expected["reads"])
        and writes.keys() == set(expected["writes"])
        and set(consumes) == set(expected["consumes"])
    )
