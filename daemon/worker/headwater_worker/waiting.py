"""What a process does until it is a kernel, which may take long: it says whether it would still start the same, and may have others forked from it."""
from . import origins
from .leading_imports import leading_imports
from .preloaded import Preloaded
from .zygote import SOCKET_MODULE, Zygote


class Waiting:
    def __init__(self, channel, new_kernel):
        self._channel = channel
        self._new_kernel = new_kernel
        self._kernel = None
        self._preloaded = None
        self._begun = origins.look()

    def table(self):
        """Until the message comes that makes this process a kernel."""
        return {"look": lambda message: self._channel.send(self._look(message)), "prepare": self._prepare}

    def kernel(self, start):
        return self._kernel or self._new_kernel(start)

    def _prepare(self, message):
        """From here on this process only has others forked from it, and this returns in these."""
        self._kernel = self._new_kernel(message)
        self._preloaded = Preloaded()
        count, problem = self._preloaded.load(message["codes"], message["importsMax"], also=SOCKET_MODULE)
        self._begun = self._origins()
        self._channel.send({"type": "prepared", "imports": count, "problem": problem})
        Zygote(self._channel, self._preloaded).serve(self._look)

    def _look(self, message):
        is_as_new = self._origins() == self._begun
        if self._preloaded is not None:
            imports = leading_imports(message["codes"])
            is_as_new = is_as_new and imports == self._preloaded.imports and self._preloaded.is_found_as_then()
        return {"type": "looked", "isAsNew": is_as_new}

    def _origins(self):
        return origins.look(self._preloaded.modules() if self._preloaded else ())
