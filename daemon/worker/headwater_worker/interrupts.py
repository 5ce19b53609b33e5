"""Turns SIGINT into KeyboardInterrupt for the step it was meant for, and for no other.

The daemon writes the step's number and what is asked to a descriptor of its own and then sends the signal. What became of it is
answered there too, in the handler: the descriptor of the frames may be in the middle of one.
"""
import _signal
import os
import signal
import struct
import threading

_SIGINT = int(signal.SIGINT)
_RECORD = struct.Struct(">QB")
_SOFT = 1
_CANCELLED, _NOTHING_TO_CANCEL, _RAISED = 1, 2, 3
_READ_BYTES_MAX = 64 * 1024
_EARLY_STEPS_MAX = 1024


class Interrupts:
    def __init__(self, descriptor, loop):
        os.set_blocking(descriptor, False)
        self._descriptor = descriptor
        self._loop = loop
        self._unread = b""
        self._step = None
        self._newest = -1
        self._early = set()
        self._pending = False
        self._is_armed = False
        self._shields = 0
        self._main_thread = threading.get_ident()
        self._handler = self._on_signal
        signal.signal(signal.SIGINT, self._handler)

    def begin(self, step):
        # Programs, and pdb, install handlers of their own; each step starts with ours. What `signal` wraps around it takes longer than the rest.
        _signal.signal(_SIGINT, self._handler)
        self._step = self._newest = step
        self._pending = step in self._early
        self._early = {early for early in self._early if early > step}

    def end(self):
        self._step = None

    @property
    def has_step(self):
        return self._step is not None

    def guard(self, action):
        """Runs the action, which interrupts of this step may end. Returns the exception that ended it, or None.

        An interrupt that came since the step began, when no action ran, ends this one at once.
        """
        ended = None
        self._is_armed = True
        try:
            self._act(action)
        except BaseException as exception:
            ended = exception
        self._is_armed = False
        return ended

    def _act(self, action):
        self._raise_pending()
        action()

    def _raise_pending(self):
        if self._pending:
            self._pending = False
            raise KeyboardInterrupt

    def __enter__(self):
        """As a context: what is inside is finished before an interrupt is raised."""
        if threading.get_ident() == self._main_thread:
            self._shields += 1

    def __exit__(self, *_):
        if threading.get_ident() != self._main_thread:
            return
        self._shields -= 1
        if self._is_armed and not self._shields:
            self._raise_pending()

    def abandon(self):
        """For forked children: interrupts there are as in any Python program."""
        signal.signal(signal.SIGINT, signal.default_int_handler)

    def _on_signal(self, _number, frame):
        if not self._is_for_this_step():
            return
        # In guard's own frame the exception would escape it.
        if self._shields or not self._is_armed or (frame is not None and frame.f_code is Interrupts.guard.__code__):
            self._pending = True
            return
        raise KeyboardInterrupt

    def _is_for_this_step(self):
        is_hit = False
        for step, level in self._read_records():
            if step == self._step and level == _SOFT:
                self._answer(step, _CANCELLED if self._loop.cancel() else _NOTHING_TO_CANCEL)
            elif step == self._step:
                self._answer(step, _RAISED)
                is_hit = True
            elif step > self._newest and level == _SOFT:
                self._answer(step, _NOTHING_TO_CANCEL)
            elif step > self._newest and len(self._early) < _EARLY_STEPS_MAX:
                # Still on its way to us in the other channel.
                self._early.add(step)
                self._answer(step, _RAISED)
        return is_hit

    def _answer(self, step, answer):
        try:
            os.write(self._descriptor, _RECORD.pack(step, answer))
        except OSError:  # full, or closed by the program: the daemon hears nothing, and says so
            pass

    def _read_records(self):
        try:
            data = self._unread + os.read(self._descriptor, _READ_BYTES_MAX)
        except BlockingIOError:
            return []
        whole = len(data) - len(data) % _RECORD.size
        self._unread = data[whole:]
        return list(_RECORD.iter_unpack(data[:whole]))
