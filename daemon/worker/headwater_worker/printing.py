"""`sys.stdout` and `sys.stderr`: each line goes out at once, unless lines come so fast that they are gathered for a moment.

What is not out when the clock ticks (`clock.py`) goes out then.
"""
import io
import os
import threading

from .channel import write_all

# Within one tick of the clock. From the first on lines are gathered, below the second they go out one by one again.
_FLOOD_WRITES = 100
_CALM_BYTES = 2_048


class TextStream(io.TextIOWrapper):
    def __init__(self, descriptor, name, encoding, errors, attribution, asides, wake):
        sink = _Sink(descriptor, name)
        super().__init__(sink, encoding=encoding, errors=errors, line_buffering=True)
        self.mode = "w"
        self._sink = sink
        self._attribution = attribution
        self._asides = asides
        self._wake = wake
        self._bytes = _Bytes(self, sink)

    @property
    def buffer(self):
        return self._bytes

    def mix(self, is_mixed):
        """Whether each piece of text has to be asked whose it is. Where it has not, no Python code runs for it."""
        if is_mixed:
            self.write = self._write_for_step
        else:
            self.__dict__.pop("write", None)

    def settle(self):
        """What has been written is out when this returns, also what a thread is writing now."""
        self.flush()
        with self._sink.lock:
            pass

    def tick(self):
        writes, count = self._sink.take_counts()
        if self.line_buffering and writes >= _FLOOD_WRITES:
            self.reconfigure(line_buffering=False)
        elif not self.line_buffering and count < _CALM_BYTES:
            self.reconfigure(line_buffering=True)
        else:
            self.flush()

    def become_child(self):
        """In a forked child no clock ticks, and nothing there is another step's."""
        self._sink.lock = threading.RLock()
        self.mix(False)
        self.reconfigure(line_buffering=True)

    def write_bytes(self, data):
        step = self._attribution.other_step()
        if step is None:
            self.flush()
            self._sink.write(data)
        else:
            self._add_aside(step, data)

    def _write_for_step(self, text):
        step = self._attribution.other_step()
        if step is None or not isinstance(text, str):
            self._wake()
            return super().write(text)
        self._add_aside(step, text.encode(self.encoding, self.errors))
        return len(text)

    def _add_aside(self, step, data):
        self._asides.add(step, data)
        self._wake()


class _Sink(io.BufferedIOBase):
    """Where text goes: straight to the descriptor."""

    mode = "wb"

    def __init__(self, descriptor, name):
        self._descriptor = descriptor
        self._writes = self._count = 0
        self.name = name
        self.lock = threading.RLock()

    def writable(self):
        return True

    def fileno(self):
        return self._descriptor

    def isatty(self):
        return os.isatty(self._descriptor)

    def write(self, data):
        self._writes += 1
        self._count += len(data)
        with self.lock:
            write_all(self._descriptor, data)
        return len(data)

    def take_counts(self):
        counts = self._writes, self._count
        self._writes = self._count = 0
        return counts


class _Bytes(io.BufferedIOBase):
    """`sys.stdout.buffer`: bytes in their place among the text."""

    mode = "wb"

    def __init__(self, text, sink):
        self._text = text
        self.name = sink.name
        self.raw = io.FileIO(sink.fileno(), "w", closefd=False)

    def writable(self):
        return True

    def fileno(self):
        return self.raw.fileno()

    def isatty(self):
        return self.raw.isatty()

    def write(self, data):
        data = bytes(memoryview(data))
        self._text.write_bytes(data)
        return len(data)

    def flush(self):
        if not self._text.closed:
            self._text.flush()
