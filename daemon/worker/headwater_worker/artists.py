"""matplotlib's artists: whatever is drawn, and the figure that it stands on."""
from .loaded import class_in

_DEPTH_MAX = 3
_ITEMS_MAX = 1000


def figure_of(value):
    """Of a value that is one figure, or was drawn on one and holds nothing else."""
    found = _figures_of(value)
    figures = {id(figure): figure for figure in found}
    return next(iter(figures.values())) if len(figures) == 1 and all(found) else None


def figures_in(value):
    """Every figure that is in the value or under what is in it."""
    several = list(value.values()) if type(value) is dict else [value]
    return [figure for one in several for figure in _figures_of(one) if figure is not None]


def _figures_of(value):
    artist = class_in("matplotlib.artist", "Artist")
    return [] if artist is None else _of_each(value, artist, _DEPTH_MAX)


def _of_each(value, artist, depth):
    """The figure of each artist in a value; None for what is no artist."""
    if isinstance(value, artist):
        return [_root_figure(value)]
    if type(value).__name__ == "ndarray" and value.dtype == object:
        value = list(value.flat)
    if depth and isinstance(value, (list, tuple)) and 0 < len(value) <= _ITEMS_MAX:
        return [figure for item in value for figure in _of_each(item, artist, depth - 1)]
    return [None]


def _root_figure(artist):
    """The figure that an artist is or stands on; a part of a figure (SubFigure) belongs to the whole."""
    figure = artist
    while figure is not None and not hasattr(figure, "savefig"):
        outer = getattr(figure, "figure", None)
        figure = None if outer is figure else outer
    return figure
