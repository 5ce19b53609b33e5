"""What CPython 3.13 itself says about the names of a cell.

Reads JSON lines {"code": …}. Prints for each {"defs", "refs", "declared", "nested", "deleted"}, or {"error"} if it does not compile.

- defs: names that the cell stores at its top level, or in a function that declares them global. declared: `x: int` and no more.
- refs: names that it loads from the globals, except those it has stored itself by then. "By then" is the order of the statements in
  the text, and of the bytecode within a statement (the bytecode of a whole cell has the handlers of exceptions at its end).
- nested: globals that functions, lambdas and generator expressions load.

The bytecode knows all this but for what the compiler leaves out: annotations of variables in functions and code that is never
reached. That comes from `symtable`.
"""

import ast
import dis
import json
import symtable
import sys
import types

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


AT_THE_END = ((float("inf"), 0),)


class Cell:
    def __init__(self, code):
        self.statements = []
        self.handlers = []
        tree = ast.parse(code)
        self.collect(tree, in_class=False)
        self.has_docstring = ast.get_docstring(tree, clean=False) is not None
        self.class_names = set()
        self.seen = set()
        self.loop_names = {name.id for loop in ast.walk(tree) if isinstance(loop, ast.comprehension) for name in names_in(loop.target)}
        self.stored = {}
        self.loaded = {}
        self.nested = set()
        self.global_stores = set()
        self.deleted = set()
        self.private = set()
        self.walk(compile(code, "cell", "exec", dont_inherit=True), (), deferred=False, is_class=False)
        self.unseen_loads = set()
        self.unseen_stores = set()
        self.declared = set()
        self.consult(symtable.symtable(code, "cell", "exec"), is_module=True)

    def answer(self):
        unreached = self.unseen_stores - self.private - self.deleted
        refs = {name for name, at in self.loaded.items() if name not in unreached and at < self.stored.get(name, AT_THE_END)}
        seen = self.seen | set(self.loaded) | self.nested | self.private
        unseen = {name for name in self.unseen_loads - seen}
        defs = set(self.stored) | self.global_stores | {name for name in self.unseen_stores if name not in self.private | self.deleted}
        refs |= {name for name in self.nested | unseen if name not in self.stored and name not in unreached}
        return {
            "defs": sorted(defs - IMPLICIT),
            "refs": sorted(refs - IMPLICIT),
            "declared": sorted(self.declared),
            "nested": sorted(self.nested | unseen),
            "deleted": sorted(self.deleted),
        }

    def collect(self, node, in_class):
        """Statements, handlers and cases that run at once, with their spans."""
        for child in ast.iter_child_nodes(node):
            if isinstance(child, (ast.stmt, ast.ExceptHandler)):
                decorators = getattr(child, "decorator_list", [])
                start = (min(d.lineno for d in decorators), 0) if decorators else (child.lineno, child.col_offset)
                self.statements.append((start, (child.end_lineno, child.end_col_offset), child))
                if isinstance(child, ast.ExceptHandler) and child.name and not in_class:
                    self.handlers.append(self.statements[-1])
            elif isinstance(child, ast.match_case):
                last = child.body[-1]
                start = (child.pattern.lineno, child.pattern.col_offset)
                self.statements.append((start, (last.end_lineno, last.end_col_offset), child))
            if not isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef, ast.expr)):
                self.collect(child, in_class or isinstance(child, ast.ClassDef))

    def place(self, position):
        """Start and node of the innermost statement around a position."""
        best = ((0, 0), None)
        for start, end, node in self.statements:
            if start >= best[0] and contains(start, end, position):
                best = (start, node)
        return best

    def is_handler_name(self, name, position):
        return any(node.name == name and contains(start, end, position) for start, end, node in self.handlers)

    def walk(self, code, outer, deferred, is_class):
        own = {}
        for at, step, node in self.steps(code, outer, deferred and not is_class):
            name = step.argval
            if isinstance(name, types.CodeType):
                inner_class = not name.co_flags & CO_OPTIMIZED
                self.walk(name, at, deferred or not runs_at_once(name), inner_class)
            elif step.opname in STORES:
                if is_class and step.opname == "STORE_NAME":
                    own.setdefault(name, at)
                    self.class_names.add(name)
                elif deferred:
                    self.global_stores.add(name)
                elif isinstance(node, ast.ExceptHandler) and node.name == name and not is_class:
                    self.private.add(name)
                elif name not in self.stored or at < self.stored[name]:
                    self.stored[name] = at
            else:
                self.load(name, at, step, node, own, deferred, is_class)

    def load(self, name, at, step, node, own, deferred, is_class):
        is_delete = step.opname in DELETES
        if is_class and (name in own or step.opname == "DELETE_NAME"):
            return
        if self.is_handler_name(name, step.positions):
            return
        if is_delete:
            self.deleted.add(name)
        if deferred:
            self.nested.add(name)
        elif name not in self.loaded or at < self.loaded[name]:
            self.loaded[name] = at

    def steps(self, code, outer, in_any_order):
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
            if step.opname in STORES and follower.opname in DELETES and step.argval == follower.argval:
                if offset > 0 and instructions[offset - 1].argval is None:
                    continue  # The end of `except … as name`.
            if step.argval == "__doc__" and step.opname in STORES and offset < 4 and self.has_docstring and code.co_name == "<module>":
                continue
            if step.opname == "LOAD_FROM_DICT_OR_GLOBALS" and step.argval in self.class_names:
                self.seen.add(step.argval)
                continue  # An annotation or bound in a class that binds the name.
            start, node = ((0, 0), None) if in_any_order else self.place(position)
            found.append((outer + (start, offset), step, node))
        return sorted(found, key=lambda item: item[0])

    def consult(self, table, is_module=False):
        # `is_global` takes any function called "top" for a module; `super` adds a read of `__class__`.
        symbols = table.get_symbols() if is_module or table.get_name() != "top" else []
        for symbol in symbols:
            name = symbol.get_name()
            if name.startswith(".") or name == "__class__":
                continue
            if is_module:
                if symbol.is_annotated() and not symbol.is_assigned():
                    self.declared.add(name)
                # The symbol table of a module has the variables of its comprehensions, too.
                if (symbol.is_assigned() or symbol.is_imported()) and name not in self.stored and name not in self.loop_names:
                    self.unseen_stores.add(name)
                if symbol.is_referenced() and not symbol.is_assigned() and not symbol.is_imported():
                    self.unseen_loads.add(name)
            elif symbol.is_global():
                if symbol.is_referenced():
                    self.unseen_loads.add(name)
                if symbol.is_declared_global() and symbol.is_assigned() and name not in self.deleted:
                    self.unseen_stores.add(name)
        for child in table.get_children():
            self.consult(child)


def names_in(target):
    return (node for node in ast.walk(target) if isinstance(node, ast.Name))


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
