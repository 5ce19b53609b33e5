"""pyplot's open figures: each number is a state, and so is which numbers are open, in which order: the last one is drawn on.

What a figure held before it was drawn on cannot be had again: whoever needs that needs the cell again that made the figure.
"""
import contextlib
import functools

from ..artists import figures_in
from .change import MISSING, Change

STACK = "<pyplot>"
_FIGURE = "<figure "


class FigureStack:
    def __init__(self, loading):
        # pyplot's own list of open figures, once it is there.
        self._stack = None
        # By number, in order, as last seen.
        self._seen = {}
        self._traces = {}
        self._reads = {}
        # Numbers that should be open, whose figures cannot be had.
        self._missing = ()
        self._is_quiet = False
        loading.then("matplotlib._pylab_helpers", self._adapt)

    def look(self):
        figures = self._figures()
        if figures is None:
            return {}
        drawn = {number for number, manager in self._seen.items() if self._trace(manager).take()}
        now, seen = dict(figures), self._seen
        if not drawn and now == seen and [*now] == [*seen]:
            return {}
        changes = {}
        for number in {**seen, **now}:
            before, after = seen.get(number, MISSING), now.get(number, MISSING)
            if before is not after:
                changes[f"{_FIGURE}{number}>"] = Change(before, after)
            elif number in drawn:
                changes[f"{_FIGURE}{number}>"] = Change(before, after, is_read=True, is_consumed=True)
        if [*now] != [*seen]:
            changes[STACK] = Change((*seen,), (*now,))
        self._remember(now)
        return changes

    def put(self, states):
        figures = self._figures()
        states = {name: state for name, state in states.items() if name == STACK or name.startswith(_FIGURE)}
        if not states or figures is None:
            return
        order = states.pop(STACK, tuple(figures))
        stack = dict(figures)
        for name, manager in states.items():
            number = int(name[len(_FIGURE) : -1])
            if manager is MISSING:
                stack.pop(number, None)
            else:
                stack[number] = manager
        order = () if order is MISSING else order
        self._missing = [number for number in order if number not in stack]
        figures.clear()
        for number in sorted(stack, key=lambda number: order.index(number) if number in order else -1):
            figures[number] = stack[number]
        self._remember(dict(figures))

    def reads(self):
        """Names of the states that the step has asked for since this was last called."""
        reads, self._reads = self._reads, {}
        return reads

    def unshown(self):
        """Figures that have been drawn on since they were last shown."""
        return [manager.canvas.figure for manager in (self._figures() or {}).values() if self._trace(manager).is_unshown]

    def note_shown(self, figure):
        """Until it is drawn on again."""
        for manager in (self._figures() or {}).values():
            if manager.canvas.figure is figure:
                self._trace(manager).is_unshown = False

    def read_all(self):
        for manager in [*(self._figures() or {}).values()]:
            self._note_read(manager)

    def read_in(self, values):
        """Values that are drawings are read with the figures that they stand on."""
        if not self._seen:
            return
        figures = {id(figure) for value in values for figure in figures_in(value)}
        for number, manager in self._seen.items():
            if id(manager.canvas.figure) in figures:
                self._reads[f"{_FIGURE}{number}>"] = None

    @contextlib.contextmanager
    def quietly(self):
        """To save a figure changes it for a moment."""
        is_quiet, self._is_quiet = self._is_quiet, True
        try:
            yield
        finally:
            self._is_quiet = is_quiet

    def _figures(self):
        return None if self._stack is None else self._stack.figs

    def _adapt(self, module):
        self._stack = stack = module.Gcf
        for name in ("get_active", "get_fig_manager"):
            setattr(stack, name, self._told(getattr(stack, name)))
        for name in ("destroy", "destroy_all"):
            setattr(stack, name, self._told_before(getattr(stack, name)))

    def _told(self, get):
        @functools.wraps(get.__func__)
        def get_and_tell(_, *arguments):
            manager = get(*arguments)
            self._note_read(manager)
            return manager

        return classmethod(get_and_tell)

    def _told_before(self, close):
        @functools.wraps(close.__func__)
        def tell_and_close(_, *arguments):
            for one in arguments or [None, *self._seen.values()]:
                self._note_read(self._seen.get(one) if isinstance(one, int) else one)
            return close(*arguments)

        return classmethod(tell_and_close)

    def _note_read(self, manager):
        """One that the step itself has made tells nothing of others."""
        number = next((number for number, seen in self._seen.items() if seen is manager), None)
        if manager is None or number is not None:
            self._reads[STACK] = None
        if number is not None:
            self._reads[f"{_FIGURE}{number}>"] = None
        self._reads.update({f"{_FIGURE}{number}>": None for number in self._missing})

    def _remember(self, figures):
        self._seen = figures
        kept = {id(manager): self._trace(manager) for manager in figures.values()}
        self._traces = kept

    def _trace(self, manager):
        trace = self._traces.get(id(manager))
        if trace is None or trace.manager is not manager:
            trace = self._traces[id(manager)] = _Trace(manager, self)
        return trace

    @property
    def is_quiet(self):
        return self._is_quiet


class _Trace:
    """Whether a figure was drawn on: whatever is drawn tells its figure that it is to be drawn anew."""

    def __init__(self, manager, stack):
        self.manager = manager
        self.is_drawn = False
        self.is_unshown = True
        figure = manager.canvas.figure
        before = figure.stale_callback

        def note(changed, value):
            if value and not stack.is_quiet:
                self.is_drawn = self.is_unshown = True
            if before is not None:
                before(changed, value)

        figure.stale_callback = note

    def take(self):
        is_drawn, self.is_drawn = self.is_drawn, False
        return is_drawn
