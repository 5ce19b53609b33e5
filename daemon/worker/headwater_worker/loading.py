"""Modules of the standard library that need a change from us: it is made when the program loads them, and they are not loaded before."""
import importlib.machinery
import sys


class Loading:
    def __init__(self):
        self._actions = {}

    def install(self):
        sys.meta_path.insert(0, self)

    def then(self, name, action):
        """Calls with the module as soon as it is there."""
        if name in sys.modules:
            action(sys.modules[name])
        else:
            self._actions[name] = action

    def find_spec(self, name, path=None, target=None):
        action = self._actions.get(name)
        if action is None:
            return None
        spec = importlib.machinery.PathFinder.find_spec(name, path, target)
        if spec is not None and spec.loader is not None:
            spec.loader = _ToldLoader(spec.loader, action)
        return spec


class _ToldLoader:
    def __init__(self, loader, action):
        self._loader = loader
        self._action = action

    def __getattr__(self, name):
        return getattr(self._loader, name)

    def create_module(self, spec):
        return self._loader.create_module(spec)

    def exec_module(self, module):
        self._loader.exec_module(module)
        self._action(module)
