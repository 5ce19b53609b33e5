"""Which names code reads that the program makes while it runs: `eval(text)`, `exec(text)`, `df.query(text)`.

Python tells of such code by audit events. A hook stays as long as the process, so there is none before a step asks for it.
"""
import builtins
import re
import sys
import types

from . import standard
from .held import globals_of

NAMES_MAX = 200
_STORES = ("STORE_NAME", "STORE_GLOBAL")
# What pandas makes of `@name`.
_MARKED = re.compile(r"\b__pd_eval_local_(\w+)")


class Evaluated:
    def __init__(self, namespace):
        self._namespace = namespace
        self._is_heard = False
        self._names = None

    def begin(self, is_asked):
        if is_asked and not self._is_heard:
            self._is_heard = True
            sys.addaudithook(self._hear)
        self._names = {} if self._is_heard else None

    def end(self):
        """Of the notebook's names, and of those that it lacks, the first that were read."""
        names, self._names = self._names, None
        return [*names][:NAMES_MAX] if names else []

    def _hear(self, event, args):
        if self._names is None:
            return
        # Whatever goes wrong here would be an error of the program's own.
        try:
            if event == "exec":
                self._note_code(args[0], sys._getframe(1))
            elif event == "compile":
                self._note_source(args[0])
        except Exception:
            pass

    def _note_code(self, code, caller):
        """Called by the notebook; libraries make code for themselves."""
        if caller.f_globals is not self._namespace.globals or type(code) is not types.CodeType:
            return
        stored = {step.argval for step in standard.load("dis").get_instructions(code) if step.opname in _STORES}
        known = self._namespace.globals
        for name in globals_of(code):
            if name not in stored and (name in known or not hasattr(builtins, name)):
                self._names[name] = None

    def _note_source(self, source):
        text = source.decode(errors="replace") if isinstance(source, bytes) else source
        if isinstance(text, str):
            self._names.update(dict.fromkeys(_MARKED.findall(text)))
