"""Which step code belongs to, also in threads and tasks that go on after their step has ended."""
import _thread
import contextlib
import contextvars
import sys
import threading

_STEP = contextvars.ContextVar("headwater_step", default=None)
# Steps count from 1: what runs for no step that can be named.
NOBODY = 0


class Attribution:
    """Tasks of asyncio copy their context by themselves; threads and pools get the step from us, and nothing else of it."""

    def __init__(self):
        self._running = None
        self._main_thread = threading.get_ident()
        self._own_threads = 0
        _carry_into_threads()

    def start_own_thread(self, function):
        """One that `threading` does not know: the program's own are counted and listed as they would be."""
        self._own_threads += 1
        _thread.start_new_thread(function, ())

    def begin(self, step):
        self._running = step
        _STEP.set(step)

    def end(self):
        self._running = None
        _STEP.set(None)

    @property
    def is_mixed(self):
        """Whether anything but the running step may write. Where nothing can, nothing has to be asked at each print."""
        return self._running is None or "asyncio" in sys.modules or self.has_other_threads()

    def has_other_threads(self):
        """Whether the program has started any that run."""
        return _thread._count() > self._own_threads

    @property
    def step(self):
        """The step that whoever asks belongs to, where one is known."""
        return _STEP.get()

    @contextlib.contextmanager
    def on_behalf_of(self, step):
        token = _STEP.set(step)
        try:
            yield
        finally:
            _STEP.reset(token)

    def is_other_step(self):
        """Whether whoever calls belongs to another step than the one that runs."""
        return self.other_step() is not None

    def other_step(self):
        """The step that whoever calls belongs to, where that is not the one that runs; NOBODY where none is known."""
        step = _STEP.get()
        if step == self._running:
            return None
        if step is None:
            return None if threading.get_ident() == self._main_thread else NOBODY
        return step


def adapt_pool(module):
    """Of `concurrent.futures.thread`: a pool's thread works for whoever gave it the work."""
    submit = module.ThreadPoolExecutor.submit

    def submit_for_step(self, function, /, *arguments, **named):
        return submit(self, _for_step(function), *arguments, **named)

    module.ThreadPoolExecutor.submit = submit_for_step


def _for_step(function):
    step = _STEP.get()

    def run(*arguments, **named):
        token = _STEP.set(step)
        try:
            return function(*arguments, **named)
        finally:
            _STEP.reset(token)

    return run


def _carry_into_threads():
    start, set_ident = threading.Thread.start, threading.Thread._set_ident

    def start_for_step(self):
        self._headwater_step = _STEP.get()
        start(self)

    def set_ident_and_step(self):
        # The first thing that a new thread does. Its context is empty, as a program may rely on; it gets the step alone.
        set_ident(self)
        step = self.__dict__.get("_headwater_step")
        if step is not None:
            _STEP.set(step)

    threading.Thread.start = start_for_step
    threading.Thread._set_ident = set_ident_and_step
