"""Rich output: `display(…)` and results, each in its place among the printed text."""
import itertools
import threading

from .bundle import FAILURES, bundle_of, method_of, summary_of


class Displays:
    def __init__(self, channel, streams, shield, owner):
        self._channel = channel
        self._streams = streams
        self._shield = shield
        self._numbers = itertools.count(1)
        self._handles = itertools.count(1)
        self._lock = threading.RLock()
        self._owner = owner
        # Who knows a better picture of some values puts itself here.
        self.bundle_of = bundle_of

    def display(self, *values, display_id=None, raw=False, clear=False, include=None, exclude=None, metadata=None, **_):
        """Shows values, as IPython's display does. With `display_id` gives a handle whose `update` replaces them."""
        handle = self._handle(display_id)
        if clear:
            self.clear(wait=True)
        for value in values:
            if raw and isinstance(value, dict):
                self.show(value, display_id=handle and handle.display_id)
            else:
                self.show_value(value, display_id=handle and handle.display_id)
        return handle

    def show_value(self, value, **how):
        parts = self.bundle_of(value)
        show_itself = method_of(value, "_ipython_display_")
        # What has nothing to give but text may show itself by calls of its own.
        if show_itself is None or len(parts) > 1:
            return self.show(parts, **how)
        try:
            show_itself(value)
        except FAILURES as failure:
            self.show({"text/plain": f"{parts['text/plain']}\n(_ipython_display_ raised {summary_of(failure)})"}, **how)

    def show(self, parts, display_id=None, is_update=False, is_result=False):
        if not self._owner.is_here():
            # A forked child has no channel to the daemon; its text is heard all the same.
            return print(parts["text/plain"])
        bundle, attachments = _split(parts)
        message = {"type": "display", "bundle": bundle, "displayId": display_id, "isUpdate": is_update, "isResult": is_result}
        self.announce(message, attachments)

    def clear(self, wait=False):
        """Takes away what the step has shown and printed so far; with `wait` when the next output comes."""
        if self._owner.is_here():
            self.announce({"type": "clear", "waits": bool(wait)}, place=self._streams.place_in_both)

    def announce(self, message, attachments=(), place=None):
        """Sends what has its place among the printed text, and gives its number."""
        with self._shield, self._lock:
            number = next(self._numbers)
            # The frame goes first: whoever meets the mark in the text will not wait long for it.
            self._channel.send({**message, "number": number}, attachments)
            (place or self._streams.place)(number)
            return number

    def _handle(self, display_id):
        if display_id is None or display_id is False:
            return None
        return DisplayHandle(self, self.new_id() if display_id is True else str(display_id))

    def new_id(self):
        return f"display-{next(self._handles)}"


class DisplayHandle:
    def __init__(self, displays, display_id):
        self._displays = displays
        self.display_id = display_id

    def display(self, value, **_):
        self._displays.show_value(value, display_id=self.display_id)

    def update(self, value, **_):
        self._displays.show_value(value, display_id=self.display_id, is_update=True)

    def __repr__(self):
        return f"<DisplayHandle display_id={self.display_id}>"


def _split(parts):
    """Bytes travel behind the JSON; in their place is their length."""
    bundle, attachments = {}, []
    for mime, part in parts.items():
        if isinstance(part, str):
            bundle[mime] = part
        else:
            bundle[mime] = len(part)
            attachments.append(part)
    return bundle, attachments
