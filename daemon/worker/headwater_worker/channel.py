"""Frames on a file descriptor: mark | u32 total | u32 JSON length | JSON | raw attachments. Mirrors daemon/kernel/channel.ts."""
import collections
import json
import os
import select
import struct
import threading

FRAME_BYTES_MAX = 256 * 1024 * 1024
_READ_BYTES_MAX = 64 * 1024
_MARK = b"\xf5HWF"
_HEAD = struct.Struct(">4sII")
# The parts of `json` that stand on C alone, also while a program has replaced builtins.
_chunks = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False).iterencode
# UTF-8 has no halves of surrogate pairs. Escaped they come back as they are, and a name that holds one stays that name.
_escaped_chunks = json.JSONEncoder(separators=(",", ":")).iterencode
_decoded = json.JSONDecoder().raw_decode
# What a program puts into the place of this is for its own use.
_read = os.read


class Channel:
    def __init__(self, descriptor, shield):
        self.descriptor = descriptor
        self._shield = shield
        self._lock = threading.RLock()
        self._unread = collections.deque()
        # Of frames that are still to be taken apart.
        self._received = bytearray()

    def renew(self):
        """In a process that was forked: what has been read is not for it."""
        self._unread.clear()
        self._received.clear()

    def read(self):
        """The next message, or None when the other side is gone."""
        return self._unread.popleft() if self._unread else self._receive()

    def next_if(self, fits):
        """The next message, if it has come and fits; without waiting, and without looking whether more has come."""
        if not self._unread and self._has_frame():
            self._unread.append(self._receive())
        return self._unread.popleft() if self._unread and self._unread[0] is not None and fits(self._unread[0]) else None

    def wait_for(self, fits):
        """The first message that fits, or None when the other side is gone. Others stay unread; an interrupt ends the waiting."""
        looked_at = 0
        while True:
            while looked_at < len(self._unread):
                message = self._unread[looked_at]
                if message is None:
                    return None
                if fits(message):
                    del self._unread[looked_at]
                    return message
                looked_at += 1
            if not self._has_frame():
                select.select([self.descriptor], [], [])
            # What has been read stays, also when an interrupt is raised right after it.
            with self._shield:
                self._unread.append(self._receive())

    def _receive(self):
        while not self._has_frame():
            part = _read(self.descriptor, _READ_BYTES_MAX)
            if not part:
                return None
            self._received += part
        _, total, json_length = _HEAD.unpack_from(self._received)
        body = self._received[_HEAD.size : _HEAD.size + json_length].decode()
        del self._received[: _HEAD.size + total]
        return _decoded(body)[0]

    def _has_frame(self):
        if len(self._received) < _HEAD.size:
            return False
        mark, total, json_length = _HEAD.unpack_from(self._received)
        if mark != _MARK:
            raise ValueError("what has come is no frame")
        if total > FRAME_BYTES_MAX or json_length > total:
            raise ValueError(f"a frame of {total} bytes is over the limit of {FRAME_BYTES_MAX}")
        return len(self._received) >= _HEAD.size + total

    def break_off(self):
        """What is no frame, so that the other side ends this process, and says why."""
        write_all(self.descriptor, b"\xff" * _HEAD.size)

    def send(self, message, attachments=()):
        """Sends whole frames only: an interrupt waits until the frame is out."""
        body = _encoded(message)
        total = len(body) + sum(len(part) for part in attachments)
        with self._shield, self._lock:
            write_all(self.descriptor, _HEAD.pack(_MARK, total, len(body)) + body)
            for part in attachments:
                write_all(self.descriptor, part)


def _encoded(message):
    try:
        return "".join(_chunks(message, _one_shot=True)).encode()
    except UnicodeEncodeError:
        return "".join(_escaped_chunks(message, _one_shot=True)).encode()


def write_all(descriptor, data, write=os.write):
    rest = memoryview(data)
    while rest:
        try:
            rest = rest[write(descriptor, rest) :]
        except BlockingIOError:
            # A child process that shares the descriptor made it non-blocking for all of us.
            os.set_blocking(descriptor, True)
