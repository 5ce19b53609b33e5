"""Ticks while a step runs, and for a while after it, so that no text waits for more to come. Otherwise it costs nothing."""
import _thread
import time

TICK_SECONDS = 0.01
_IDLE_TICKS_MAX = 50


class Clock:
    def __init__(self, tick):
        self._tick = tick
        self._is_needed = False
        self._is_asleep = False
        self._idle = 0
        self._sleep = _thread.allocate_lock()
        self._sleep.acquire()

    def begin(self):
        self._is_needed = True
        self.wake()

    def end(self):
        self._is_needed = False

    def wake(self):
        """Something waits for the next tick."""
        self._idle = 0
        if self._is_asleep:
            self._is_asleep = False
            try:
                self._sleep.release()
            except RuntimeError:  # another thread was faster
                pass

    def run(self):
        while True:
            time.sleep(TICK_SECONDS)
            self._idle = 0 if self._is_needed else self._idle + 1
            self._tick()
            if self._idle > _IDLE_TICKS_MAX:
                self._is_asleep = True
                # Asked again, as it may have been woken before it slept.
                if self._idle > _IDLE_TICKS_MAX and not self._is_needed:
                    self._sleep.acquire()
                self._is_asleep = False
