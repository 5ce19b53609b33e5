"""Types of the standard library by their modules, which are not loaded for it: a program that has objects of a type has loaded its module."""
import functools

from .attributes import is_ours
from .loaded import class_in

_KNOWN_TYPES_MAX = 1_000
# Whoever compares two of one of these runs no code of the program, and none of them can be changed.
_VALUES = {
    "datetime": ("date", "datetime", "time", "timedelta"),
    "decimal": ("Decimal",),
    "fractions": ("Fraction",),
    "uuid": ("UUID",),
    "pathlib": ("PosixPath", "PurePosixPath"),
}
# What they are made for is to hold something, and they hold it in attributes.
_OPEN = {
    "argparse": ("Namespace",),
    "asyncio.queues": ("Queue",),
    "configparser": ("RawConfigParser",),
    "contextlib": ("ExitStack", "AsyncExitStack"),
    "csv": ("DictWriter",),
    "graphlib": ("TopologicalSorter",),
    "queue": ("Queue",),
    "sched": ("scheduler",),
    "threading": ("Event", "Semaphore"),
    "unittest.mock": ("NonCallableMock",),
    "weakref": ("WeakKeyDictionary", "WeakSet", "WeakValueDictionary"),
}


@functools.lru_cache(_KNOWN_TYPES_MAX)
def is_value(kind):
    return any(kind is found for module, names in _VALUES.items() for found in loaded_types(module, names))


def open_types():
    """Those whose attributes are what they hold, as far as they are loaded."""
    return [kind for module, names in _OPEN.items() for kind in loaded_types(module, names)]


def loaded_types(module, names):
    found = [class_in(module, name) for name in names]
    # A file of the program may have the name of a module of the library.
    return [kind for kind in found if kind is not None and not is_ours(kind)]
