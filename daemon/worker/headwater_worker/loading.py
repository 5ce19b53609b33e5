"""Modules of which we do something when the program loads them. They are not loaded before."""
import contextlib
import importlib.machinery
import sys


class Loading:
    def __init__(self):
        self._actions = {}
        self._around = {}

    def install(self):
        sys.meta_path.insert(0, self)

    def then(self, name, action):
        """Calls with the module as soon as it is there."""
        if name in sys.modules:
            action(sys.modules[name])
        else:
            self._actions.setdefault(name, []).append(action)

    def around(self, name, context):
        """Makes and enters the context while the module is loaded."""
        self._around[name] = context

    def find_spec(self, name, path=None, target=None):
        actions, around = self._actions.get(name, ()), self._around.get(name)
        if not actions and around is None:
            return None
        spec = importlib.machinery.PathFinder.find_spec(name, path, target)
        if spec is not None and spec.loader is not None:
            spec.loader = _ToldLoader(spec.loader, actions, around or contextlib.nullcontext)
        return spec


class _ToldLoader:
    def __init__(self, loader, actions, around):
        self._loader = loader
        self._actions = actions
        self._around = around

    def __getattr__(self, name):
        return getattr(self._loader, name)

    def create_module(self, spec):
        return self._loader.create_module(spec)

    def exec_module(self, module):
        with self._around():
            self._loader.exec_module(module)
        for action in self._actions:
            action(module)
