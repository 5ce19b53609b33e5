"""What this process was started from: a spare that waited says with it whether a start would be the same now."""
import os
import sys


def look(hidden=()):
    """Each file with the time of its last change, None where there is none; also those of modules that are hidden."""
    return {path: _changed(path) for path in _paths(hidden)}


def _paths(hidden):
    site = sys.modules.get("site")
    yield sys.executable
    yield os.path.realpath(sys.executable)
    for prefix in {sys.prefix, sys.exec_prefix}:
        yield os.path.join(prefix, "pyvenv.cfg")
    # Packages are found when they are imported; what is done once, when Python starts, is what counts here.
    for folder in {*sys.path, getattr(site, "USER_SITE", None) or ""} - {""}:
        yield os.path.join(folder, "sitecustomize.py")
        yield os.path.join(folder, "usercustomize.py")
        yield from _path_files(folder)
    for module in [*sys.modules.values(), *hidden]:
        file = getattr(module, "__file__", None)
        if file:
            yield file


def _path_files(folder):
    try:
        return [os.path.join(folder, name) for name in os.listdir(folder) if name.endswith(".pth")]
    except OSError:
        return []


def _changed(path):
    try:
        return os.stat(path).st_mtime_ns
    except OSError:
        return None
