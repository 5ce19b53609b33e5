"""Top-level `await`: one event loop for the notebook, made when first needed."""
from . import standard


class Loop:
    def __init__(self):
        self._loop = None

    def run(self, coroutine):
        asyncio = standard.load("asyncio")
        if self._loop is None or self._loop.is_closed():
            self._loop = asyncio.new_event_loop()
        task = self._loop.create_task(coroutine)
        try:
            return self._loop.run_until_complete(task)
        except BaseException:
            if not task.done():
                # An interrupt leaves the task where it waits; its `finally` blocks are still to run.
                task.cancel()
                self._loop.run_until_complete(asyncio.gather(task, return_exceptions=True))
            raise
