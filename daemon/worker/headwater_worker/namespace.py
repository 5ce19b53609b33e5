"""The one dictionary of the notebook's names, and the values that steps gave them."""
import builtins
import itertools
import operator
import sys
import types

_MISSING = object()


class MissingValue(Exception):
    """A step was to be given a value that is not kept here."""

    __module__ = "headwater"


class Namespace:
    def __init__(self, file):
        self._privates = {}
        module = _main_module(self._privates)
        module.__file__ = file
        module.__builtins__ = builtins
        sys.modules["__main__"] = module
        self.globals = module.__dict__
        self._values = {}
        self._before = {}

    def prepare(self, evaluation):
        """Makes the globals hold what the step is to see. Exceptions leave nothing half-done that a next step would miss."""
        for name in evaluation["unbind"]:
            self.globals.pop(name, None)
        for name, step in evaluation["bind"]:
            kept = self._values.get(step, {})
            if name not in kept:
                raise MissingValue(f"the value that step {step} gave to {name!r} is not kept any more; restart the kernel")
            self.globals[name] = kept[name]
        for step in evaluation["forget"]:
            self._forget(step)

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
        """Notes what is bound, to see afterwards what a step did."""
        # Each step warns anew, as a fresh run would.
        self.globals.pop("__warningregistry__", None)
        self._before = dict(self.globals)

    def keep(self, step, writes, mutated):
        """After a step that ended well: keeps the values of the names it wrote, and of those whose objects it changed."""
        changed = self._changed()
        written = [name for name in writes if name in self.globals]
        found = [name for name in _unannounced(changed, writes) if not self._is_private(name)]
        self._restore_deleted(changed, writes)
        self._values[step] = {name: self.globals[name] for name in (*written, *found, *mutated) if name in self.globals}
        return self._report(written, writes, found)

    def discard(self, writes):
        """After a step that failed: none of its bindings count."""
        changed = self._changed()
        self._restore_deleted(changed, writes)
        for name in _unannounced(changed, writes):
            if name in self._before:
                self.globals[name] = self._before[name]
            else:
                del self.globals[name]
        for name in writes:
            self.globals.pop(name, None)
        return self._report([], writes, [])

    def _forget(self, step):
        self._values.pop(step, None)
        privates = self._privates.pop(step, None)
        if privates is not None:
            for name in filter(privates.owns, list(self.globals)):
                del self.globals[name]

    def _is_private(self, name):
        return any(privates.owns(name) for privates in self._privates.values())

    def _report(self, written, writes, found):
        deleted = [name for name in writes if name in self._before and name not in self.globals]
        self._before = {}
        return {"written": written, "deleted": deleted, "found": found}

    def _changed(self):
        """Names bound since `remember`. Every step looks at every name, so no Python code runs for each."""
        before = map(self._before.get, self.globals, itertools.repeat(_MISSING))
        return list(itertools.compress(self.globals, map(operator.is_not, before, self.globals.values())))

    def _restore_deleted(self, changed, writes):
        """The daemon was not told of what code deletes behind its back, so it goes on giving these names to others."""
        added = sum(name not in self._before for name in changed)
        if len(self.globals) == len(self._before) + added:
            return
        for name in self._before.keys() - self.globals.keys() - set(writes):
            self.globals[name] = self._before[name]


def _unannounced(changed, writes):
    announced = set(writes)
    return [
        name
        for name in changed
        if name not in announced and isinstance(name, str) and not (name.startswith("__") and name.endswith("__"))
    ]


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
