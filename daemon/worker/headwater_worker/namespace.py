"""The one dictionary of the notebook's names, and the values that steps gave them."""
import builtins
import sys
import types


class MissingValue(Exception):
    """A step was to be given a value that is not kept here."""

    __module__ = "headwater"


class Namespace:
    def __init__(self, file):
        module = types.ModuleType("__main__")
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
            self._values.pop(step, None)

    def remember(self):
        """Notes what is bound, to see afterwards what a step did."""
        # Each step warns anew, as a fresh run would.
        self.globals.pop("__warningregistry__", None)
        self._before = dict(self.globals)

    def keep(self, step, writes, is_private):
        """After a step that ended well: keeps the values of the names it wrote."""
        written = [name for name in writes if name in self.globals]
        found = self._unannounced(writes, is_private)
        self._restore_unannounced_deletions(writes)
        self._values[step] = {name: self.globals[name] for name in (*written, *found)}
        return self._report(written, writes, found)

    def discard(self, writes, is_private):
        """After a step that failed: none of its bindings count."""
        for name in self._unannounced(writes, lambda name: False):
            if name in self._before and not is_private(name):
                self.globals[name] = self._before[name]
            else:
                del self.globals[name]
        self._restore_unannounced_deletions(writes)
        for name in writes:
            self.globals.pop(name, None)
        return self._report([], writes, [])

    def _report(self, written, writes, found):
        deleted = [name for name in writes if name in self._before and name not in self.globals]
        self._before = {}
        return {"written": written, "deleted": deleted, "found": found}

    def _unannounced(self, writes, is_private):
        announced, before = set(writes), self._before
        missing = object()
        return [
            name
            for name, value in self.globals.items()
            if before.get(name, missing) is not value
            and name not in announced
            and isinstance(name, str)
            and not (name.startswith("__") and name.endswith("__"))
            and not is_private(name)
        ]

    def _restore_unannounced_deletions(self, writes):
        # The daemon was not told of them, so it goes on giving these names to others.
        for name in self._before.keys() - self.globals.keys() - set(writes):
            self.globals[name] = self._before[name]
