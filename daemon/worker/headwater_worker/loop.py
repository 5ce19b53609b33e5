"""Top-level `await`: one event loop for the notebook, made when first needed."""
import importlib
import sys


class Loop:
    def __init__(self, standard_path):
        self._standard_path = standard_path
        self._loop = None

    def run(self, coroutine):
        asyncio = self._asyncio()
        if self._loop is None or self._loop.is_closed():
            self._loop = asyncio.new_event_loop()
        task = self._loop.create_task(coroutine)
        try:
            return self._loop.run_until_complete(task)
        except BaseException:
            if not task.done():
                self._cancel(asyncio, task)
            raise

    def _cancel(self, asyncio, task):
        """An interrupt leaves the task where it waits; its `finally` blocks are still to run."""
        task.cancel()
        self._loop.run_until_complete(asyncio.gather(task, return_exceptions=True))

    def _asyncio(self):
        if "asyncio" in sys.modules:
            return sys.modules["asyncio"]
        # The notebook's folder may hold files named like the modules that asyncio is made of.
        path, sys.path[:] = list(sys.path), self._standard_path
        try:
            return importlib.import_module("asyncio")
        finally:
            sys.path[:] = path
