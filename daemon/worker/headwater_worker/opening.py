"""Functions that open, make, replace and remove files, which tell of it first.

Python itself would tell (`sys.addaudithook`), also of files that are opened past these functions; but with any such hook, each
`id()` and `sys._getframe()` takes several times as long, and `copy.deepcopy` twice as long.
"""
import builtins
import functools
import io
import sys


class Telling:
    """Calls `tell` with the arguments of the function, and then that. Unlike a function, it is no method where a class has it."""

    def __init__(self, function, tell):
        functools.update_wrapper(self, function)
        self._function = function
        self._tell = tell

    def __call__(self, *arguments, **named):
        self._tell(arguments, named)
        return self._function(*arguments, **named)

    def __repr__(self):
        return repr(self._function)

    def __reduce__(self):
        return self.__qualname__


def tell_of_files(tell_open, tell_os_open, tell_write):
    """`tell_write` is given where among the arguments the path is that is made or replaced, or else shortened or removed."""
    opening = Telling(io.open, tell_open)
    for module in (builtins, io, sys.modules["_io"]):
        module.open = opening
    os = sys.modules["os"]
    os.open = Telling(os.open, tell_os_open)
    for name in ("remove", "unlink", "truncate"):
        _adapt(os, name, tell_write(0, "path", is_kept=False))
    for name in ("rename", "replace", "link", "symlink"):
        _adapt(os, name, tell_write(1, "dst"))


def _adapt(os, name, tell):
    function = getattr(os, name, None)
    if function is not None:
        setattr(os, name, Telling(function, tell))


def argument(arguments, named, place, name, default=None):
    return arguments[place] if len(arguments) > place else named.get(name, default)
