"""marimo's side: its compiler and its graph, in process. Answers one request a line on standard input."""

import gc
import json
import sys
import time

from marimo._ast.compiler import compile_cell
from marimo._lint.validate_graph import check_for_errors
from marimo._runtime.dataflow.graph import DirectedGraph


def build(codes):
    graph = DirectedGraph()
    for index, code in enumerate(codes):
        graph.register_cell(str(index), compile_cell(code, cell_id=str(index)))
    return graph


def timed(work):
    gc.collect()
    start = time.perf_counter()
    result = work()
    return (time.perf_counter() - start) * 1000, result


class Peer:
    def cold(self, codes):
        ms, self.graph = timed(lambda: build(codes))
        return {"ms": ms}

    def open(self, codes):
        self.codes = codes
        self.graph = build(codes)
        return {}

    def edges(self):
        children = self.graph.children.items()
        return {"edges": sorted([int(a), int(b)] for a, below in children for b in below)}

    def edit(self, kind, cell, rounds, errors):
        """`errors`: with the errors of the notebook, which marimo looks for after each registration."""
        endings = {"comment": ["  # a", "  # b"], "name": [" + x_0", " + x_1"], "line": ["\n# a", ""]}[kind]
        cell_id, ms = str(cell), []
        for turn in range(rounds):
            code = self.codes[cell] + endings[turn % 2]
            start = time.perf_counter()
            self.graph.delete_cell(cell_id)
            self.graph.register_cell(cell_id, compile_cell(code, cell_id=cell_id))
            if errors:
                check_for_errors(self.graph)
            ms.append((time.perf_counter() - start) * 1000)
        return {"ms": ms}


peer = Peer()
for line in sys.stdin:
    request = json.loads(line)
    answer = getattr(peer, request.pop("op"))(**request)
    print(json.dumps(answer), flush=True)
