"""What is printed comes before what somebody else writes to the same descriptor: it is flushed first."""
import _posixsubprocess
import functools
import sys


def call_before(flush):
    """Before another process starts or this one ends, and before `os.write` to a standard stream."""
    os = sys.modules["os"]
    for name in ("system", "posix_spawn", "posix_spawnp", "_exit", "abort"):
        if hasattr(os, name):
            setattr(os, name, _after(flush, getattr(os, name)))
    _posixsubprocess.fork_exec = _after(flush, _posixsubprocess.fork_exec)
    os.write = _write_after(flush, os.write)
    os.register_at_fork(before=flush)


def _after(flush, function):
    @functools.wraps(function)
    def call(*arguments, **named):
        flush()
        return function(*arguments, **named)

    return call


def _write_after(flush, write):
    @functools.wraps(write)
    def call(descriptor, data, /):
        if descriptor in (1, 2):
            flush()
        return write(descriptor, data)

    return call
