"""The live lane: questions that are answered while a step runs, by the thread that also notices that the daemon is gone.

It only repeats what the main thread has recorded. It touches no object of the program, imports nothing, and never writes to the channel
of the frames.
"""
import _thread

from .descriptors import Identity
from .dispatch import serve

# A fork waits so long for an answer that is under way. Afterwards it goes on: the answer only copies text.
PAUSE_SECONDS_MAX = 1


class Lane:
    def __init__(self, channel, table):
        self._channel = channel
        self._identity = None
        self._table = {kind: self._in_turn(action) for kind, action in table.items()}
        # Held while an answer is under way, and during a fork.
        self._turn = _thread.allocate_lock()
        self._paused_by = None

    def serve(self):
        """Returns when the daemon is gone."""
        self._identity = Identity(self._channel.descriptor)
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

    def abandon(self):
        """In a child: nobody answers there, and its own forks wait for nobody."""
        self._turn = _thread.allocate_lock()
        self._paused_by = None

    def _in_turn(self, action):
        def act(message):
            self._turn.acquire()
            try:
                if self._identity.is_kept():
                    action(message)
                    return
            finally:
                self._turn.release()
            _wait_for_ever()

        return act


def _wait_for_ever():
    """To read or write would be to take from, or add to, what is the program's. Without its channels the kernel ends with the step."""
    lock = _thread.allocate_lock()
    lock.acquire()
    lock.acquire()
