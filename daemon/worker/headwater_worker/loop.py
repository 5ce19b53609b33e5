"""Top-level `await`: one event loop for the notebook, made when first needed."""
from . import standard


class Loop:
    def __init__(self):
        self._loop = None
        self._task = None
        self._is_cancelled = False

    def run(self, coroutine):
        asyncio = standard.load("asyncio")
        if self._loop is None or self._loop.is_closed():
            self._loop = asyncio.new_event_loop()
        self._is_cancelled = False
        task = self._task = self._loop.create_task(coroutine)
        try:
            return self._loop.run_until_complete(task)
        except asyncio.CancelledError:
            if not self._is_cancelled:
                raise
            raise KeyboardInterrupt from None
        except BaseException:
            if not task.done():
                # An interrupt leaves the task where it waits; its `finally` blocks are still to run.
                task.cancel()
                self._loop.run_until_complete(asyncio.gather(task, return_exceptions=True))
            raise
        finally:
            self._task = None

    def cancel(self):
        """Cancels the step's task where it waits, and says whether it does. For a signal handler of the main thread."""
        task = self._task
        if task is None or task.done() or not self._loop.is_running():
            return False
        if standard.load("asyncio").current_task(self._loop) is not None:
            return False
        self._is_cancelled = True
        self._loop.call_soon_threadsafe(task.cancel)
        return True
