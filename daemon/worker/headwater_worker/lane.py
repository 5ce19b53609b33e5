"""The live lane: questions that are answered while a step runs, by the thread that also notices that the daemon is gone.

It only repeats what the main thread has recorded. It touches no object of the program, imports nothing, and never writes to the channel
of the frames.
"""
import _thread
import os

from .dispatch import serve

# A fork waits so long for an answer that is under way. Afterwards it goes on: the answer only copies text.
PAUSE_SECONDS_MAX = 1
# What a program puts into the place of this is for its own use.
_fstat = os.fstat


class Lane:
    def __init__(self, channel, table):
        self._channel = channel
        self._origin = None
        self._table = {kind: self._in_turn(action) for kind, action in table.items()}
        # Held while an answer is under way, and during a fork.
        self._turn = _thread.allocate_lock()
        self._paused_by = None

    def serve(self):
        """Returns when the daemon is gone."""
        self._origin = self._look()
        serve(self._channel, self._table)

    def pause(self):
        """Before a fork: the thread waits for a question, or for its turn, and holds nothing."""
        if self._turn.acquire(timeout=PAUSE_SECONDS_MAX):
            self._paused_by = _thread.get_ident()

    def resume(self):
        """In the parent, also where nothing was forked."""
        if self._paused_by == _thread.get_ident():
            self._paused_by = None
            self._turn.release()

    def _in_turn(self, action):
        def act(message):
            self._turn.acquire()
            try:
                if self._look() == self._origin:
                    action(message)
                    return
            finally:
                self._turn.release()
            _wait_for_ever()

        return act

    def _look(self):
        """What the descriptor is. A program may have closed it (`os.closerange`), and then its number is that of a file of its own."""
        try:
            found = _fstat(self._channel.descriptor)
        except OSError:
            return None
        return found.st_dev, found.st_ino


def _wait_for_ever():
    """To read or write would be to take from, or add to, what is the program's. Without its channels the kernel ends with the step."""
    lock = _thread.allocate_lock()
    lock.acquire()
    lock.acquire()
