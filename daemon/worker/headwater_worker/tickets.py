"""Who begins a step: its ticket is in a pipe, and the daemon may have taken it back. Mirrors daemon/kernel/tickets.ts."""
import os
import struct

_TICKET = struct.Struct(">Q")
# The daemon issues them one after the other; so many steps are never on their way.
_AHEAD_MAX = 100_000


class Forged(Exception):
    """Something else has written to the pipe, so nobody knows any more which steps are to begin."""


class Tickets:
    def __init__(self, descriptor):
        os.set_blocking(descriptor, False)
        self._descriptor = descriptor
        self._held = None

    def redeem(self, number):
        """Whether the step with this ticket is to begin. From then on nobody can take it back."""
        # They come in the order of the steps; one that is newer belongs to a step whose message is still to be read.
        while self._held is None or self._held < number:
            self._held = self._read()
            if self._held is None:
                return False
        if self._held > number + _AHEAD_MAX:
            raise Forged
        return self._held == number

    def _read(self):
        try:
            data = os.read(self._descriptor, _TICKET.size)
        except BlockingIOError:
            return None
        if len(data) != _TICKET.size:
            raise Forged
        return _TICKET.unpack(data)[0]
