"""How a step ended, as the daemon hears it.

The exception is the program's own: what it does when it is asked may hang, fail or lie. None of it may do more than make what is told
poorer. So it is asked its real type, not its `__class__`, and what runs code of it is guarded.
"""
from .errors import message_of
from .offered import Stop

_EXIT_CODE_MAX = 2**31


class Outcomes:
    def __init__(self, interrupts, errors, is_stop):
        self._interrupts = interrupts
        self._errors = errors
        self._is_stop = is_stop

    def of(self, exception):
        """None is a step that came to its end."""
        if exception is None:
            return {"type": "ok"}
        if _is(exception, KeyboardInterrupt):
            return {"type": "interrupted"}
        if _is(exception, Stop) or self._is_stop(exception):
            return {"type": "stopped"}
        return self._exited(exception) if _is(exception, SystemExit) else self._raised(exception)

    def _raised(self, exception):
        error, failure = self._asked(lambda: self._errors.describe(exception))
        if failure is None:
            return {"type": "raised", "error": error}
        if _is(failure, KeyboardInterrupt):
            return {"type": "interrupted"}
        error, again = self._asked(lambda: self._errors.describe_poorly(exception, failure))
        return {"type": "raised", "error": self._errors.describe_barely(exception) if again is not None else error}

    def _exited(self, exception):
        """As Python ends: where the code cannot be had, the exception itself is what is written."""
        code, failure = self._asked(lambda: exception.code)
        if failure is not None:
            code = exception
        if code is None:
            return {"type": "exited", "code": 0}
        if _is(code, int):
            return {"type": "exited", "code": _exit_code(int.__index__(code))}
        message, _ = self._asked(lambda: message_of(code))
        return {"type": "exited", "code": 1, "message": message or ""}

    def _asked(self, ask):
        """What it answers, and how it failed."""
        answers = []
        failure = self._interrupts.guard(lambda: answers.append(ask()))
        return (answers[0] if answers else None), failure


def _is(value, kind):
    return issubclass(type(value), kind)


def _exit_code(code):
    """Of a large one the low byte is left; Python takes one that is no C long for -1."""
    if abs(code) < _EXIT_CODE_MAX:
        return code
    return code & 0xFF if -(2**63) <= code < 2**63 else 0xFF
