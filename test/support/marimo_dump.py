"""Reads notebooks with marimo's own loader and prints, per line, what it makes of each: cells, their names, and the graph."""

import ast
import contextlib
import json
import pathlib
import sys

import marimo
from marimo._ast.compiler import compile_cell
from marimo._ast.load import load_notebook_ir
from marimo._ast.parse import parse_notebook
from marimo._runtime.dataflow import DirectedGraph
from marimo._types.ids import CellId_t


def makes_app(text):
    """Whether `app = marimo.App(…)` stands at top level, and not in a string or a function."""
    with contextlib.suppress(SyntaxError):
        return any(
            isinstance(node, ast.Assign)
            and isinstance(node.value, ast.Call)
            and ast.unparse(node.value.func) == "marimo.App"
            for node in ast.parse(text).body
        )
    return False


def read_graph(cells):
    graph = DirectedGraph()
    index_of = {}
    for index, cell in enumerate(cells):
        cell_id = CellId_t(f"c{index}")
        index_of[cell_id] = index
        try:
            compiled = compile_cell(cell["code"], cell_id=cell_id)
        except SyntaxError:
            cell.update(defs=[], refs=[], deletedRefs=[], compiles=False)
            continue
        graph.register_cell(cell_id, compiled)
        cell.update(
            defs=sorted(compiled.defs),
            refs=sorted(compiled.refs),
            deletedRefs=sorted(compiled.deleted_refs),
            compiles=True,
        )
    return sorted(
        [index_of[parent], index_of[child]]
        for parent, children in graph.children.items()
        for child in children
    )


def read_notebook(name, path, text):
    app = load_notebook_ir(parse_notebook(text, filepath=str(path)))
    cells = [
        {"name": data.name.lstrip("*"), "code": data.code}
        for data in app._cell_manager.cell_data()
    ]
    edges = read_graph(cells)
    return {"path": name, "text": text, "cells": cells, "edges": edges}


def main():
    root = pathlib.Path(marimo.__file__).parent
    for path in sorted(root.rglob("*.py")):
        text = path.read_bytes().decode("utf-8", "replace")
        if "marimo.App(" in text:
            known = makes_app(text)
            found = read_notebook(str(path.relative_to(root)), path, text) if known else {
                "path": str(path.relative_to(root)), "text": text
            }
            print(json.dumps({"isNotebook": known, **found}))
    return 0


sys.exit(main())
