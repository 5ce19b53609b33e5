"""Modules of the standard library that the worker needs only sometimes."""
import importlib
import sys

_path = list(sys.path)


def load(name):
    """The notebook's folder may hold files named like these modules or the ones they are made of; it is not asked."""
    if name in sys.modules:
        return sys.modules[name]
    path, sys.path[:] = list(sys.path), _path
    try:
        return importlib.import_module(name)
    finally:
        sys.path[:] = path
