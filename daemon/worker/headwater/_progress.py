"""How far a loop is, shown at most ten times a second."""
import time
from collections.abc import Iterable, Iterator
from typing import Any, Generic, TypeVar

from . import _surroundings

_SECONDS_MIN = 0.1
_BAR_CHARACTERS = 24
_TITLE_CHARACTERS_MAX = 200

Item = TypeVar("Item")


def progress(iterable: Iterable[Item], *, title: object = None, total: "int | None" = None) -> "Progress[Item]":
    """Iterate and show how far it is. The total is asked of the iterable unless it is given."""
    return Progress(iterable, title, total)


progress.__module__ = "headwater"


class Progress(Generic[Item]):
    def __init__(self, iterable: Iterable[Item], title: object, total: "int | None") -> None:
        self._iterable = iterable
        self._title = "" if title is None else str(title)[:_TITLE_CHARACTERS_MAX]
        self._total = _length(iterable) if total is None else total

    def __len__(self) -> int:
        return len(self._iterable)  # type: ignore[arg-type]

    def __iter__(self) -> Iterator[Item]:
        surroundings = _surroundings.current
        done, shown_at = 0, time.monotonic()
        handle = self._show(surroundings, None, done, False)
        try:
            for item in self._iterable:
                yield item
                done += 1
                now = time.monotonic()
                if now - shown_at >= _SECONDS_MIN:
                    shown_at = now
                    self._show(surroundings, handle, done, False)
        finally:
            # Also where the loop was left before its end.
            self._show(surroundings, handle, done, True)

    def _show(self, surroundings: Any, handle: object, done: int, is_over: bool) -> object:
        state = {"title": self._title, "done": done, "total": self._total, "isOver": is_over}
        return surroundings.show_progress(handle, state, _text(self._title, done, self._total))


def _length(iterable: object) -> "int | None":
    try:
        return len(iterable)  # type: ignore[arg-type]
    except TypeError:
        return None


def _text(title: str, done: int, total: "int | None") -> str:
    before = f"{title}: " if title else ""
    if not total:
        return f"{before}{done}"
    filled = min(_BAR_CHARACTERS, round(_BAR_CHARACTERS * done / total))
    return f"{before}{'█' * filled}{'░' * (_BAR_CHARACTERS - filled)} {done} of {total}"
