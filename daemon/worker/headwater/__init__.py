"""What Headwater offers to a notebook: stop, display, clear, md, progress.

In Headwater they act on the cell that calls them. Under plain Python they print, and `stop` ends the program.
"""
from . import _surroundings
from ._markdown import Markdown as md
from ._progress import progress

__all__ = ["clear", "display", "md", "progress", "stop"]


def stop(condition: object = True, output: object = None) -> None:
    """End this cell here if the condition holds, and show the output. What depends on the cell is skipped."""
    if condition:
        if output is not None:
            _surroundings.current.display(output)
        _surroundings.current.stop()


def display(*values: object, display_id: object = None, clear: bool = False, **how: object) -> _surroundings.Handle | None:
    """Show values in place among the printed text. With `display_id`, give a handle whose `update` replaces them."""
    handle: _surroundings.Handle | None = _surroundings.current.display(*values, display_id=display_id, clear=clear, **how)
    return handle


def clear(wait: bool = False) -> None:
    """Take away what this cell has shown and printed so far. With wait, when its next output comes: nothing flickers."""
    _surroundings.current.clear(wait)
