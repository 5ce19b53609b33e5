"""Runs one step: its names, its code, its result, and what became of it."""
import os
import time

from .bundle import bundle_of
from .errors import Errors
from .privates import Privates
from .source import Sources

_CO_COROUTINE = 0x80
_EXIT_CODE_MAX = 2**31


class Evaluator:
    def __init__(self, channel, interrupts, streams, namespace, displays, figures, loop):
        self._channel = channel
        self._interrupts = interrupts
        self._streams = streams
        self._namespace = namespace
        self._displays = displays
        self._figures = figures
        self._loop = loop
        self._sources = Sources()
        self._privates = {}
        self._errors = Errors(self._sources, self._restore_text)
        self._owner = os.getpid()

    def evaluate(self, evaluation):
        step = evaluation["step"]
        self._streams.begin(step)
        started = time.perf_counter()
        outcome = self._outcome(evaluation)
        # What the step's last objects print when they go still belongs to the step.
        kept = self._settle(evaluation, outcome)
        self._streams.flush()
        duration = (time.perf_counter() - started) * 1000
        if os.getpid() != self._owner:
            # The step forked, and this is the child: like a script's, it ends where its text ends.
            os._exit(0)
        self._streams.end(step)
        self._channel.send({"type": "finished", "step": step, "outcome": outcome, **kept, "durationMs": duration})

    def _outcome(self, evaluation):
        step = evaluation["step"]
        self._privates[step] = Privates(evaluation["locals"], f"{evaluation['localPrefix']}{step}_")
        preparing = self._prepare(evaluation)
        if preparing is not None:
            return {"type": "raised", "error": self._errors.describe(preparing)}
        self._figures.begin(evaluation["wantsResult"])
        self._interrupts.begin(step)
        ended = self._interrupts.guard(lambda: self._run(evaluation))
        finishing = self._interrupts.guard(self._finish)
        failure = ended or finishing
        outcome = self._describe(failure)
        self._interrupts.end()
        if failure is not None:
            # Frames and exception hold each other; what the step's functions held is to go now.
            failure.__traceback__ = None
        return outcome

    def _prepare(self, evaluation):
        try:
            self._namespace.prepare(evaluation)
            for step in evaluation["forget"]:
                self._forget(step)
        except Exception as exception:
            return exception
        finally:
            self._namespace.remember()
        return None

    def _forget(self, step):
        self._sources.forget(step)
        privates = self._privates.pop(step, None)
        if privates is not None:
            for name in [name for name in self._namespace.globals if privates.owns(name)]:
                del self._namespace.globals[name]

    def _run(self, evaluation):
        privates = self._privates[evaluation["step"]]
        body, result = self._sources.compile(evaluation, privates)
        self._execute(body)
        if result is None:
            return
        value = self._execute(result)
        if value is not None:
            self._displays.show(self._figures.result_bundle(value) or bundle_of(value), is_result=True)

    def _execute(self, code):
        value = eval(code, self._namespace.globals)
        return self._loop.run(value) if code.co_flags & _CO_COROUTINE else value

    def _finish(self):
        self._figures.show_open()
        self._streams.flush()

    def _describe(self, exception):
        if exception is None:
            return {"type": "ok"}
        if isinstance(exception, KeyboardInterrupt):
            return {"type": "interrupted"}
        if isinstance(exception, SystemExit):
            return _exit_outcome(exception.code)
        described = {}
        # Telling what happened runs the program's own `__str__`, which may hang, too.
        failure = self._interrupts.guard(lambda: described.update(self._errors.describe(exception)))
        if isinstance(failure, KeyboardInterrupt):
            return {"type": "interrupted"}
        if failure is not None:
            described = _undescribable(exception, failure)
        return {"type": "raised", "error": described}

    def _settle(self, evaluation, outcome):
        if outcome["type"] == "ok":
            return self._namespace.keep(evaluation["step"], evaluation["writes"], self._is_private)
        return self._namespace.discard(evaluation["writes"], self._is_private)

    def _is_private(self, name):
        return any(privates.owns(name) for privates in self._privates.values())

    def _restore_text(self, text):
        for privates in self._privates.values():
            text = privates.restore_text(text)
        return text


def _exit_outcome(code):
    if code is None:
        return {"type": "exited", "code": 0}
    if isinstance(code, int):
        return {"type": "exited", "code": int(code) if abs(code) < _EXIT_CODE_MAX else 1}
    return {"type": "exited", "code": 1, "message": str(code)}


def _undescribable(exception, failure):
    text = f"{type(exception).__name__}: it cannot be shown, because showing it raised {type(failure).__name__}"
    return {"name": type(exception).__name__, "message": text, "frames": [], "text": text + "\n"}
