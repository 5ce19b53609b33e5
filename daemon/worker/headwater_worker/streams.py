"""Standard output and error. The daemon drains both; marks in them say which text belongs to which step."""
import io
import os
import sys

from .asides import Asides
from .before import call_before
from .channel import write_all
from .clock import Clock
from .descriptors import OUTPUT_COPIES
from .printing import TextStream

_UTF_8 = ("utf-8", "strict")


class Streams:
    def __init__(self, attribution, is_script):
        self._copies = ()
        self._nonce = None
        self._attribution = attribution
        self._asides = [Asides(self._block_writer(index)) for index in (0, 1)]
        self._clock = Clock(self._tick)
        wake = self._clock.wake
        # A script is written as Python would write it here; what clients are shown is UTF-8.
        encoding, errors = _encoding_of(sys.stdout) if is_script else _UTF_8
        error_encoding, _ = _encoding_of(sys.stderr) if is_script else _UTF_8
        out = TextStream(1, "<stdout>", encoding, errors, attribution, self._asides[0], wake)
        error = TextStream(2, "<stderr>", error_encoding, "backslashreplace", attribution, self._asides[1], wake)
        self._own = (out, error)
        sys.stdout = sys.__stdout__ = out
        sys.stderr = sys.__stderr__ = error
        call_before(self._flush_own)
        os.register_at_fork(after_in_child=self._become_child)

    def start(self, nonce):
        # Marks go through copies, so that they arrive also when a program points 1 and 2 elsewhere.
        for descriptor, copy in zip((1, 2), OUTPUT_COPIES):
            os.dup2(descriptor, copy, inheritable=False)
        self._copies = OUTPUT_COPIES
        self._nonce = nonce
        self._mix(True)
        self._attribution.start_own_thread(self._clock.run)

    @property
    def error_descriptor(self):
        return self._copies[1]

    def begin(self, step):
        self._flush_own()
        for copy in self._copies:
            write_all(copy, self._mark("b", step))
        self._attribute(step)

    def _attribute(self, step):
        for copy in self._copies:
            os.set_blocking(copy, True)
        self._attribution.begin(step)
        self._mix(self._attribution.is_mixed)
        self._clock.begin()

    def end(self, step, following):
        """The end of a step, and in one write the beginning of the one that follows at once, if one does."""
        # From here on what threads write is told apart.
        self._attribution.end()
        self._mix(True)
        self._clock.end()
        for stream, copy in zip(self._own, self._copies):
            _quietly(stream, "settle")
            write_all(copy, self._mark("e", step) + (self._mark("b", following) if following else b""))
        if following:
            self._attribute(following)

    def place(self, number):
        """Marks where among the printed text a display belongs."""
        self._put(self._mark("d", number), (0,))

    def place_in_both(self, number):
        """Marks in both streams what text of either comes before, and what after."""
        self._put(self._mark("c", number), (0, 1))

    def _put(self, mark, streams):
        step = self._attribution.other_step()
        if step is None:
            self.flush()
        for index in streams:
            if step is None:
                write_all(self._copies[index], mark)
            else:
                self._asides[index].flush()
                self._block_writer(index)(step, mark)

    def flush(self):
        for stream in (*self._own, getattr(sys, "stdout", None), getattr(sys, "stderr", None)):
            _quietly(stream, "flush")

    def _flush_own(self):
        for stream in self._own:
            _quietly(stream, "flush")

    def _mix(self, is_mixed):
        for stream in self._own:
            stream.mix(is_mixed)

    def _tick(self):
        for stream, asides in zip(self._own, self._asides):
            _quietly(stream, "tick")
            asides.tick()

    def _become_child(self):
        for stream in self._own:
            _quietly(stream, "become_child")

    def _block_writer(self, index):
        def write(step, data):
            write_all(self._copies[index], self._mark("t", step) + data + self._mark("r", step))

        return write

    def _mark(self, kind, number):
        return f"\x1e{self._nonce}{kind}{number};".encode()


def _encoding_of(stream):
    return (stream.encoding, stream.errors) if isinstance(stream, io.TextIOWrapper) else _UTF_8


def _quietly(stream, action):
    try:
        getattr(stream, action)()
    except Exception:  # closed, or not a stream at all: the program's choice
        pass
