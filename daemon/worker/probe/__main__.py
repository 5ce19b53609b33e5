"""Answers questions about code and modules, one JSON object a line, until standard input ends. Runs nothing of the notebook's."""

import json
import os
import sys

sys.path.append(os.path.dirname(sys.path[0]))

from compiling import refusals
from exporting import exports
from finding import Places


def answer(question):
    places = Places(question["interpreter"], question["folder"], question["home"], question["pythonPath"])
    return {
        "errors": [error for cell, code in enumerate(question["cells"]) for error in refusals(cell, code)],
        "missing": [name for name in question["modules"] if places.lacks(name)],
        "unsure": [name for name in question["modules"] if places.is_unsure_of(name)],
        "exports": {module: exports(module, places) for module in question["stars"]},
    }


for line in sys.stdin.buffer:
    print(json.dumps(answer(json.loads(line))), flush=True)
