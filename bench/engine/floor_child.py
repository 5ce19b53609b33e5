"""The floor's Python: a request a line in, for each two lines out: that the cell runs, and what it showed. Nothing is kept, nothing can be stopped."""

import ast
import io
import json
import sys

scope = {"__name__": "__main__"}
out = sys.stdout


def tell(**event):
    out.write(json.dumps(event) + "\n")
    out.flush()


def execute(code):
    tree = ast.parse(code)
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, "<cell>", "exec"), scope)
    return None if last is None else eval(compile(ast.Expression(last.value), "<cell>", "eval"), scope)


for line in sys.stdin:
    request = json.loads(line)
    tell(type="started")
    sys.stdout = printed = io.StringIO()
    value = execute(request["code"])
    sys.stdout = out
    tell(type="finished", result=None if value is None else repr(value), text=printed.getvalue())
