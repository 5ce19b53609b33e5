"""What marimo makes of notebooks that run to their end.

Standard input: a JSON list of texts. Standard output: a JSON list with `names`, the plain values at the end with a line for each
name, and `lines`, all that was printed, sorted, for marimo may take the cells in another order.
"""

import contextlib
import importlib.util
import io
import json
import os
import sys
import tempfile


def main():
    results = []
    with tempfile.TemporaryDirectory() as folder:
        for number, text in enumerate(json.load(sys.stdin)):
            results.append(run(os.path.join(folder, f"notebook_{number}.py"), text))
    json.dump(results, sys.stdout)


def run(path, text):
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    spec = importlib.util.spec_from_file_location("notebook", path)
    module = importlib.util.module_from_spec(spec)
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        spec.loader.exec_module(module)
        _, names = module.app.run()
    lines = [f"{name} {shown(value)}\n" for name, value in sorted(names.items()) if not name.startswith("_")]
    return {"names": "".join(lines), "lines": sorted(printed.getvalue().splitlines())}


def shown(value):
    return repr(value) if isinstance(value, (int, list, dict)) else type(value).__name__


main()
