"""Reads a JSON list of notebooks on standard input; writes the list of what marimo saves for each, or null where it does not read it."""

import json
import logging
import sys

from marimo._ast.codegen import generate_filecontents_from_ir
from marimo._ast.parse import parse_notebook


def save(text):
    try:
        notebook = parse_notebook(text)
        return None if notebook is None else generate_filecontents_from_ir(notebook)
    except Exception as error:  # noqa: BLE001, marimo refuses broken files in many ways
        print(error, file=sys.stderr)
        return None


logging.disable(logging.CRITICAL)
json.dump([save(text) for text in json.load(sys.stdin)], sys.stdout)
