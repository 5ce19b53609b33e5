"""matplotlib: a backend of our own, so that figures are shown without a screen. Nothing is loaded before the program loads it."""
import importlib.machinery
import io
import os
import sys

from .bundle import bundle_of, plain_text

_BACKEND = "headwater_matplotlib"


class Figures:
    def __init__(self, displays):
        self._displays = displays
        self._is_shown = True

    def install(self):
        self._displays.bundle_of = self._bundle_of
        sys.meta_path.insert(0, self)

    def begin(self, is_shown):
        """In a plain script run, figures are drawn only into the files that the program names."""
        self._is_shown = is_shown

    def find_spec(self, name, path=None, target=None):
        if name == _BACKEND:
            return importlib.machinery.ModuleSpec(name, _BackendLoader(self.show_open))
        if name != "matplotlib":
            return None
        spec = importlib.machinery.PathFinder.find_spec(name, path, target)
        if spec is not None and spec.loader is not None:
            spec.loader = _LoaderWithBackend(spec.loader)
        return spec

    def show_open(self, *_, **__):
        """Shows the open figures, in the order they were made, and closes them."""
        helpers = sys.modules.get("matplotlib._pylab_helpers")
        if helpers is None or not self._is_shown:
            return
        for manager in helpers.Gcf.get_all_fig_managers():
            figure = manager.canvas.figure
            helpers.Gcf.destroy(manager)
            if len(figure.get_children()) > 1:
                self._displays.show({"text/plain": plain_text(figure), "image/png": _png(figure)})

    def _bundle_of(self, value):
        return self._picture(value) or bundle_of(value)

    def _picture(self, value):
        """For a value that is a figure or was drawn on one: its picture; the figure is then not shown again."""
        figure = _figure_of(value)
        if figure is None:
            return None
        helpers = sys.modules.get("matplotlib._pylab_helpers")
        if helpers is not None:
            helpers.Gcf.destroy_fig(figure)
        try:
            return {"text/plain": plain_text(value), "image/png": _png(figure)}
        except Exception:
            # What matplotlib cannot draw is shown as the text that it is.
            return None


def _figure_of(value):
    artist = sys.modules.get("matplotlib.artist")
    if artist is None:
        return None
    figures = {id(figure): figure for figure in _figures_in(value, artist.Artist, depth=3)}
    return next(iter(figures.values())) if len(figures) == 1 and all(_figures_in(value, artist.Artist, depth=3)) else None


def _figures_in(value, artist, depth):
    """The figure of each artist in a value; None for what is no artist."""
    if isinstance(value, artist):
        return [_root_figure(value)]
    if type(value).__name__ == "ndarray" and value.dtype == object:
        value = list(value.flat)
    if depth and isinstance(value, (list, tuple)) and 0 < len(value) <= 1000:
        return [figure for item in value for figure in _figures_in(item, artist, depth - 1)]
    return [None]


def _root_figure(artist):
    """The figure that an artist is or stands on; a part of a figure (SubFigure) belongs to the whole."""
    figure = artist
    while figure is not None and not hasattr(figure, "savefig"):
        outer = getattr(figure, "figure", None)
        figure = None if outer is figure else outer
    return figure


def _png(figure):
    target = io.BytesIO()
    # A figure is made as large as what is drawn on it needs.
    figure.savefig(target, format="png", bbox_inches="tight")
    return target.getvalue()


class _LoaderWithBackend:
    """Loads matplotlib with our backend chosen, only for that moment: child processes know nothing of it."""

    def __init__(self, loader):
        self._loader = loader

    def __getattr__(self, name):
        return getattr(self._loader, name)

    def create_module(self, spec):
        return self._loader.create_module(spec)

    def exec_module(self, module):
        if os.environ.get("MPLBACKEND"):
            # The person chose one.
            self._loader.exec_module(module)
            return
        os.environ["MPLBACKEND"] = f"module://{_BACKEND}"
        try:
            self._loader.exec_module(module)
        finally:
            del os.environ["MPLBACKEND"]


class _BackendLoader:
    def __init__(self, show):
        self._show = show

    def create_module(self, spec):
        return None

    def exec_module(self, module):
        from matplotlib.backend_bases import FigureManagerBase
        from matplotlib.backends.backend_agg import FigureCanvasAgg

        module.FigureCanvas = FigureCanvasAgg
        module.FigureManager = FigureManagerBase
        module.show = self._show
