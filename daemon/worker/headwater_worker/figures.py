"""matplotlib: a backend of our own, so that figures are shown without a screen. Nothing is loaded before the program loads it."""
import contextlib
import importlib.machinery
import io
import os
import sys

from .artists import figure_of
from .bundle import bundle_of, plain_text
from .loaded import class_in

_BACKEND = "headwater_matplotlib"


class Figures:
    def __init__(self, displays, stack):
        self._displays = displays
        self._stack = stack
        self._is_shown = True

    def install(self, loading):
        self._displays.bundle_of = self._bundle_of
        loading.around("matplotlib", _backend_chosen)
        sys.meta_path.insert(0, self)

    def begin(self, is_shown):
        """In a plain script run, figures are drawn only into the files that the program names."""
        self._is_shown = is_shown

    def find_spec(self, name, path=None, target=None):
        if name != _BACKEND:
            return None
        return importlib.machinery.ModuleSpec(name, _BackendLoader(self.show_and_close, self._stack.quietly))

    def show_open(self):
        """Shows the open figures that were drawn on, in the order they were made. They stay open, as in a script."""
        if not self._is_shown:
            return
        for figure in self._stack.unshown():
            self._stack.note_shown(figure)
            if len(figure.get_children()) > 1:
                self._displays.show({"text/plain": plain_text(figure), "image/png": self._png(figure)})

    def show_and_close(self, *_, **__):
        """As `plt.show()`, where a person closes the windows. What was shown before is not shown again."""
        stack = class_in("matplotlib._pylab_helpers", "Gcf")
        if stack is None or not self._is_shown:
            return
        self._stack.read_all()
        self.show_open()
        stack.destroy_all()

    def _bundle_of(self, value):
        return self._picture(value) or bundle_of(value)

    def _picture(self, value):
        """For a value that is a figure or was drawn on one: its picture; the figure is then not shown again."""
        figure = figure_of(value)
        if figure is None:
            return None
        self._stack.note_shown(figure)
        try:
            return {"text/plain": plain_text(value), "image/png": self._png(figure)}
        except Exception:
            # What matplotlib cannot draw is shown as the text that it is.
            return None

    def _png(self, figure):
        target = io.BytesIO()
        with self._stack.quietly():
            # A figure is made as large as what is drawn on it needs.
            figure.savefig(target, format="png", bbox_inches="tight")
        return target.getvalue()


@contextlib.contextmanager
def _backend_chosen():
    """Only for a moment: child processes know nothing of it."""
    if os.environ.get("MPLBACKEND"):
        # The person chose one.
        yield
        return
    os.environ["MPLBACKEND"] = f"module://{_BACKEND}"
    try:
        yield
    finally:
        del os.environ["MPLBACKEND"]


class _BackendLoader:
    def __init__(self, show, quietly):
        self._show = show
        self._quietly = quietly

    def create_module(self, spec):
        return None

    def exec_module(self, module):
        from matplotlib.backend_bases import FigureManagerBase
        from matplotlib.backends.backend_agg import FigureCanvasAgg

        quietly = self._quietly

        class FigureCanvas(FigureCanvasAgg):
            def print_figure(self, *arguments, **named):
                with quietly():
                    return super().print_figure(*arguments, **named)

            def draw(self):
                with quietly():
                    return super().draw()

        module.FigureCanvas = FigureCanvas
        module.FigureManager = FigureManagerBase
        module.show = self._show
