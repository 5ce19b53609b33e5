"""A process that kernels are forked from, with the program's first imports done. It runs nothing else of the program, and has no threads.

Each kernel that comes of it is told to the daemon, and so is its end, which only its parent can see.
"""
import os
import select
import warnings

from . import remains
from .descriptors import DATA, INTERRUPTS, LIFELINE, TICKETS
from .dispatch import act

SOCKET_MODULE = "_socket"
# In this order they connect, and the daemon takes them.
_CONNECTIONS = (DATA, LIFELINE, INTERRUPTS)


class Zygote:
    def __init__(self, channel, preloaded):
        self._channel = channel
        self._preloaded = preloaded
        # By a descriptor that can be read when it has ended.
        self._children = {}

    def serve(self, looked):
        """Returns in each process that is forked, with a channel of its own. This process ends with the daemon."""
        table = {"look": lambda message: self._channel.send(looked(message)), "fork": self._fork}
        while True:
            ready, _, _ = select.select([DATA, *self._children], [], [])
            for descriptor in self._children.keys() & set(ready):
                self._tell_end(descriptor)
            if DATA in ready and self._take_messages(table):
                return

    def _take_messages(self, table):
        """Whether this is a process that was forked."""
        message = self._channel.read()
        if message is None:
            # Nothing that imports registered for the end of the program is to run here.
            os._exit(0)
        while message is not None:
            if act(table, message):
                return True
            message = self._channel.next_if(lambda _: True)
        return False

    def _fork(self, message):
        """Whether this is the new process."""
        folder = message["folder"]
        try:
            for name in ("stdout", "stderr", "tickets"):
                os.mkfifo(os.path.join(folder, name), 0o600)
            # Python 3.12 warns of threads: here there are none but those that see to themselves.
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                pid = os.fork()
        except OSError as failure:
            self._channel.send({"type": "forked", "pid": None, "problem": str(failure)})
            return False
        if pid:
            self._children[os.pidfd_open(pid)] = pid
            self._channel.send({"type": "forked", "pid": pid})
            return False
        self._become_kernel(folder)
        return True

    def _become_kernel(self, folder):
        os.setsid()
        self._channel.renew()
        for descriptor in self._children:
            os.close(descriptor)
        for name, descriptor in (("stdout", 1), ("stderr", 2)):
            _move(os.open(os.path.join(folder, name), os.O_WRONLY), descriptor)
        _move(os.open(os.path.join(folder, "tickets"), os.O_RDWR), TICKETS)
        for descriptor in _CONNECTIONS:
            _move(self._connect(os.path.join(folder, "channels")), descriptor)
        os.set_blocking(INTERRUPTS, False)
        for descriptor in (1, 2):
            os.set_inheritable(descriptor, True)
        remains.renew(self._preloaded.module("numpy.random.mtrand"))

    def _tell_end(self, descriptor):
        pid = self._children.pop(descriptor)
        _, status = os.waitpid(pid, 0)
        os.close(descriptor)
        code = os.waitstatus_to_exitcode(status)
        self._channel.send({"type": "ended", "pid": pid, "code": code if code >= 0 else None, "signal": -code if code < 0 else None})

    def _connect(self, path):
        socket = self._preloaded.module(SOCKET_MODULE)
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        connection.connect(path)
        return connection.detach()


def _move(descriptor, to):
    os.dup2(descriptor, to, inheritable=False)
    os.close(descriptor)
