"""What a fresh run gives: the cells of a notebook one after the other in one namespace, in a new interpreter.

Standard input: JSON with `format`, `cells` (code of each, or null for one that is not to run), `order` (of a script) and `names`,
the code that tells the plain values at the end. Standard output: JSON with what each cell printed and the error that it ended with,
and `names`.

A marimo notebook's order is found here: who reads a name comes after who binds it, ties in page order.
"""

import ast
import builtins
import contextlib
import io
import json
import sys
import types


def main():
    asked = json.load(sys.stdin)
    codes = asked["cells"]
    order = asked["order"]
    if asked["format"] == "marimo":
        codes = [code and private_to(cell, code) for cell, code in enumerate(codes)]
        order = marimo_order(codes)
    module = types.ModuleType("__main__")
    sys.modules["__main__"] = module
    cells = [None] * len(codes)
    for cell in order:
        if codes[cell] is not None:
            cells[cell] = run(codes[cell], module.__dict__)
    names = run(asked["names"], module.__dict__)
    json.dump({"cells": cells, "names": names["printed"]}, sys.stdout)


def run(code, names):
    """What a cell binds that does not come to its end does not count."""
    printed = io.StringIO()
    before = dict(names)
    error = None
    with contextlib.redirect_stdout(printed):
        try:
            exec(compile(code, "cell", "exec"), names)
        except Exception as raised:
            error = f"{type(raised).__name__}: {raised}"
            names.clear()
            names.update(before)
    return {"printed": printed.getvalue(), "error": error}


def private_to(cell, code):
    """Names with one leading underscore belong to their cell."""
    tree = ast.parse(code)
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
    compiled = compile(code, "cell", "exec")
    bound = {i.argval for i in instructions(compiled) if i.opname in ("STORE_NAME", "STORE_GLOBAL")}
    read = {i.argval for inner in code_objects(compiled) for i in instructions(inner) if i.opname in ("LOAD_NAME", "LOAD_GLOBAL")}
    return bound, read - set(vars(builtins))


def instructions(code):
    import dis

    return dis.get_instructions(code)


def code_objects(code):
    yield code
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            yield from code_objects(constant)


main()
