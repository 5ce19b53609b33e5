"""Where what a notebook shows goes. The worker of Headwater puts its own in the place of `current`."""
import sys
from typing import Any


class PlainPython:
    """No Headwater: what is shown is printed, and nothing that was printed can be taken away."""

    def display(self, *values: object, display_id: object = None, **_: object) -> "Handle | None":
        for value in values:
            print(repr(value))
        return None if display_id is None or display_id is False else Handle(display_id)

    def clear(self, wait: bool) -> None:
        pass

    def stop(self) -> None:
        """Plain Python does not know what depends on the cell, so nothing more runs."""
        raise SystemExit

    def show_progress(self, handle: object, state: "dict[str, Any]", text: str) -> None:
        """One line of a terminal; elsewhere only how it ended."""
        stream = sys.stderr
        if stream is None:
            return
        if stream.isatty():
            stream.write(f"\r\x1b[K{text}" + ("\n" if state["isOver"] else ""))
            stream.flush()
        elif state["isOver"]:
            stream.write(f"{text}\n")


class Handle:
    """What `display` gives where it was given a `display_id`; the worker has its own."""

    def __init__(self, display_id: object) -> None:
        self.display_id = display_id

    def display(self, value: object, **_: object) -> None:
        print(repr(value))

    update = display


current: Any = PlainPython()
