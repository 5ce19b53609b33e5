"""tqdm: a bar that would be written to one of our streams is shown as one output that changes in place, as `headwater.progress` is."""
import contextlib
import json
import time
import weakref

from .offered import PROGRESS_MIME
from .printing import TextStream

# As those of `headwater.progress`.
PROGRESS_SECONDS_MIN = 0.1
TITLE_CHARACTERS_MAX = 200


class Bars:
    def __init__(self, displays, attribution, owner):
        self._displays = displays
        self._attribution = attribution
        self._owner = owner
        self._open = []
        # Of bars that left nothing: the next one of the same step takes the place.
        self._free = []

    def adapt(self, module):
        """Of `tqdm.std`, whose class all others are made from."""
        bar_class = module.tqdm
        write_in_place = bar_class.status_printer

        def status_printer(bar, file=None):
            """How a bar shows itself: as an output of its cell, or as tqdm writes it to any other file."""
            if file is None:
                return write_in_place(bar)
            stream = _stream_behind(file)
            if stream is None or not self._owner.is_here():
                return write_in_place(file)
            bar.fp = _WithoutMovements(stream)
            return self._adopt(bar).print

        bar_class.status_printer = status_printer

    def adapt_notebook(self, module):
        """Of `tqdm.notebook`, whose bars would need ipywidgets."""

        class tqdm_notebook(module.std_tqdm):
            """A bar for notebooks; here all bars are."""

            def __init__(self, *arguments, **named):
                named.pop("display", None)
                super().__init__(*arguments, **named)

        def tnrange(*arguments, **named):
            """Shortcut for `tqdm.notebook.tqdm(range(*args), **kwargs)`."""
            return tqdm_notebook(range(*arguments), **named)

        module.tqdm = module.tqdm_notebook = tqdm_notebook
        module.trange = module.tnrange = tnrange

    def settle(self):
        """At the end of a step: a bar that nobody closed says where it stopped."""
        step, kept = self._attribution.step, []
        for shown in self._open:
            if shown.step == step:
                shown.stop()
            elif shown.is_open:
                kept.append(shown)
        self._open, self._free = kept, []

    def _adopt(self, bar):
        step = self._attribution.step
        handle = self._free.pop() if self._free else None
        shown = _Bar(self, bar, step, handle)
        self._open.append(shown)
        return shown

    def show(self, shown, state, text):
        is_update = shown.handle is not None
        if not is_update:
            shown.handle = self._displays.new_id()
        # Whoever moves the bar on, tqdm's own thread, say, it is part of what the step shows that made it.
        with self._attribution.on_behalf_of(shown.step):
            self._displays.show({"text/plain": text, PROGRESS_MIME: json.dumps(state)}, shown.handle, is_update)

    def leave(self, shown, keeps_place):
        with contextlib.suppress(ValueError):
            self._open.remove(shown)
        if not keeps_place and shown.step == self._attribution.step:
            self._free.append(shown.handle)


class _Bar:
    def __init__(self, bars, bar, step, handle):
        self._bars = bars
        self._bar = weakref.ref(bar)
        self.step = step
        self.handle = handle
        self._shown_at = None

    @property
    def is_open(self):
        return self._bar() is not None

    def print(self, message):
        bar = self._bar()
        if bar is None:
            return
        is_over = bar.disable
        now = time.monotonic()
        if is_over:
            self._show(bar, message, True)
            self._bars.leave(self, keeps_place=message != "")
        # Without a message tqdm makes room on a terminal for other text.
        elif message and (self._shown_at is None or now - self._shown_at >= PROGRESS_SECONDS_MIN):
            self._shown_at = now
            self._show(bar, message, False)

    def stop(self):
        bar = self._bar()
        if bar is not None and self._shown_at is not None:
            self._show(bar, str(bar), True)

    def _show(self, bar, text, is_over):
        title = (bar.desc or "").removesuffix(": ")[:TITLE_CHARACTERS_MAX]
        state = {"title": title, "done": _number(bar.n), "total": _number(bar.total), "isOver": is_over}
        self._bars.show(self, state, text)


class _WithoutMovements:
    """The file of a bar: what moves a terminal's cursor is left out, and what a program writes by way of the bar is not."""

    def __init__(self, stream):
        self._stream = stream

    def write(self, text):
        return self._stream.write(text) if text.strip("\r\n\x1b[A") else len(text)

    def __getattr__(self, name):
        return getattr(self._stream, name)


def _stream_behind(file):
    """One of our streams, which tqdm wraps."""
    stream = getattr(file, "_wrapped", file)
    return stream if isinstance(stream, TextStream) else None


def _number(value):
    """What JSON can say; bars may count in numbers of NumPy, or to infinity."""
    try:
        number = float(value)
    except (TypeError, ValueError):
        return None
    if number != number or number in (float("inf"), float("-inf")):
        return None
    return int(number) if number.is_integer() else number
