"""Text that belongs to another step than the one that runs: it travels in blocks that say so, each whole among the rest of its stream."""
import threading

# Together with its two marks a block fits into PIPE_BUF of Linux, so that nothing comes in between.
_BLOCK_BYTES_MAX = 3_900
# Within one tick of the clock. Beyond it, lines are gathered until the tick.
_LINES_AT_ONCE_MAX = 100
_GATHERED_BYTES_MAX = 64 * 1024


class Asides:
    def __init__(self, write_block):
        self._write_block = write_block
        self._lock = threading.RLock()
        # The rest of a line, by who writes it.
        self._pending = {}
        self._begun = {}
        self._lines = 0

    def add(self, step, data):
        who = step, threading.get_ident()
        with self._lock:
            data = self._pending.pop(who, b"") + data
            self._lines += 1
            is_whole = self._lines <= _LINES_AT_ONCE_MAX and data.endswith((b"\n", b"\r"))
            if is_whole or len(data) > _GATHERED_BYTES_MAX:
                self._write(step, data)
            else:
                self._pending[who] = data

    def tick(self):
        """Whole lines go out, and what has been the beginning of one since the last tick."""
        with self._lock:
            self._lines = 0
            for who, data in list(self._pending.items()):
                end = len(data) if data == self._begun.get(who) else data.rfind(b"\n") + 1
                self._write(who[0], data[:end])
                self._pending[who] = data[end:]
            self._pending = {who: data for who, data in self._pending.items() if data}
            self._begun = dict(self._pending)

    def flush(self):
        with self._lock:
            pending, self._pending = self._pending, {}
            for (step, _), data in pending.items():
                self._write(step, data)

    def _write(self, step, data):
        start = 0
        while start < len(data):
            end = start + _BLOCK_BYTES_MAX
            # No character is cut.
            while end < len(data) and data[end] & 0xC0 == 0x80:
                end -= 1
            self._write_block(step, data[start:end])
            start = end
