"""What CPython 3.13 itself says about the names of a cell.

Reads JSON lines {"code": …}. Prints for each {"defs", "refs", "declared", "nested", "deferredStores", "private", "deleted", "mistaken"},
or {"error"} if it does not compile.

- defs: names that the cell stores at its top level, or in a function that declares them global. declared: `x: int` and no more.
- refs: names that it loads from the globals, except those it has stored itself by then. "By then" is the order of the statements in
  the text (but `else` of `try` comes before its handlers), and of the bytecode within a statement (the bytecode of a whole cell has the
  handlers of exceptions at its end).
- nested: globals that functions, lambdas and generator expressions load. deferredStores: globals that they store.
- private: names of `except … as name`.
- mistaken: names of type parameters where CPython 3.13 looks past them, in error: in a class that binds the name, too, or declares it global,
  or has a comprehension that binds it; and private ones in what stands before them.

The bytecode knows all this but for what the compiler leaves out: annotations of variables in functions and code that is never
reached. That comes from `symtable`.
"""

import ast
import dis
import json
import symtable
import sys
import types
import unicodedata

CO_OPTIMIZED = 1
LOADS = {"LOAD_NAME", "LOAD_GLOBAL", "LOAD_FROM_DICT_OR_GLOBALS"}
DELETES = {"DELETE_NAME", "DELETE_GLOBAL"}
STORES = {"STORE_NAME", "STORE_GLOBAL"}
# The compiler's own names.
IMPLICIT = {
    "__annotations__",
    "__static_attributes__",
    "__firstlineno__",
    "__classcell__",
    "__classdictcell__",
}


# Python sets these at the start of every class body.
GIVEN_TO_CLASSES = frozenset({"__module__", "__qualname__"})
TYPE_PARAMETERS = (ast.TypeVar, ast.ParamSpec, ast.TypeVarTuple)
# Behind the steps that make ready a module with annotations.
DOCSTRING_STEPS = 6
AT_THE_END = ((float("inf"), 0),)


class Cell:
    def __init__(self, code):
        self.statements = []
        self.handlers = []
        self.loops = []
        self.declared = set()
        tree = ast.parse(code)
        self.collect(tree, in_class=False)
        self.has_docstring = ast.get_docstring(tree, clean=False) is not None
        self.mistaken = set()
        self.loop_names = {name.id for loop in ast.walk(tree) if isinstance(loop, ast.comprehension) for name in names_in(loop.target)}
        self.type_names = {unicodedata.normalize("NFKC", node.name) for node in ast.walk(tree) if isinstance(node, TYPE_PARAMETERS)}
        self.class_globals = {name for node in ast.walk(tree) if isinstance(node, ast.ClassDef) for name in globals_in(node)}
        self.stores = {}
        self.loads = {}
        self.nested = set()
        self.global_stores = set()
        self.deleted = set()
        self.private = set()
        self.walk(compile(code, "cell", "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True), (), deferred=False, is_class=False, class_names=set(), names_now=set())
        self.stored = earliest(self.stores)
        self.loaded = earliest(self.loads)
        self.unseen_loads = set()
        self.unseen_stores = set()
        self.consult(symtable.symtable(code, "cell", "exec"), is_module=True)

    def answer(self):
        unreached = self.unseen_stores - self.private - self.deleted - self.declared - set(self.stored) - self.global_stores
        refs = {name for name, at in self.loaded.items() if name not in unreached and at < self.stored.get(name, AT_THE_END)}
        unseen = self.unseen_loads - set(self.loaded) - self.nested - self.private
        defs = set(self.stored) | self.global_stores | {name for name in self.unseen_stores if name not in self.private | self.deleted}
        refs |= {name for name in self.nested | unseen if name not in self.stored and name not in unreached}
        return {
            "defs": sorted(defs - IMPLICIT),
            "refs": sorted(refs - IMPLICIT),
            "declared": sorted(self.declared),
            "nested": sorted(self.nested | unseen),
            "deferredStores": sorted(self.global_stores),
            "private": sorted(self.private),
            "deleted": sorted(self.deleted),
            "mistaken": sorted(self.mistaken | {name for name in refs if self.is_private_type(name)}),
        }

    def collect(self, node, in_class):
        """Statements, handlers and cases that run at once, with their spans."""
        for child in in_order(node):
            order = len(self.statements)
            if isinstance(child, (ast.stmt, ast.ExceptHandler)):
                decorators = getattr(child, "decorator_list", [])
                start = (min(d.lineno for d in decorators), 0) if decorators else (child.lineno, child.col_offset)
                self.statements.append((start, (child.end_lineno, child.end_col_offset), child, order))
                if isinstance(child, (ast.For, ast.AsyncFor, ast.While)):
                    self.loops.append(child)
                if isinstance(child, ast.AnnAssign) and child.simple and not child.value and not in_class:
                    name = unicodedata.normalize("NFKC", child.target.id)
                    if not self.is_handler_name(name, child):
                        self.declared.add(name)
                if isinstance(child, ast.ExceptHandler) and child.name and not in_class:
                    self.handlers.append(child)
            elif isinstance(child, ast.match_case):
                last = child.body[-1]
                start = (child.pattern.lineno, child.pattern.col_offset)
                self.statements.append((start, (last.end_lineno, last.end_col_offset), child, order))
            if not isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef, ast.expr)):
                self.collect(child, in_class or isinstance(child, ast.ClassDef))

    def place(self, position):
        """Order and node of the innermost statement around a position."""
        best = ((0, 0), None, None, -1)
        for statement in self.statements:
            if statement[0] >= best[0] and contains(statement[0], statement[1], position):
                best = statement
        return best[3], best[2]

    def is_handler_name(self, name, position):
        """Between the type of the handler, which is evaluated before there is a name, and its end."""
        return any(
            node.name == name and contains((node.type.end_lineno, node.type.end_col_offset), (node.end_lineno, node.end_col_offset), position)
            or node.name == name and begins(node, position)
            for node in self.handlers
        )

    def walk(self, code, outer, deferred, is_class, class_names, names_now):
        own = {}
        if is_class:
            own = dict.fromkeys(GIVEN_TO_CLASSES, outer)
            class_names = {step.argval for step in dis.get_instructions(code) if step.opname == "STORE_NAME"}
        steps = self.steps(code, outer, deferred and not is_class, class_names if deferred else names_now)
        for at, step, node in self.uncovered(code, steps) if is_class else ():
            self.load(step.argval, at, step, node, {}, deferred, is_class)
        for at, step, node in steps:
            name = step.argval
            if isinstance(name, types.CodeType):
                inner_class = not name.co_flags & CO_OPTIMIZED
                self.walk(name, at, deferred or not runs_at_once(name), inner_class, class_names, set(own) if is_class else names_now)
            elif step.opname in STORES:
                if is_class and step.opname == "STORE_NAME":
                    own.setdefault(name, at)
                elif self.is_handler_name(name, step.positions) and not is_class and (not deferred or code.co_name == "<genexpr>"):
                    self.private.add(name)
                elif deferred:
                    self.global_stores.add(name)
                else:
                    self.stores[name, step.positions] = at
            else:
                self.load(name, at, step, node, own, deferred, is_class)

    def uncovered(self, code, steps):
        """Reads in the loops of a class body that find no variable in a later turn, since an earlier one has deleted it."""
        for loop in self.loops:
            first = loop if isinstance(loop, ast.While) else loop.target
            start, end = (first.lineno, first.col_offset), (loop.body[-1].end_lineno, loop.body[-1].end_col_offset)
            turn = [found for found in steps if loop.lineno > code.co_firstlineno and contains(start, end, found[1].positions)]
            if not turn:
                continue
            own = set()
            for at, step, _ in steps[: steps.index(turn[-1]) + 1]:
                step_on(own, step)
            for found in turn:
                if found[1].opname == "LOAD_NAME" and found[1].argval not in own and any(deletes(step, found[1].argval) for _, step, _ in turn):
                    yield found
                step_on(own, found[1])

    def load(self, name, at, step, node, own, deferred, is_class):
        is_delete = step.opname in DELETES
        # A comprehension in a class body, which does not see the class, has LOAD_GLOBAL there.
        if is_class and (name in own and step.opname != "LOAD_GLOBAL" or step.opname == "DELETE_NAME"):
            if is_delete:
                own.pop(name, None)
            return
        if self.is_handler_name(name, step.positions):
            return
        if is_delete:
            self.deleted.add(name)
        if deferred:
            self.nested.add(name)
        else:
            self.loads[name, step.positions] = at

    def steps(self, code, outer, in_any_order, class_names):
        found = []
        instructions = list(dis.get_instructions(code))
        for offset, step in enumerate(instructions):
            is_name = step.opname in LOADS or step.opname in STORES or step.opname in DELETES
            if not is_name and not isinstance(step.argval, types.CodeType):
                continue
            position = step.positions
            if position is None or position.lineno is None or position.col_offset is None:
                continue
            follower = instructions[offset + 1] if offset + 1 < len(instructions) else step
            if step.argval == "__name__" and follower.argval == "__module__":
                continue
            if offset > 0 and (is_cleanup(step, follower) or is_cleanup(instructions[offset - 1], step)):
                continue
            if step.argval == "__doc__" and step.opname in STORES and offset < DOCSTRING_STEPS and self.has_docstring and code.co_name == "<module>":
                continue
            if step.opname == "LOAD_FROM_DICT_OR_GLOBALS" and step.argval in class_names:
                continue  # An annotation or bound in a class that binds the name.
            if self.is_mistaken(step):
                self.mistaken.add(step.argval)
            order, node = (0, None) if in_any_order else self.place(position)
            moment = offset
            if isinstance(node, ast.ClassDef) and isinstance(step.argval, types.CodeType) and not step.argval.co_flags & CO_OPTIMIZED:
                moment = class_body_moment(instructions, offset)
            found.append((outer + ((order, moment),), step, node))
        return sorted(found, key=lambda item: item[0])

    def is_mistaken(self, step):
        if step.opname == "LOAD_FROM_DICT_OR_GLOBALS":
            return step.argval in self.loop_names | self.type_names
        return step.opname == "LOAD_GLOBAL" and step.argval in self.type_names & self.class_globals

    def is_private_type(self, name):
        return any(private.startswith("__") and name.endswith(private) for private in self.type_names)

    def consult(self, table, is_module=False, class_names=frozenset()):
        # `is_global` takes any function called "top" for a module; `super` adds a read of `__class__`.
        symbols = table.get_symbols() if is_module or table.get_name() != "top" else []
        if table.get_type() in ("function", "module", "class"):
            class_names = GIVEN_TO_CLASSES if table.get_type() == "class" else frozenset()
        for symbol in symbols:
            name = symbol.get_name()
            if name.startswith(".") or name == "__class__":
                continue
            if is_module:
                # The symbol table of a module has the variables of its comprehensions, too.
                if (symbol.is_assigned() or symbol.is_imported()) and name not in self.stored and name not in self.loop_names:
                    self.unseen_stores.add(name)
                if symbol.is_referenced() and not symbol.is_assigned() and not symbol.is_imported():
                    self.unseen_loads.add(name)
            elif symbol.is_global():
                if symbol.is_referenced() and name not in class_names:
                    self.unseen_loads.add(name)
                if symbol.is_declared_global() and symbol.is_assigned() and name not in self.deleted:
                    self.unseen_stores.add(name)
        if table.get_type() == "class":
            class_names = {symbol.get_name() for symbol in symbols if symbol.is_assigned() or symbol.is_imported()}
        for child in table.get_children():
            self.consult(child, class_names=class_names)


def class_body_moment(instructions, offset):
    """A class body runs after the bases that the bytecode loads behind it, and before the class gets its name."""
    start = instructions[offset]
    stores = (i for i in range(offset, len(instructions)) if names_class(instructions[i], start))
    return next(stores, float("inf")) - 0.5


def names_class(store, start):
    """A private name has that of its class in front. The compiler's own variables, such as `.generic_base`, begin with a dot."""
    is_same = store.positions == start.positions and isinstance(store.argval, str) and not store.argval.startswith(".")
    return store.opname.startswith("STORE_") and is_same and store.argval.endswith(start.argval.co_name)


def earliest(found):
    """The compiler repeats some code, so what stands at one place counts once: the last of its copies."""
    first = {}
    for (name, _), at in found.items():
        first[name] = min(at, first.get(name, AT_THE_END))
    return first


def in_order(node):
    """Either a handler runs or the `else`, which follows the body; so it comes before the handlers here."""
    if isinstance(node, (ast.Try, ast.TryStar)):
        return [*node.body, *node.orelse, *node.handlers, *node.finalbody]
    return ast.iter_child_nodes(node)


def begins(node, position):
    return (node.lineno, node.col_offset) == (position.lineno, position.col_offset)


def is_cleanup(store, delete):
    """The end of `except … as name`: the name gets None and is deleted, at one place of the text."""
    return store.opname in STORES and delete.opname in DELETES and store.argval == delete.argval and store.positions == delete.positions


def globals_in(body):
    return {name for statement in ast.walk(body) if isinstance(statement, ast.Global) for name in statement.names}


def names_in(target):
    return (node for node in ast.walk(target) if isinstance(node, ast.Name))


def step_on(names, step):
    if step.opname == "STORE_NAME":
        names.add(step.argval)
    elif step.opname == "DELETE_NAME":
        names.discard(step.argval)


def deletes(step, name):
    return step.opname == "DELETE_NAME" and step.argval == name


def contains(start, end, position):
    return start <= (position.lineno, position.col_offset) and (position.end_lineno, position.end_col_offset) <= end


def runs_at_once(code):
    """Class bodies, comprehensions, and the hidden functions around type parameters; not functions, lambdas, generators, aliases."""
    name = code.co_name
    return not code.co_flags & CO_OPTIMIZED or name.startswith("<generic parameters of ") or name in ("<listcomp>", "<setcomp>", "<dictcomp>")


def main():
    for line in sys.stdin:
        try:
            print(json.dumps(Cell(json.loads(line)["code"]).answer()))
        except (SyntaxError, ValueError, RecursionError) as error:
            print(json.dumps({"error": str(error)}))


main()
