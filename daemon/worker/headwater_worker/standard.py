"""Modules of the standard library that the worker needs only sometimes."""
import importlib
import sys

_path = list(sys.path)
_hidden = sys.modules.get


def use_hidden(find):
    """Modules that are there and that the program does not see yet are used as they are."""
    global _hidden
    _hidden = find


def load(name):
    """The notebook's folder may hold files named like these modules or the ones they are made of; it is not asked."""
    module = _hidden(name)
    if module is not None:
        return module
    path, sys.path[:] = list(sys.path), _path
    try:
        return importlib.import_module(name)
    finally:
        sys.path[:] = path
