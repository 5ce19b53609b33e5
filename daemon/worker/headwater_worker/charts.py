"""Charts and images of libraries: as data that a client can draw, and shown by `show()` where that would open a window or a browser."""
import functools
import json
import os
import sys


def parts_of(value):
    """What a chart does not say about itself: its specification, for clients that draw."""
    for base in type(value).__mro__:
        if base.__name__ == "BaseFigure" and base.__module__ == "plotly.basedatatypes":
            yield "application/vnd.plotly.v1+json", value.to_json()
        elif base.__name__ == "TopLevelMixin" and base.__module__.startswith("altair.vegalite."):
            version = base.__module__.split(".")[2]
            yield f"application/vnd.vegalite.{version}+json", json.dumps(value.to_dict())


class Charts:
    def __init__(self, displays, is_script):
        self._displays = displays
        self._is_script = is_script

    def adapt(self, loading):
        loading.then("PIL.ImageShow", self._adapt_images)
        loading.then("plotly.basedatatypes", self._adapt_plotly)
        for version in ("v5", "v6"):
            loading.then(f"altair.vegalite.{version}.api", self._adapt_altair)
        # A script prints what it is given to display, and what it prints is the program's.
        if not self._is_script:
            loading.then("IPython.core.display_functions", self._adapt_ipython)

    def _adapt_images(self, module):
        displays = self._displays

        class Viewer(module.Viewer):
            """Shows the image among what the cell prints."""

            def show(self, image, **options):
                displays.display(image)
                return True

        # Before all that start a program.
        module.register(Viewer(), 0)

    def _adapt_plotly(self, module):
        show, displays = module.BaseFigure.show, self._displays

        @functools.wraps(show)
        def show_here(self, *arguments, **named):
            # The person chose a renderer, or the program does.
            if arguments or "renderer" in named or os.environ.get("PLOTLY_RENDERER"):
                return show(self, *arguments, **named)
            displays.display(self)

        module.BaseFigure.show = show_here

    def _adapt_altair(self, module):
        displays = self._displays

        def show(self, *_, **__):
            """Show the chart among what the cell prints."""
            displays.display(self)

        module.TopLevelMixin.show = module.TopLevelMixin.display = show

    def _adapt_ipython(self, module):
        """`from IPython.display import display`, where IPython itself does not run."""
        displays, publish, clear = self._displays, module.display, module.clear_output

        def display(*values, **options):
            """Show values; see IPython.display.display."""
            if _is_ipython_running():
                return publish(*values, **options)
            return displays.display(*values, **options)

        def update_display(value, *, display_id, **_):
            """Replace what was shown with this display_id."""
            displays.show_value(value, display_id=str(display_id), is_update=True)

        def clear_output(wait=False):
            """Take away what the cell has shown; with wait, when its next output comes."""
            clear(wait) if _is_ipython_running() else displays.clear(wait)

        module.display, module.update_display, module.clear_output = display, update_display, clear_output


def _is_ipython_running():
    shell = sys.modules.get("IPython.core.interactiveshell")
    return shell is not None and shell.InteractiveShell.initialized()
