"""What a fresh run gives: the cells of a notebook one after the other in one namespace, in a process of its own, which is forked for
each run from this one. The modules that the command line names are loaded beforehand: where many runs need them, each is quick.

A line of standard input is JSON with `format`, `cells` (code of each, or null for one that is not to run), `order` (of a script),
`names`, code that tells the plain values at the end, and `folder`, in which they run. The answer is a line of JSON with what each cell
printed and the error that it ended with, and `names`.

A marimo notebook's order is found here: who reads a name comes after who binds it, ties in page order.
"""

import ast
import contextlib
import decimal
import dis
import importlib
import io
import json
import os
import random
import signal
import sys
import types

SECONDS_MAX = 30
GONE = object()


def main():
    for name in sys.argv[1:]:
        importlib.import_module(name)
    # What programs write past Python is not among the answers.
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    for line in sys.stdin:
        answers.write(forked(line) + "\n")
        answers.flush()


def forked(line):
    """The answer, or an empty line where the run did not come to its end."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        signal.alarm(SECONDS_MAX)
        with os.fdopen(writer, "w") as answer:
            json.dump(answer_to(json.loads(line)), answer)
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader) as answer:
        text = answer.read()
    os.waitpid(child, 0)
    return text


def answer_to(asked):
    codes = asked["cells"]
    order = asked["order"]
    if asked["format"] == "marimo":
        codes = [code and private_to(cell, code) for cell, code in enumerate(codes)]
        order = page = marimo_order(codes)
    else:
        page = sorted(order)
    names = names_of_script(asked["folder"])
    sight = Sight(page, [facts_of(code)[0] if code is not None else set() for code in codes], names)
    cells = [None] * len(codes)
    for cell in order:
        if codes[cell] is not None:
            cells[cell] = sight.during(cell, lambda: run(codes[cell], names))
    return {"cells": cells, "names": sight.during(None, lambda: run(asked["names"], names))["printed"]}


class Sight:
    """
    The names that a cell sees: what the cells above it have bound, and where one cell alone binds a name, what that cell has, if it ran
    first. On a page whose cells run from top to bottom that is what Python leaves.
    """

    def __init__(self, page, bound, names):
        self._page = page
        self._bound = bound
        self._names = names
        self._first = dict(names)
        # By cell: what it has bound, and GONE for what it has deleted.
        self._given = {}

    def during(self, cell, act):
        names = self._names
        above = self._page if cell is None else self._page[: self._page.index(cell)]
        seen = self._first | self._from_below(above)
        for giver in above:
            seen.update(self._given.get(giver, {}))
        names.clear()
        names.update((name, value) for name, value in seen.items() if value is not GONE)
        before = dict(names)
        result = act()
        bound = self._bound[cell] if cell is not None else ()
        self._given[cell] = {name: value for name, value in names.items() if name in bound or value is not before.get(name, GONE)}
        self._given[cell].update({name: GONE for name in before if name not in names})
        return result

    def _from_below(self, above):
        return {
            name: value
            for giver, given in self._given.items()
            if giver not in above
            for name, value in given.items()
            if sum(name in bound for bound in self._bound) < 2
        }


def names_of_script(folder):
    """Those of a script in that folder, which becomes the program of this process."""
    os.chdir(folder)
    sys.path[0] = folder
    sys.argv = ["notebook.py"]
    module = types.ModuleType("__main__")
    module.__file__ = os.path.join(folder, "notebook.py")
    module.__builtins__ = __builtins__
    sys.modules["__main__"] = module
    return module.__dict__


def run(code, names):
    """What a cell binds and sets does not count where it does not come to its end."""
    printed = io.StringIO()
    before = dict(names)
    put_back = shared_state(names)
    error = None
    with contextlib.redirect_stdout(printed):
        try:
            exec(compile(code, "cell", "exec"), names)
        except (Exception, SystemExit) as raised:
            error = f"{type(raised).__name__}: {raised}"
            names.clear()
            names.update(before)
            put_back()
    return {"printed": printed.getvalue(), "error": error}


def shared_state(names):
    """A function that puts back what cells share besides names, as far as it can be put back: what was changed in place stays changed."""
    environment, folder, path = dict(os.environ), os.getcwd(), list(sys.path)
    context = decimal.getcontext().copy()
    generators = [(one.setstate, one.getstate()) for one in (random, *generators_of(names))]
    pylab = sys.modules.get("matplotlib._pylab_helpers")
    figures = pylab and pylab.Gcf.figs.copy()

    def put_back():
        for key in os.environ.keys() - environment.keys():
            del os.environ[key]
        os.environ.update(environment)
        os.chdir(folder)
        sys.path[:] = path
        decimal.setcontext(context)
        for setstate, state in generators:
            setstate(state)
        if pylab:
            pylab.Gcf.figs.clear()
            pylab.Gcf.figs.update(figures)

    return put_back


def generators_of(names):
    """Those of random numbers that names hold."""
    return [value for value in names.values() if isinstance(value, random.Random) and not isinstance(value, random.SystemRandom)]


def private_to(cell, code):
    """Names with one leading underscore belong to their cell."""
    try:
        tree = ast.parse(code)
    except SyntaxError:
        return code
    for node in ast.walk(tree):
        for field in ("id", "name"):
            name = getattr(node, field, None)
            if isinstance(name, str) and name.startswith("_") and not name.startswith("__"):
                setattr(node, field, f"__{cell}{name}")
    return ast.unparse(tree)


def marimo_order(codes):
    facts = [facts_of(code) if code is not None else (set(), set()) for code in codes]
    needs = {
        cell: {giver for giver, (bound, _) in enumerate(facts) if giver != cell and bound & read}
        for cell, (_, read) in enumerate(facts)
    }
    order = []
    while len(order) < len(codes):
        left = [cell for cell in needs if cell not in order]
        order.append(next((cell for cell in left if needs[cell] <= set(order)), left[0]))
    return order


def facts_of(code):
    """The names that a cell binds at its top level, and all globals that it mentions."""
    try:
        compiled = compile(code, "cell", "exec")
    except SyntaxError:
        return set(), set()
    bound = {i.argval for i in dis.get_instructions(compiled) if i.opname in ("STORE_NAME", "STORE_GLOBAL")}
    read = {
        i.argval
        for inner in code_objects(compiled)
        for i in dis.get_instructions(inner)
        if i.opname in ("LOAD_NAME", "LOAD_GLOBAL")
    }
    return bound - names_of_handlers(code), read


def names_of_handlers(code):
    """Names that are bound by `except … as name` and nowhere else: they are private to their cell."""
    tree = ast.parse(code)
    handlers = {node.name for node in ast.walk(tree) if isinstance(node, ast.ExceptHandler) and node.name}
    inside = {id(n) for node in ast.walk(tree) if isinstance(node, ast.ExceptHandler) for n in ast.walk(node)}
    elsewhere = {
        node.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store) and id(node) not in inside
    }
    return handlers - elsewhere


def code_objects(code):
    yield code
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            yield from code_objects(constant)


main()
