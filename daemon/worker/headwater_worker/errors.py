"""An exception as data: where in the notebook it happened and what Python would print."""
import traceback

from .facts import type_name
from .libraries import OWN_FOLDER

FRAMES_MAX = 60
LINE_CHARACTERS_MAX = 1_000
MESSAGE_CHARACTERS_MAX = 20_000
TEXT_CHARACTERS_MAX = 200_000

_TRACEBACK_OF = BaseException.__dict__["__traceback__"].__get__


class Errors:
    def __init__(self, sources, restore_text):
        self._sources = sources
        self._restore = restore_text

    def describe(self, exception):
        """The PythonError of daemon/kernel/kernel.ts."""
        # First of all: TracebackException asks for it, too, and takes an interrupt for a broken `__str__`.
        message = message_of(exception)
        self._complete_syntax_error(exception)
        report = traceback.TracebackException(type(exception), exception, _TRACEBACK_OF(exception), compact=True)
        self._clean(report, set())
        frames = [self._frame(summary) for summary in _shortened(list(report.stack))]
        if isinstance(exception, SyntaxError) and exception.lineno is not None:
            frames.append(self._syntax_frame(exception))
        return {
            "name": self._restore(type_name(type(exception))),
            "message": self._restore(_bounded(message, MESSAGE_CHARACTERS_MAX)),
            "frames": frames,
            "text": self._restore(_bounded("".join(report.format()), TEXT_CHARACTERS_MAX)),
        }

    def describe_poorly(self, exception, failure):
        """Of one that cannot be described: its type, why, and where it was raised. Runs no code of it."""
        name = type_name(type(exception))
        message = f"{name}: it cannot be shown, because showing it raised {type_name(type(failure))}"
        frames = traceback.walk_tb(_TRACEBACK_OF(exception))
        stack = _Stack(self._notebook_part(traceback.StackSummary.extract(frames)))
        text = "".join(["Traceback (most recent call last):\n", *stack.format(), message, "\n"])
        return {
            "name": self._restore(name),
            "message": self._restore(message),
            "frames": [self._frame(summary) for summary in _shortened(list(stack))],
            "text": self._restore(_bounded(text, TEXT_CHARACTERS_MAX)),
        }

    def describe_barely(self, exception):
        """Where the program has broken what Python needs to say more: without the help of the standard library."""
        name = type_name(type(exception))
        message = f"{name}: nothing more can be shown; this program has replaced what Python needs to show errors"
        frames, part = [], _TRACEBACK_OF(exception)
        while part is not None and len(frames) < FRAMES_MAX:
            code = part.tb_frame.f_code
            if self._sources.has(code.co_filename):
                at = {"file": code.co_filename, "line": part.tb_lineno or 1, "column": None}
                frames.append({**at, "function": self._restore(code.co_name), "text": ""})
            part = part.tb_next
        return {"name": self._restore(name), "message": self._restore(message), "frames": frames, "text": self._restore(message + "\n")}

    def _complete_syntax_error(self, exception):
        # The compiler's later passes quote the file on disk; what was compiled may differ from it.
        if isinstance(exception, SyntaxError) and exception.lineno and self._sources.has(exception.filename):
            exception.text = self._sources.line(exception.filename, exception.lineno) + "\n"

    def _clean(self, report, seen):
        """Leaves our frames out, in the exception and in all that it is chained to."""
        if report is None or id(report) in seen:
            return
        seen.add(id(report))
        report.stack = _Stack(self._notebook_part(report.stack))
        for other in (report.__cause__, report.__context__, *(getattr(report, "exceptions", None) or ())):
            self._clean(other, seen)

    def _notebook_part(self, stack):
        for position, summary in enumerate(stack):
            if self._sources.has(summary.filename):
                stack = stack[position:]
                break
        return [summary for summary in stack if not summary.filename.startswith(OWN_FOLDER)]

    def _frame(self, summary):
        return {
            "file": summary.filename,
            "line": summary.lineno or 1,
            "column": _column(self._sources.line(summary.filename, summary.lineno or 1), getattr(summary, "colno", None)),
            "function": self._restore(summary.name),
            "text": _bounded(summary.line or "", LINE_CHARACTERS_MAX),
        }

    def _syntax_frame(self, error):
        return {
            "file": error.filename or "",
            "line": error.lineno,
            "column": error.offset or None,
            "function": "<module>",
            "text": _bounded((error.text or "").strip(), LINE_CHARACTERS_MAX),
        }


class _Stack(traceback.StackSummary):
    def format(self, **options):
        return _shortened(super().format(**options), lambda count: f"  … {count} more frames …\n")


def _shortened(items, note=None):
    """The ends of a long list: how it started and where it broke."""
    if len(items) <= FRAMES_MAX:
        return items
    half = FRAMES_MAX // 2
    return items[:half] + ([note(len(items) - FRAMES_MAX)] if note else []) + items[-half:]


def message_of(exception):
    try:
        text = exception.msg if isinstance(exception, SyntaxError) and exception.msg else exception
        # Without what a subclass of `str` makes of it.
        return str.__str__(str(text))
    except Exception as failure:
        return f"<the message cannot be shown: its __str__ raised {type_name(type(failure))}>"


def _column(line, offset):
    """Characters from 1, out of the bytes from 0 that Python counts."""
    return None if offset is None else len(line.encode()[:offset].decode(errors="ignore")) + 1


def _bounded(text, limit):
    return text if len(text) <= limit else f"{text[:limit]}… {len(text) - limit} more characters"
