"""Standard output and error. The daemon drains both; markers in them say which text belongs to which step."""
import os
import sys

from .channel import write_all


class Streams:
    def __init__(self, nonce):
        # Markers go through copies, so that they arrive also when a program points 1 and 2 elsewhere.
        self._copies = (os.dup(1), os.dup(2))
        self._nonce = nonce
        sys.stdout.reconfigure(encoding="utf-8", errors="strict", line_buffering=True)
        sys.stderr.reconfigure(encoding="utf-8", errors="backslashreplace", line_buffering=True)
        self._own = (sys.stdout, sys.stderr)

    @property
    def error_descriptor(self):
        return self._copies[1]

    def begin(self, step):
        for copy in self._copies:
            os.set_blocking(copy, True)
            write_all(copy, self._marker("b", step))

    def end(self, step):
        for copy in self._copies:
            write_all(copy, self._marker("e", step))

    def place(self, display):
        """Marks where among the printed text a display belongs."""
        self.flush()
        write_all(self._copies[0], self._marker("d", display))

    def flush(self):
        for stream in (*self._own, sys.stdout, sys.stderr):
            try:
                stream.flush()
            except Exception:  # closed, or not a stream at all: the program's choice
                pass

    def _marker(self, kind, number):
        return f"\x1e{self._nonce}{kind}{number};".encode()
