"""Builtins and modules of the standard library for the worker alone: it goes on where a program replaces what Python gives.

After `builtins.len = None` or `os.getpid = None` the worker's own code still sees what was there. What it replaces for the program it
takes from `sys.modules`. See also `footing.py`.
"""
import builtins
import importlib.machinery
import types

_PACKAGE = __package__
_COPIED = frozenset((
    "_signal", "_thread", "collections", "functools", "gc", "itertools", "json", "linecache", "operator", "os", "re", "select", "signal", "stat",
    "struct", "threading", "time", "types", "weakref",
))  # fmt: skip


class OwnImports:
    """Finds the modules of the worker, which are given builtins of their own."""

    def __init__(self):
        self._copies = {}
        self._builtins = dict(vars(builtins), __import__=self._import)

    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] != _PACKAGE:
            return None
        spec = importlib.machinery.PathFinder.find_spec(name, path, target)
        if spec is not None:
            spec.loader = _Loader(spec.loader.name, spec.loader.path, self._builtins)
        return spec

    def _import(self, name, names=None, places=None, wanted=(), level=0):
        module = __import__(name, names, places, wanted, level)
        if level or name not in _COPIED:
            return module
        if name not in self._copies:
            copy = self._copies[name] = types.ModuleType(name)
            vars(copy).update(vars(module))
        return self._copies[name]


class _Loader(importlib.machinery.SourceFileLoader):
    def __init__(self, name, path, own_builtins):
        super().__init__(name, path)
        self._builtins = own_builtins

    def exec_module(self, module):
        module.__builtins__ = self._builtins
        super().exec_module(module)
