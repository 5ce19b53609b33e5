"""What the standard library stands on while it works for the worker.

The worker's own code has builtins of its own (`own_imports.py`). The standard library goes by those of the program. So what the
program has replaced is put aside while none of its code runs.
"""
import builtins
import operator
import sys

# Looked at after each step. Where one of them is another, all that is another is put aside.
_OFTEN_CALLED = (
    "__import__", "all", "any", "dict", "enumerate", "getattr", "hasattr", "id", "int", "isinstance", "issubclass", "iter", "len", "list",
    "map", "max", "min", "next", "range", "repr", "set", "sorted", "str", "sum", "super", "tuple", "type", "zip",
)  # fmt: skip
_OF_SYS = ("meta_path", "modules", "path_hooks")
_MISSING = object()


class Footing:
    """What the standard library stands on while it works for the worker."""

    def __init__(self):
        self._parts = (
            _Part(vars(builtins), dict(vars(builtins)), _OFTEN_CALLED),
            _Part(vars(sys), {name: getattr(sys, name) for name in _OF_SYS}, _OF_SYS),
        )

    def stand(self):
        """After code of the program."""
        for part in self._parts:
            part.stand()

    def give_back(self):
        """Before code of the program."""
        for part in self._parts:
            if part.aside:
                part.give_back()


class _Part:
    def __init__(self, held, true, looked_at):
        self._held = held
        self._true = true
        self._look = operator.itemgetter(*looked_at)
        self._looked = self._look(true)
        self.aside = {}

    def stand(self):
        if not self._is_true():
            held = self._held
            self.aside = {name: held.get(name, _MISSING) for name, true in self._true.items() if held.get(name, _MISSING) is not true}
            held.update(self._true)

    def give_back(self):
        for name, value in self.aside.items():
            if value is _MISSING:
                del self._held[name]
            else:
                self._held[name] = value
        self.aside = {}

    def _is_true(self):
        try:
            return all(map(operator.is_, self._look(self._held), self._looked))
        except KeyError:
            return False
