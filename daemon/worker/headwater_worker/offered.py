"""The module `headwater` that a notebook may import without having installed anything: stop, display, clear, md, progress.

It is found last: a module of this name that is installed, or stands in the notebook's folder, is the one that is imported.
"""
import importlib.machinery
import json
import sys
import time

NAME = "headwater"
PROGRESS_MIME = "application/vnd.headwater.progress+json"
PROGRESS_SECONDS_MIN = 0.1
_BAR_CHARACTERS = 24
TITLE_CHARACTERS_MAX = 200


class Stop(BaseException):
    """How a cell ends itself. No Exception: code that catches those goes on to mean errors."""

    __module__ = NAME


class Offered:
    def __init__(self, displays):
        self._displays = displays

    def install(self):
        sys.meta_path.append(self)

    def find_spec(self, name, path=None, target=None):
        return importlib.machinery.ModuleSpec(NAME, self, origin="Headwater") if name == NAME else None

    def create_module(self, spec):
        return None

    def exec_module(self, module):
        displays = self._displays

        def stop(condition=True, output=None):
            """End this cell here if the condition holds, and show the output. What depends on the cell is skipped."""
            if condition:
                if output is not None:
                    displays.show_value(output)
                raise Stop()

        def clear(wait=False):
            """Take away what this cell has shown and printed so far. With wait, when its next output comes: nothing flickers."""
            displays.clear(wait)

        def progress(iterable, *, title=None, total=None):
            """Iterate and show how far it is. The total is asked of the iterable unless it is given."""
            return _Progress(displays, iterable, title, total)

        module.__doc__ = "What Headwater offers to a notebook: stop, display, clear, md, progress."
        module.__all__ = ["clear", "display", "md", "progress", "stop"]
        module.display, module.md = displays.display, Markdown
        for function in (stop, clear, progress):
            function.__module__, function.__qualname__ = NAME, function.__name__
            setattr(module, function.__name__, function)


class Markdown:
    """Text that is shown as Markdown."""

    __module__ = NAME

    def __init__(self, text):
        self.text = str(text)

    def _repr_markdown_(self):
        return self.text

    def __repr__(self):
        return self.text


class _Progress:
    def __init__(self, displays, iterable, title, total):
        self._displays = displays
        self._iterable = iterable
        self._title = "" if title is None else str(title)[:TITLE_CHARACTERS_MAX]
        self._total = _length(iterable) if total is None else total

    def __len__(self):
        return len(self._iterable)

    def __iter__(self):
        handle = self._displays.new_id()
        done, shown_at = 0, time.monotonic()
        self._show(handle, done, False, False)
        try:
            for item in self._iterable:
                yield item
                done += 1
                now = time.monotonic()
                if now - shown_at >= PROGRESS_SECONDS_MIN:
                    shown_at = now
                    self._show(handle, done, False, True)
        finally:
            # Also where the loop was left before its end.
            self._show(handle, done, True, True)

    def _show(self, handle, done, is_over, is_update):
        state = {"title": self._title, "done": done, "total": self._total, "isOver": is_over}
        parts = {"text/plain": _text(self._title, done, self._total), PROGRESS_MIME: json.dumps(state)}
        self._displays.show(parts, display_id=handle, is_update=is_update)


def _length(iterable):
    try:
        return len(iterable)
    except TypeError:
        return None


def _text(title, done, total):
    before = f"{title}: " if title else ""
    if not total:
        return f"{before}{done}"
    filled = min(_BAR_CHARACTERS, round(_BAR_CHARACTERS * done / total))
    return f"{before}{'█' * filled}{'░' * (_BAR_CHARACTERS - filled)} {done} of {total}"
