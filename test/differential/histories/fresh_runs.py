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
        order = marimo_order(codes)
    names = names_of_script(asked["folder"])
    cells = [None] * len(codes)
    for cell in order:
        if codes[cell] is not None:
            cells[cell] = run(codes[cell], names)
    return {"cells": cells, "names": run(asked["names"], names)["printed"]}


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
    put_back = ambient_state()
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


def ambient_state():
    """A function that puts back what the process has of the program besides its names."""
    environment, folder, path = dict(os.environ), os.getcwd(), list(sys.path)
    state, context = random.getstate(), decimal.getcontext().copy()

    def put_back():
        for key in os.environ.keys() - environment.keys():
            del os.environ[key]
        os.environ.update(environment)
        os.chdir(folder)
        sys.path[:] = path
        random.setstate(state)
        decimal.setcontext(context)

    return put_back


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
