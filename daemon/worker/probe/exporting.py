"""
Which names `from module import *` binds, read from the module's text. Where the text does not tell, as with an `__all__` that
is computed, nothing is said; but modules of the standard library are imported here then: they are Python's own.
"""

import ast
import contextlib
import importlib
import io
import os

from finding import KNOWN, LIBRARY
from headwater_worker import regular_file

MODULES_MAX = 100
FILE_BYTES_MAX = 2 * 1024 * 1024


class Untold(Exception):
    pass


def exports(module, places):
    try:
        try:
            certain, uncertain = Reader(places).exported(module)
        except (Untold, OSError, SyntaxError, ValueError, RecursionError):
            certain, uncertain = imported(module, places.source(module))
    except Untold:
        return None
    return {"names": sorted(certain), "uncertain": sorted(uncertain - certain)}


class Reader:
    def __init__(self, places):
        self.places = places
        self.open = set()
        self.modules = 0

    def exported(self, module):
        source = self.places.source(module)
        if source is None:
            return imported(module, None)
        self.modules += 1
        if module in self.open or self.modules > MODULES_MAX:
            raise Untold
        self.open.add(module)
        try:
            return self.exported_by(module, *source)
        finally:
            self.open.discard(module)

    def exported_by(self, module, path, is_package):
        tree = ast.parse(regular_file.read(path, FILE_BYTES_MAX))
        body = Names(self, module if is_package else module.rpartition(".")[0])
        body.read(tree.body)
        if body.all is not None:
            return set(body.all), set()
        public = {name for name in body.certain if not name.startswith("_")}
        return public, {name for name in body.uncertain if not name.startswith("_")}


# The standard library, too, has modules that do something when they are imported.
LOUD = {"antigravity", "this", "idlelib", "test", "turtledemo", "__main__"}


def imported(module, source):
    """`source` is where a Python file of that name was found."""
    first = module.partition(".")[0]
    is_library = source is None or os.path.commonpath([source[0], LIBRARY]) == LIBRARY
    if first not in KNOWN or first in LOUD or not is_library or "site-packages" in (source or [""])[0]:
        raise Untold
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            found = importlib.import_module(module)
    except Exception:
        raise Untold from None
    names = getattr(found, "__all__", None)
    return {name for name in vars(found) if not name.startswith("_")} if names is None else set(names), set()


class Names:
    """The names that statements bind, in order: surely, or where a branch is taken."""

    def __init__(self, reader, package):
        self.reader = reader
        self.package = package
        self.certain = set()
        self.uncertain = set()
        self.all = None

    def read(self, statements):
        for statement in statements:
            self.read_all(statement)
            self.read_one(statement)

    def branch(self, *blocks):
        """What each of the blocks binds is bound, what some of them bind may be."""
        read = []
        for block in blocks:
            names = Names(self.reader, self.package)
            names.read(block)
            if names.all is not None:
                raise Untold
            read.append(names)
        surely = set.intersection(*(names.certain for names in read))
        self.certain |= surely
        for names in read:
            self.uncertain |= names.certain | names.uncertain

    def read_one(self, node):
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                self.certain.add(name)
            case ast.Import(names=names):
                self.certain |= {alias.asname or alias.name.partition(".")[0] for alias in names}
            case ast.ImportFrom(names=[ast.alias(name="*")]):
                self.certain |= self.submodule(node)
                certain, uncertain = self.reader.exported(self.absolute(node))
                self.certain |= certain
                self.uncertain |= uncertain
            case ast.ImportFrom(names=names):
                self.certain |= self.submodule(node)
                self.certain |= {alias.asname or alias.name for alias in names}
            case ast.If(body=body, orelse=other):
                self.branch(body, other)
            case ast.Try(body=body, handlers=handlers, orelse=other, finalbody=last):
                self.branch(body + other, *(handler.body for handler in handlers if not leaves(handler.body)))
                self.read(last)
            case ast.With(body=body):
                self.certain |= bound(node.items)
                self.read(body)
            case ast.For() | ast.While() | ast.Match():
                self.uncertain |= bound([node])
            case ast.Delete():
                gone = {name.id for name in ast.walk(node) if isinstance(name, ast.Name)}
                self.certain -= gone
                self.uncertain -= gone
            case _:
                self.certain |= bound([node])

    def read_all(self, node):
        """`__all__` is believed where it is written out, and taken for untold where anything else is done to it."""
        match node:
            case ast.Assign(targets=[ast.Name(id="__all__")], value=value) | ast.AnnAssign(target=ast.Name(id="__all__"), value=value):
                self.all = texts(value)
            case ast.AugAssign(target=ast.Name(id="__all__"), op=ast.Add(), value=value) if self.all is not None:
                self.all = self.all + texts(value)
            case ast.Expr(ast.Call(ast.Attribute(ast.Name(id="__all__"), "extend"), [value], [])) if self.all is not None:
                self.all = self.all + texts(value)
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                if any(isinstance(part, ast.Name) and part.id in ("globals", "exec") for part in ast.walk(node)):
                    raise Untold
                self.uncertain |= {name for part in ast.walk(node) if isinstance(part, ast.Global) for name in part.names}
            case ast.If() | ast.Try() | ast.With():
                pass
            case _:
                calls = [part for part in ast.walk(node) if isinstance(part, ast.Call)]
                # Who is told the module's name may put something into it, as enumerations do.
                given = {part.id for call in calls for part in call.args if isinstance(part, ast.Name)}
                read = {part.id for part in ast.walk(node) if isinstance(part, ast.Name)}
                if "__name__" in given or read & {"__all__", "globals", "exec", "vars", "locals"}:
                    raise Untold

    def submodule(self, node):
        """Importing from a module inside a package makes that module a name of the package."""
        inside = self.absolute(node).removeprefix(f"{self.package}.")
        return set() if inside == self.absolute(node) else {inside.partition(".")[0]}

    def absolute(self, node):
        if node.level == 0:
            return node.module
        parts = self.package.split(".") if self.package else []
        if node.level - 1 >= len(parts):
            raise Untold
        base = parts[: len(parts) - (node.level - 1)]
        return ".".join(base + ([node.module] if node.module else []))


def texts(value):
    if not isinstance(value, (ast.List, ast.Tuple)):
        raise Untold
    if not all(isinstance(item, ast.Constant) and isinstance(item.value, str) for item in value.elts):
        raise Untold
    return [item.value for item in value.elts]


def bound(nodes):
    """Names that are stored to somewhere in the nodes, but for what functions, classes and comprehensions keep to themselves."""
    found = set()
    todo = list(nodes)
    while todo:
        node = todo.pop()
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            found.add(node.name)
        elif isinstance(node, (ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)):
            found |= {part.target.id for part in ast.walk(node) if isinstance(part, ast.NamedExpr)}
        elif isinstance(node, ast.alias):
            found.add(node.asname or node.name.partition(".")[0])
        else:
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                found.add(node.id)
            todo += ast.iter_child_nodes(node)
    return found


def leaves(block):
    return bool(block) and isinstance(block[-1], ast.Raise)
