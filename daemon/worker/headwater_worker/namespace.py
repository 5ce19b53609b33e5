"""The one dictionary of the notebook's names, and the values that steps gave them."""
import builtins
import operator
import sys
import types

from .sameness import is_same

_MISSING = object()


class MissingValue(Exception):
    """A step was to be given a value that is not kept here."""

    __module__ = "headwater"


class Namespace:
    def __init__(self, file, is_script=False):
        self._file = file
        self._is_script = is_script
        self._privates = {}
        self.open()
        self._values = {}
        # Which step gave what is bound, and what else is kept: by step and name.
        self._step_of = {}
        self._aside = {}
        # What is bound as far as the daemon knows: what a step did is how the globals differ from it.
        self._known = {}
        self._earlier = {}

    def open(self):
        """Makes the module that the program is."""
        module = _main_module(self._privates)
        module.__file__ = self._file
        module.__builtins__ = builtins
        sys.modules["__main__"] = module
        self.globals = module.__dict__

    def prepare(self, evaluation):
        """Makes the globals hold what the step is to see. Exceptions leave nothing half-done that a next step would miss."""
        if not self._is_script:
            # Each step warns again: another one may have warned before it was edited. What runs once warns as Python does.
            self._unbind("__warningregistry__")
        for name in evaluation["unbind"]:
            self._unbind(name)
        for name, step in evaluation["bind"]:
            kept = self._values.get(step, {})
            if name not in kept:
                raise MissingValue(f"the value that step {step} gave to {name!r} is no longer kept; restart the kernel")
            self.globals[name] = self._known[name] = kept[name]
            self._mark_bound(name, step)
        self._earlier = {}
        for is_kept, compared in ((is_same, evaluation["compare"]), (operator.is_, evaluation["compareObjects"])):
            for name, step in compared:
                if name in self._values.get(step, {}):
                    self._earlier[name] = (step, self._values[step][name], is_kept)
        for step in evaluation["forget"]:
            self._forget(step)

    def watched_by(self, evaluation):
        """The names whose objects are watched, and these objects. Values that are not bound go by their labels."""
        hidden = {
            label: self._values[step][name]
            for label, name, step in evaluation.get("hidden", ())
            if name in self._values.get(step, {})
        }
        names, changing = evaluation["watched"], evaluation.get("changing", ())
        return ([*names, *hidden], changing, {**self.globals, **hidden}) if hidden else (names, changing, self.globals)

    def bound_throughout(self):
        """What was bound before the step and is so still: names and values."""
        if self._is_as_known():
            return self._known.items()
        now = self.globals
        return [(name, value) for name, value in self._known.items() if now.get(name, _MISSING) is value]

    def kept_aside(self):
        """What is kept and not bound now: name, number of the step that gave it, value."""
        return [(name, step, self._values[step][name]) for step, name in self._aside if name in self._values.get(step, ())]

    def release(self):
        """At the end of the program: nothing here holds its objects any more. Functions that still run keep their globals whole."""
        self._values, self._known, self._earlier = {}, {}, {}
        self._step_of, self._aside = {}, {}
        self.globals = {}
        main = sys.modules.get("__main__")
        # `multiprocessing` gives the module another name.
        for name in [name for name, module in sys.modules.items() if module is main]:
            del sys.modules[name]

    def values_of(self, step):
        """What is kept of the step, by name."""
        return self._values.get(step, {})

    def steps_in_force(self):
        """The steps some of whose values are bound now."""
        return {
            step
            for step, kept in self._values.items()
            if any(self.globals.get(name, _MISSING) is value for name, value in kept.items())
        }

    def step_of(self, name, value):
        """The newest step that gave this value to the name."""
        return next((step for step, kept in reversed(self._values.items()) if kept.get(name, _MISSING) is value), None)

    def add_privates(self, step, privates):
        self._privates[step] = privates

    def restore_text(self, text):
        """What a person reads has private names as they were written."""
        for privates in self._privates.values():
            text = privates.restore_text(text)
        return text

    def remember(self):
        """Notes what is bound: what threads bound while no step ran is no step's doing."""
        self._known = dict(self.globals)

    def keep(self, step, writes, changed):
        """
        After a step that ended well: keeps the values of the names it wrote, and of those whose objects it changed. Tells of its `writes`, and
        which other names it bound.
        """
        written = [name for name in writes if name in self.globals]
        deleted = [name for name in writes if name in self._known and name not in self.globals]
        untouched = [name for name in written if self._known.get(name, _MISSING) is self.globals[name]]
        same = self._keep_unchanged(written) if self._earlier else []
        for name in written:
            self._known[name] = self.globals[name]
        for name in deleted:
            del self._known[name]
        found = [] if self._is_as_known() else self._find()
        kept = [name for name in (*written, *found, *changed) if name in self.globals and name not in same]
        self._values[step] = {name: self.globals[name] for name in kept}
        for name in deleted:
            self._mark_unbound(name)
        for name in kept:
            self._mark_bound(name, step)
        return {"written": written, "deleted": deleted, "untouched": untouched, "unchanged": same}, found

    def keep_whatever(self, step, writes):
        """After a placeless step, however it ended: what it bound and deleted counts, announced or not."""
        self._earlier = {}
        gone = [name for name in self._known if name not in self.globals and isinstance(name, str) and not _is_dunder(name)]
        return self.keep(step, [*dict.fromkeys([*writes, *gone])], [])

    def _keep_unchanged(self, written):
        """What is what it was goes on under the number that it had, as the object that others hold."""
        earlier, self._earlier = self._earlier, {}
        same = [name for name in written if name in earlier and earlier[name][2](earlier[name][1], self.globals[name])]
        for name in same:
            step, value, _ = earlier[name]
            self._values.setdefault(step, {})[name] = self.globals[name] = value
            self._mark_bound(name, step)
        return same

    def discard(self, writes):
        """After a step that failed: none of its bindings count."""
        deleted = [name for name in writes if name in self._known]
        for name in self._undeclared(writes):
            if name in self._known:
                self.globals[name] = self._known[name]
            else:
                del self.globals[name]
        self._restore_deleted(writes)
        for name in writes:
            self.globals.pop(name, None)
            self._mark_unbound(name)
        self.remember()
        self._earlier = {}
        return {"written": [], "deleted": deleted, "untouched": [], "unchanged": []}

    def _is_as_known(self):
        """Every step looks at every name, so no Python code runs for each. Another order counts as a difference, too."""
        names, known = self.globals, self._known
        return len(names) == len(known) and all(map(operator.is_, names.values(), known.values())) and [*names] == [*known]

    def _find(self):
        """Names that the step bound although nothing says so."""
        found = [name for name in self._undeclared(()) if not self._is_private(name)]
        self._restore_deleted(())
        self.remember()
        return found

    def _undeclared(self, writes):
        declared = set(writes)
        return [
            name
            for name, value in self.globals.items()
            if self._known.get(name, _MISSING) is not value
            and name not in declared
            and isinstance(name, str)
            and not _is_dunder(name)
        ]

    def _restore_deleted(self, writes):
        """The daemon does not know what code deletes behind its back, so it goes on giving these names to others."""
        for name in self._known.keys() - self.globals.keys() - set(writes):
            self.globals[name] = self._known[name]

    def _unbind(self, name):
        self.globals.pop(name, None)
        self._known.pop(name, None)
        self._mark_unbound(name)

    def _mark_bound(self, name, step):
        self._mark_unbound(name)
        self._step_of[name] = step
        self._aside.pop((step, name), None)

    def _mark_unbound(self, name):
        step = self._step_of.pop(name, None)
        if step is not None:
            self._aside[step, name] = True

    def _forget(self, step):
        for name in self._values.pop(step, ()):
            self._aside.pop((step, name), None)
            if self._step_of.get(name) == step:
                del self._step_of[name]
        privates = self._privates.pop(step, None)
        if privates is not None:
            for name in filter(privates.owns, list(self.globals)):
                self._unbind(name)

    def _is_private(self, name):
        return any(privates.owns(name) for privates in self._privates.values())


def _is_dunder(name):
    return name.startswith("__") and name.endswith("__")


def _main_module(privates_of):
    """The module `__main__`. Pickle looks functions up there by the names they were written with, private ones, too."""

    class Main(types.ModuleType):
        def __getattr__(self, name):
            for privates in reversed(privates_of.values()):
                renamed = privates.renamed(name)
                if renamed in self.__dict__:
                    return self.__dict__[renamed]
            raise AttributeError(f"module '__main__' has no attribute {name!r}")

    return Main("__main__")
