"""The far end of a kernel that is reached over three standard streams, as `ssh HOST python relay.py` would be.

It starts the worker beside itself with the descriptors that a worker has, and carries all of them, signals, and questions about processes over
standard input and output. A message is a letter, the length of its content as u32 big-endian, and the content. An empty one of a channel is its end.

To the relay:  L launch · d data · v lifeline · i interrupts · t tickets · s signal · p a channel is to be read, or not · q a question that `ps` answers
From it:       l launched · d data · v lifeline · i interrupts · o stdout · e stderr · x the worker ended · a an answer
"""
import errno
import json
import os
import select
import shutil
import signal
import socket
import struct
import subprocess
import tempfile
import threading

HEAD = struct.Struct(">cI")
PIECE = 64 * 1024


class Relay:
    def __init__(self):
        # Descriptors that the worker has by number are not to be among those that are moved there.
        for _ in range(3, 7):
            os.open(os.devnull, os.O_RDONLY)
        self._lock = threading.Lock()
        self._received = b""
        self._worker = None
        # By their letters: what is read, which of it rests, and what waits to be written.
        self._readers = {}
        self._resting = set()
        self._unwritten = b""
        self._tickets = self._interrupts = self._data = self._lifeline = None

    def serve(self):
        try:
            while self._turn():
                pass
        finally:
            self._leave()

    def _turn(self):
        """False when the daemon is gone."""
        read = {descriptor: letter for letter, descriptor in self._readers.items() if letter not in self._resting}
        write = [self._data] if self._unwritten else []
        readable, writable, _ = select.select([0, *read], write, [])
        if writable:
            self._write()
        for descriptor in readable:
            if descriptor == 0:
                if not self._receive():
                    return False
            else:
                self._pass(read[descriptor], descriptor)
        return True

    def _pass(self, letter, descriptor):
        try:
            piece = os.read(descriptor, PIECE)
        except OSError:
            piece = b""
        if not piece:
            del self._readers[letter]
        self._send(letter, piece)

    def _receive(self):
        piece = os.read(0, PIECE)
        self._received += piece
        while len(self._received) >= HEAD.size:
            letter, length = HEAD.unpack_from(self._received)
            end = HEAD.size + length
            if len(self._received) < end:
                break
            content, self._received = self._received[HEAD.size:end], self._received[end:]
            self._take(letter.decode(), content)
        return bool(piece)

    def _take(self, letter, content):
        if letter == "d":
            self._unwritten += content
            self._write()
        elif letter == "v":
            _write_quietly(self._lifeline, content)
        elif letter == "i":
            _write_quietly(self._interrupts, content)
        elif letter == "t":
            _write_quietly(self._tickets, content)
        else:
            {"L": self._launch, "s": self._signal, "p": self._rest, "q": self._look}[letter](json.loads(content))

    def _write(self):
        try:
            count = os.write(self._data, self._unwritten)
            self._unwritten = self._unwritten[count:]
        except BlockingIOError:
            pass
        except OSError:
            # The worker is gone, or a program closed its channel.
            self._unwritten = b""

    def _launch(self, wanted):
        data, interrupts, lifeline = socket.socketpair(), socket.socketpair(), socket.socketpair()
        out, err = os.pipe(), os.pipe()
        tickets = _ticket_pipe()
        theirs = [data[1].fileno(), lifeline[1].fileno(), interrupts[1].fileno(), tickets]

        def arrange():
            for number, descriptor in enumerate(theirs, 3):
                os.dup2(descriptor, number, inheritable=True)

        try:
            self._worker = subprocess.Popen(
                [wanted["python"], wanted["start"]],
                cwd=wanted["directory"],
                env=wanted["environment"],
                stdin=subprocess.DEVNULL,
                stdout=out[1],
                stderr=err[1],
                start_new_session=True,
                pass_fds=(3, 4, 5, 6),
                preexec_fn=arrange,
            )
        except OSError as error:
            problem = {"code": errno.errorcode.get(error.errno), "message": str(error)}
            self._tell("l", {"problem": problem, "hasDirectory": os.path.isdir(wanted["directory"])})
            return
        for descriptor in (data[1], interrupts[1], lifeline[1]):
            descriptor.close()
        for descriptor in (out[1], err[1]):
            os.close(descriptor)
        for end in (data[0], interrupts[0], lifeline[0]):
            end.setblocking(False)
        self._data, self._lifeline, self._interrupts = (end.detach() for end in (data[0], lifeline[0], interrupts[0]))
        self._tickets = tickets
        self._readers = {"d": self._data, "v": self._lifeline, "i": self._interrupts, "o": out[0], "e": err[0]}
        self._tell("l", {"pid": self._worker.pid})
        threading.Thread(target=self._await_end, daemon=True).start()

    def _await_end(self):
        code = self._worker.wait()
        ended = {"code": code, "signal": None} if code >= 0 else {"code": None, "signal": signal.Signals(-code).name}
        self._tell("x", ended)

    def _signal(self, wanted):
        number = signal.Signals[wanted["signal"]]
        try:
            if wanted["pid"] < 0:
                os.killpg(-wanted["pid"], number)
            else:
                os.kill(wanted["pid"], number)
        except OSError:
            pass

    def _rest(self, wanted):
        (self._resting.add if wanted["rests"] else self._resting.discard)(wanted["channel"])

    def _look(self, question):
        """Beside everything else: to look takes a while."""
        threading.Thread(target=self._answer, args=[question], daemon=True).start()

    def _answer(self, question):
        told = subprocess.run(["ps", *question["arguments"]], capture_output=True, text=True, errors="replace")
        self._tell("a", {"question": question["question"], "text": told.stdout})

    def _tell(self, letter, message):
        self._send(letter, json.dumps(message).encode())

    def _send(self, letter, content):
        rest = memoryview(HEAD.pack(letter.encode(), len(content)) + content)
        with self._lock:
            while rest:
                rest = rest[os.write(1, rest):]

    def _leave(self):
        """The worker ends with its lifeline, and its group with it."""
        if self._worker is not None:
            try:
                os.killpg(self._worker.pid, signal.SIGKILL)
            except OSError:
                pass
        os._exit(0)


def _write_quietly(descriptor, content):
    """To one that takes it at once; where it does not, nobody is there any more."""
    try:
        os.write(descriptor, content)
    except OSError:
        pass


def _ticket_pipe():
    folder = tempfile.mkdtemp(prefix="headwater-")
    try:
        path = os.path.join(folder, "tickets")
        os.mkfifo(path, 0o600)
        return os.open(path, os.O_RDWR | os.O_NONBLOCK)
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    Relay().serve()
