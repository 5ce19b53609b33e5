"""Modules of the notebook's own project: which of them a step uses, what they were made of, and a new start for those whose file changed.

A module that has changed is forgotten together with the modules of the project that import it, before a step that uses it
runs: its own import statements then load them as in a fresh process. No other step is affected.
"""
import ast
import importlib
import importlib.machinery
import os
import sys

from . import regular_file, standard
from .libraries import PACKAGES, is_library
from .project import signature_of

# Of one step. What goes beyond is neither reported nor looked at.
FILES_MAX = 500


class LocalModules:
    def __init__(self, project):
        self._project = project
        self._files = {}
        self._real_paths = {}
        self._loaded = {}
        self._names = ()
        self._is_on = True
        # What `sys.path` was when a module was last found to be the one that it leads to.
        self._found_on = {}

    def install(self):
        loader = importlib.machinery.SourceFileLoader
        get_code = loader.get_code

        def get_code_and_note(self_, fullname):
            # Most that is imported: a thousand modules of a library are not to be looked up by their links.
            if is_library(self_.path):
                return get_code(self_, fullname)
            file = self._real_path(self_.path)
            before = self._files.get(file)
            now = self._note(file) if self._is_local(file) else None
            self._found_on[fullname] = tuple(sys.path)
            # Python tells an old .pyc by the second and the size of its source; within one second they may be the same.
            if now is None or before is None or before.mark == now.mark:
                return get_code(self_, fullname)
            return self_.source_to_code(now.data, self_.path)

        loader.get_code = get_code_and_note

    def begin(self, evaluation):
        """Before the code of a step: what it imports is to be what the files say now."""
        code = evaluation["code"]
        self._is_on = evaluation.get("reloadsModules", True)
        self._loaded = {}
        self._names = _imported(code, "") if self._is_on and "import" in code else ()
        if not self._names:
            return
        reached = self._reach(self._names)
        changed = {name for name, file in reached.items() if self._files[file].has_changed() or self._is_elsewhere(name, file)}
        if changed:
            self._forget(changed)
            importlib.invalidate_caches()

    def used(self):
        """Files of the project that the step's imports lead to, and a mark of what was loaded from each."""
        if not self._names and not self._loaded:
            return []
        files = {**self._loaded, **dict.fromkeys(self._reach(self._names).values())} if self._is_on else {}
        self._loaded, self._names = {}, ()
        return [[file, self._files[file].mark] for file in list(files)[:FILES_MAX]]

    def is_file(self, path):
        """Whether a module of the project was loaded from it."""
        return path.endswith(".py") and self._real_path(path) in self._files

    def loaded(self):
        """The project's modules that are loaded."""
        return [name for name in list(sys.modules) if self._file_of(name) is not None]

    def _is_elsewhere(self, name, file):
        """Whether another file is found first, now that `sys.path` is another."""
        path = tuple(sys.path)
        if "." in name or self._found_on.get(name) == path:
            return False
        spec = importlib.machinery.PathFinder.find_spec(name, sys.path)
        if spec is None or not spec.has_location or self._real_path(spec.origin) == file:
            self._found_on[name] = path
            return False
        return True

    def _note(self, file):
        try:
            content = self._files[file] = _Content(file)
        except OSError:
            return None
        self._loaded[file] = None
        return content

    def _reach(self, names):
        """The project's modules that these names lead to, with the file of each."""
        found, waiting = {}, list(names)
        while waiting and len(found) < FILES_MAX:
            name = waiting.pop()
            file = self._file_of(name)
            if file is not None and name not in found:
                found[name] = file
                waiting.extend(self._imports_of(name, file))
        return found

    def _imports_of(self, name, file):
        module = sys.modules[name]
        package = name if hasattr(module, "__path__") else name.rpartition(".")[0]
        return self._files[file].imports(package)

    def _file_of(self, name):
        path = getattr(sys.modules.get(name), "__file__", None)
        if name == "__main__" or not isinstance(path, str):
            return None
        file = self._real_path(path)
        return file if file in self._files else None

    def _forget(self, changed):
        importers = {}
        for name in list(sys.modules):
            file = self._file_of(name)
            if file is None:
                continue
            # A module needs the packages that it stands in.
            for other in (*self._imports_of(name, file), *_parents(name)):
                importers.setdefault(other, set()).add(name)
        gone, waiting = set(), list(changed)
        while waiting:
            name = waiting.pop()
            if name not in gone:
                gone.add(name)
                waiting.extend(importers.get(name, ()))
        for name in gone:
            module = sys.modules.pop(name, None)
            package, _, last = name.rpartition(".")
            holder = getattr(sys.modules.get(package), "__dict__", {})
            if holder.get(last) is module:
                del holder[last]

    def _is_local(self, file):
        return file.startswith(self._project.root) and not file.startswith(self._project.libraries) and PACKAGES not in file

    def _real_path(self, path):
        known = self._real_paths.get(path)
        if known is None:
            known = self._real_paths[path] = os.path.realpath(path)
        return known


class _Content:
    """What a file held when a module was loaded from it."""

    def __init__(self, file):
        self._file = file
        self._signature = signature_of(file)
        self.data = regular_file.read(file)
        self.mark = _mark(self.data)
        self._tree = None

    def has_changed(self):
        try:
            signature = signature_of(self._file)
            if signature == self._signature:
                return False
            if _mark(regular_file.read(self._file)) != self.mark:
                return True
        except OSError:
            return True
        self._signature = signature
        return False

    def imports(self, package):
        if self._tree is None:
            self._tree = _import_statements(self.data)
        return _names_of(self._tree, package)


def _mark(data):
    return standard.load("hashlib").sha256(data).hexdigest()


def _imported(code, package):
    return _names_of(_import_statements(code), package)


def _import_statements(source):
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError):
        return ()
    return tuple(node for node in ast.walk(tree) if isinstance(node, (ast.Import, ast.ImportFrom)))


def _names_of(statements, package):
    """Every module that the statements may name: `from a import b` names a and, where there is such a module, a.b."""
    names = set()
    for node in statements:
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
            continue
        base = node.module or ""
        if node.level:
            outer = package.split(".")[: len(package.split(".")) - node.level + 1]
            base = ".".join([*outer, *([base] if base else [])])
        names.add(base)
        names.update(f"{base}.{alias.name}" for alias in node.names)
    return names | {parent for name in names for parent in _parents(name)}


def _parents(name):
    parts = name.split(".")
    return [".".join(parts[:count]) for count in range(1, len(parts))]
