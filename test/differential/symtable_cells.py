"""Splits Python files at their top-level statements into cells of 1 to 20 statements: prints one JSON line for each cell.

Arguments: a seed, how many files (or `all`), and the folder of the standard library.
"""

import ast
import json
import pathlib
import random
import sys


def main(seed, count, folder):
    chance = random.Random(int(seed))
    files = sorted(p for p in pathlib.Path(folder).rglob("*.py") if "site-packages" not in p.parts and "lib2to3" not in p.parts)
    for path in files if count == "all" else chance.sample(files, int(count)):
        try:
            text = path.read_text("utf-8")
            starts = statement_starts(ast.parse(text))
        except (SyntaxError, UnicodeDecodeError, ValueError):
            continue
        lines = text.splitlines(keepends=True)
        at = 0
        while at < len(starts):
            size = chance.randint(1, 20)
            end = starts[at + size] - 1 if at + size < len(starts) else len(lines)
            print(json.dumps({"file": str(path.relative_to(folder)), "line": starts[at], "code": "".join(lines[starts[at] - 1 : end])}))
            at += size


def statement_starts(tree):
    """Lines on which a top-level statement starts, decorators included, and no other does."""
    starts = []
    for statement in tree.body:
        line = min([statement.lineno, *(d.lineno for d in getattr(statement, "decorator_list", []))])
        if not starts or line > starts[-1]:
            starts.append(line)
    return starts


main(*sys.argv[1:])
