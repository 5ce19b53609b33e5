"""The descriptors that the daemon gives to the process, beside standard output and error.

A program may close them all (`os.closerange`), and then their numbers are those of files of its own: so what a descriptor is counts, not
its number.
"""
import os

DATA, LIFELINE, INTERRUPTS, TICKETS = ALL = (3, 4, 5, 6)
# What a program puts into the place of this is for its own use.
_fstat = os.fstat


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
