"""Modules that are loaded before the program asks for them, and that are not there until it does."""
import ast
import builtins
import importlib.machinery
import sys

from . import standard
from .leading_imports import leading_imports
from .libraries import is_library
from .remains import Remains

# In the place of the module that the program is, which is made anew for it; `multiprocessing` gives it another name.
_MAIN = object()


class Preloaded:
    """Each import gives back what it and those before it had loaded, so that the program finds what a run from the top would have."""

    def __init__(self):
        self.imports = []
        # What each import loaded, until it is given back.
        self._loaded = []
        self._places = {}
        # Where modules and packages of the top level were found.
        self._origins = {}

    def module(self, name):
        """Whether hidden or not; None where it is not loaded."""
        place = self._places.get(name)
        return sys.modules.get(name) if place is None else self._loaded[place][name]

    def load(self, codes, count_max, also):
        """Performs the first imports of the program, and hides what they load. Says how many it
        did, and what is wrong with this process, if anything is."""
        # What this process itself needs.
        self._load(f"import {also}")
        self.imports = leading_imports(codes)
        remains = Remains()
        try:
            for number, statement in enumerate(self.imports[:count_max]):
                if not _names_library(statement):
                    return number, None
                problem = self._load(statement) or (remains.problem() if self._loaded[-1] else None)
                if problem is not None:
                    return number, f"{statement}: {problem}"
            return min(len(self.imports), count_max), None
        finally:
            remains.close()
            self._hide()
            sys.meta_path.insert(0, self)
            standard.use_hidden(self.module)

    def modules(self):
        """Those that are hidden."""
        return [module for loaded in self._loaded for module in loaded.values()]

    def is_found_as_then(self):
        """Whether the imports would find the same modules now."""
        return all(_found(name) == origin for name, origin in self._origins.items())

    def _load(self, statement):
        before = dict(sys.modules)
        try:
            exec(compile(statement, "<preload>", "exec"), {"__name__": "__main__", "__builtins__": builtins})
        except BaseException as failure:
            return f"it raised {type(failure).__name__}"
        if any(sys.modules.get(name) is not module for name, module in before.items()):
            return "it replaced modules"
        main = sys.modules["__main__"]
        loaded = {name: _MAIN if module is main else module for name, module in sys.modules.items() if name not in before}
        self._loaded.append(loaded)
        self._origins |= {name: _found(name) for name in loaded if "." not in name}
        outside = next((name for name, module in loaded.items() if not _is_library(getattr(module, "__spec__", None))), None)
        return None if outside is None else f"it loads {outside}, which may be edited"

    def _hide(self):
        for place, loaded in reversed([*enumerate(self._loaded)]):
            for name, module in loaded.items():
                self._places[name] = place
                # Packages that came with it are hidden as they are.
                package, _, last = name.rpartition(".")
                holder = {} if package in loaded else getattr(sys.modules.get(package), "__dict__", {})
                if holder.get(last) is module:
                    del holder[last]
            for name in loaded:
                del sys.modules[name]

    def find_spec(self, name, path=None, target=None):
        place = self._places.get(name)
        if place is None:
            return None
        return _spec_that_gives(name, self._loaded[place][name], lambda: self._give_back(place))

    def _give_back(self, place):
        for loaded in self._loaded[: place + 1]:
            for name, module in loaded.items():
                del self._places[name]
                sys.modules[name] = sys.modules["__main__"] if module is _MAIN else module
                package, _, last = name.rpartition(".")
                if package not in loaded:
                    getattr(sys.modules.get(package), "__dict__", {}).setdefault(last, module)
            loaded.clear()


def _spec_that_gives(name, module, give_back):
    """As the one that the module was loaded by, but for its loader."""
    before = getattr(module, "__spec__", None)
    loader = _Giver(before, module, give_back)
    spec = importlib.machinery.ModuleSpec(name, loader, origin=_origin(before), is_package=hasattr(module, "__path__"))
    if before is not None:
        spec.submodule_search_locations = before.submodule_search_locations
        spec.cached, spec.has_location = before.cached, before.has_location
    return spec


class _Giver:
    """Gives a module instead of loading it."""

    def __init__(self, spec, module, give_back):
        self._spec = spec
        self._module = module
        self._give_back = give_back

    def __getattr__(self, name):
        return getattr(self._spec and self._spec.loader, name)

    def create_module(self, spec):
        return self._module

    def exec_module(self, module):
        module.__spec__ = self._spec
        self._give_back()


def _names_library(statement):
    """Whether what is imported comes with Python or an installed package, and is not the program's own."""
    node = ast.parse(statement).body[0]
    names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else [node.module or ""]
    if isinstance(node, ast.ImportFrom) and node.level:
        return False
    return all(_is_library_name(name.partition(".")[0]) for name in names)


def _is_library_name(name):
    if name in sys.modules or name in sys.builtin_module_names:
        return name != "__main__"
    # Also the module that Headwater offers, which no path leads to.
    specs = (finder.find_spec(name, None) for finder in sys.meta_path if hasattr(finder, "find_spec"))
    spec = next((spec for spec in specs if spec is not None), None)
    return spec is not None and spec.origin is not None and _is_library(spec)


def _is_library(spec):
    return spec is None or not spec.has_location or is_library(spec.origin)


def _found(name):
    return _origin(importlib.machinery.PathFinder.find_spec(name))


def _origin(spec):
    return None if spec is None else spec.origin
