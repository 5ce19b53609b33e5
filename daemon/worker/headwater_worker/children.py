"""multiprocessing with spawn and forkserver: such a child has no notebook to load, so it gets a file of definitions.

In it are the imports, functions and classes of the cells that count at this moment, and the plain values they may read. A child
that loaded the notebook's file would run the notebook, and start children of its own.
"""
import ast
import collections
import os
import re

from . import standard

VALUE_BYTES_MAX = 64 * 1024
VALUES_BYTES_MAX = 1024 * 1024
_ITEMS_MAX = 10_000
_DEPTH_MAX = 5
_SIMPLE = (type(None), bool, int, float, complex, str, bytes)
_CONTAINERS = (tuple, list, set, frozenset, dict)
_DEFINITIONS = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)

_MAIN = '''\
import pickle
__failed = {{}}
for __name, __data in {values!r}.items():
    globals()[__name] = pickle.loads(__data)
for __file, __line, __names, __code in {definitions!r}:
    try:
        exec(compile("\\n" * __line + __code, __file, "exec", {flags}, True))
    except BaseException as __error:
        __failed.update(dict.fromkeys(__names, f"{{type(__error).__name__}}: {{__error}}"))
__file__ = {file!r}


def __getattr__(name, _private={private!r}, _failed=__failed):
    if name in _private and _private[name] in globals():
        return globals()[_private[name]]
    why = _failed.get(name, "it is not defined by a def, a class or an import at the top level of a cell")
    raise AttributeError(f"{{name}} of the notebook is not available in a process started by spawn or forkserver: {{why}}")
'''


class Children:
    def __init__(self, file, namespace, sources):
        self._file = file
        self._namespace = namespace
        self._sources = sources
        self._written = self._path = None
        self._count = 0

    def adapt(self, spawn):
        """Of `multiprocessing.spawn`."""
        prepare = getattr(spawn, "get_preparation_data", None)
        if prepare is None:
            return

        def get_preparation_data(name):
            data = prepare(name)
            data.pop("init_main_from_name", None)
            data["init_main_from_path"] = self._main_file()
            return data

        spawn.get_preparation_data = get_preparation_data

    def _main_file(self):
        from multiprocessing import util

        text = self._main_text()
        if text != self._written:
            # Another path for another text: a child that is still starting reads the path that it was given.
            self._count += 1
            path = os.path.join(util.get_temp_dir(), f"notebook-{os.getpid()}-{self._count}.py")
            with open(path, "w", encoding="utf-8", errors="surrogatepass") as file:
                file.write(text)
            self._written, self._path = text, path
        return self._path

    def _main_text(self):
        steps = self._namespace.steps_in_force() | {self._sources.newest}
        definitions, private = [], {}
        for step in sorted(steps):
            text = self._sources.text_of(step)
            if text is not None:
                definitions += self._definitions(text)
                private.update(text.privates.names)
        values = _plain_values(self._namespace.globals)
        return _MAIN.format(
            values=values, definitions=definitions, private=private, file=self._file, flags=self._sources.future_flags
        )

    def _definitions(self, text):
        tree = text.privates.rename(ast.parse(text.code))
        lines = re.split("\r\n|\r|\n", text.code)
        taken = collections.Counter(line for node in tree.body for line in (_first_line(node), node.end_lineno))
        for node in filter(self._is_definition, tree.body):
            first, last = _first_line(node), node.end_lineno
            # As it is written, so that tracebacks show it, unless a name in it was renamed or it shares a line.
            shares = max(taken[first], taken[last]) > (2 if first == last else 1)
            code = ast.unparse(node) if text.privates.names or shares else "\n".join(lines[first - 1 : last])
            # A mark that tells one step from another names no file that the child could quote from.
            file = self._file if text.file.startswith(self._file) else text.file
            yield file, text.offset + first - 1, _names_of(node), code

    def _is_definition(self, node):
        if isinstance(node, _DEFINITIONS):
            return True
        if not isinstance(node, ast.Assign) or len(node.targets) != 1 or not isinstance(node.targets[0], ast.Name):
            return False
        # `Point = namedtuple(…)`, `f = lambda …`
        value = self._namespace.globals.get(node.targets[0].id)
        return isinstance(node.value, ast.Lambda) or (isinstance(value, type) and value.__module__ == "__main__")


def _first_line(node):
    return min([node.lineno, *[decorator.lineno for decorator in getattr(node, "decorator_list", [])]])


def _names_of(node):
    if isinstance(node, (ast.Import, ast.ImportFrom)):
        return [(alias.asname or alias.name).partition(".")[0] for alias in node.names]
    return [node.targets[0].id] if isinstance(node, ast.Assign) else [node.name]


def _plain_values(names):
    pickle = standard.load("pickle")
    values, total = {}, 0
    for name, value in list(names.items()):
        if name.startswith("__") or not _is_plain(value, _DEPTH_MAX):
            continue
        data = pickle.dumps(value)
        if len(data) <= VALUE_BYTES_MAX and total + len(data) <= VALUES_BYTES_MAX:
            values[name] = data
            total += len(data)
    return values


def _is_plain(value, depth):
    kind = type(value)
    if kind in _SIMPLE:
        return kind not in (str, bytes) or len(value) <= VALUE_BYTES_MAX
    if kind not in _CONTAINERS or depth == 0 or len(value) > _ITEMS_MAX:
        return False
    items = [*value.keys(), *value.values()] if kind is dict else value
    return all(_is_plain(item, depth - 1) for item in items)
