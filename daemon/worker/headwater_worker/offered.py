"""The module `headwater` that a notebook may import without having installed anything: stop, display, clear, md, progress.

It is the package in the folder beside this one, which is also published, as headwater-client. Where that is installed, the one that comes with
this worker is imported all the same, so that the two always fit. Any other module of this name is the program's own.
"""
import importlib.machinery
import json
import os
import sys
import warnings

NAME = "headwater"
PROGRESS_MIME = "application/vnd.headwater.progress+json"
# A file in the package tells it from others of that name. It holds the version.
MARK = "client-version"
_VERSION_BYTES_MAX = 100
_FOLDER = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), NAME)


class Stop(BaseException):
    """How a cell ends itself. No Exception: code that catches those goes on to mean errors."""

    __module__ = NAME


class Offered:
    """Finds the package, before Python finds another copy of it."""

    def __init__(self, displays):
        self._displays = displays

    def install(self):
        sys.meta_path.insert(0, self)

    def find_spec(self, name, path=None, target=None):
        if name != NAME:
            return None
        found = self._found_by_others()
        # A folder without a module in it, such as a clone of Headwater beside the notebook, is not what anyone means to import.
        if found is not None and found.origin is not None:
            version = _version_marked(found)
            if version is None:
                return None
            _warn_of_newer(version)
        return _spec(self._displays)

    def _found_by_others(self):
        finders = [finder for finder in sys.meta_path if finder is not self and hasattr(finder, "find_spec")]
        return next((spec for spec in (finder.find_spec(NAME, None) for finder in finders) if spec is not None), None)


class _Loader(importlib.machinery.SourceFileLoader):
    def __init__(self, displays):
        super().__init__(NAME, os.path.join(_FOLDER, "__init__.py"))
        self._displays = displays

    def exec_module(self, module):
        super().exec_module(module)
        module._surroundings.current = _Notebook(self._displays)


class _Notebook:
    """What the package's functions do in a kernel."""

    def __init__(self, displays):
        self._displays = displays
        self.display, self.clear = displays.display, displays.clear

    def stop(self):
        raise Stop()

    def show_progress(self, handle, state, text):
        is_update = handle is not None
        handle = handle or self._displays.new_id()
        self._displays.show({"text/plain": text, PROGRESS_MIME: json.dumps(state)}, display_id=handle, is_update=is_update)
        return handle


def _spec(displays):
    loader = _Loader(displays)
    spec = importlib.machinery.ModuleSpec(NAME, loader, origin=loader.path, is_package=True)
    spec.submodule_search_locations = [_FOLDER]
    spec.has_location = True
    return spec


def _version_marked(spec):
    """That of a copy of the package; None for another module."""
    try:
        return spec.loader.get_data(os.path.join(os.path.dirname(spec.origin), MARK))[:_VERSION_BYTES_MAX].decode().strip()
    except Exception:
        return None


def _warn_of_newer(installed):
    with open(os.path.join(_FOLDER, MARK), encoding="utf-8") as file:
        own = file.read().strip()
    if _numbers(installed) > _numbers(own):
        warnings.warn(
            f"headwater-client {installed} is installed, and Headwater {own} runs this notebook with its own copy of the module. "
            f"What is new in {installed} is missing. Update Headwater.",
            stacklevel=3,
        )


def _numbers(version):
    return [int(part) for part in version.split(".") if part.isdigit()]
