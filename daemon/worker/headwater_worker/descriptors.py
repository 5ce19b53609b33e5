"""The descriptors that the daemon gives to the process, beside standard output and error, and copies of these two.

A program finds the low numbers free, as in Python, and may close all that is open: those up here are then spared. It can still close
them past the functions of `os`, and then their numbers are those of files of its own: so what a descriptor is counts, not its number.
"""
import errno
import functools
import os
import sys

_ARRIVING = (3, 4, 5, 6)
# `select` takes no higher ones.
_NUMBERS_MAX = 1024
_HIGHEST = (min(os.sysconf("SC_OPEN_MAX"), _NUMBERS_MAX) if os.sysconf("SC_OPEN_MAX") > 0 else _NUMBERS_MAX) - 1
DATA, LIFELINE, INTERRUPTS, TICKETS = ALL = tuple(_HIGHEST - place for place in range(len(_ARRIVING)))
OUTPUT_COPIES = (TICKETS - 1, TICKETS - 2)
# What a program puts into the place of this is for its own use.
_fstat = os.fstat


def lift():
    """At the start of the process: to where a program does not meet them."""
    for low, high in zip(_ARRIVING, ALL):
        os.dup2(low, high, inheritable=False)
        os.close(low)


class Spared:
    """While this counts, `os.close` and `os.closerange` find nothing open where our descriptors are."""

    def __init__(self):
        self._numbers = sorted((*ALL, *OUTPUT_COPIES))
        program = sys.modules["os"]
        program.close = self._sparing_close(program.close)
        program.closerange = self._sparing_closerange(program.closerange)

    def end(self):
        self._numbers = []

    def _sparing_close(self, close):
        @functools.wraps(close)
        def sparing(fd):
            if fd in self._numbers:
                raise OSError(errno.EBADF, os.strerror(errno.EBADF))
            close(fd)

        return sparing

    def _sparing_closerange(self, closerange):
        @functools.wraps(closerange)
        def sparing(fd_low, fd_high, /):
            for number in self._numbers:
                if fd_low <= number < fd_high:
                    closerange(fd_low, number)
                    fd_low = number + 1
            closerange(fd_low, fd_high)

        return sparing


class Identity:
    """What a descriptor was when this was made."""

    def __init__(self, descriptor):
        self._descriptor = descriptor
        self._origin = _look(descriptor)

    def is_kept(self):
        """Whether it still is that."""
        return self._origin is not None and _look(self._descriptor) == self._origin

    def close(self):
        if self.is_kept():
            os.close(self._descriptor)


def _look(descriptor):
    try:
        found = _fstat(descriptor)
    except OSError:
        return None
    return found.st_dev, found.st_ino
