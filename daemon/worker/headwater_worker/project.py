"""Where the notebook's project is, what of it belongs to Python instead, and what tells one state of a file from another."""
import os
import stat
import sys

from .libraries import STANDARD_LIBRARY

_ROOT_MARKS = ("pyproject.toml", "setup.py", ".git")


class Project:
    def __init__(self, notebook):
        self.root = _root_of(os.path.dirname(os.path.realpath(notebook)))
        # Python and its environment, which may stand in the project; the project may stand in one of theirs.
        self.libraries = tuple(folder for folder in _library_folders() if not self.root.startswith(folder))


def signature_of(path):
    """
    Differs when the file may have changed, or where a symbolic link leads; None where there is neither. `node/host.ts` makes the same.
    """
    try:
        status = os.lstat(path)
    except (OSError, ValueError):
        return None
    if not stat.S_ISREG(status.st_mode) and not stat.S_ISLNK(status.st_mode):
        return None
    # The time of writing may be set to anything, that of the change of the entry not.
    return f"{status.st_mtime_ns} {status.st_ctime_ns} {status.st_size} {status.st_ino}"


def _root_of(folder):
    """The nearest folder that says it is one, or the notebook's own."""
    at = folder
    while True:
        if any(os.path.exists(os.path.join(at, mark)) for mark in _ROOT_MARKS):
            return with_separator(at)
        parent = os.path.dirname(at)
        if parent == at:
            return with_separator(folder)
        at = parent


def _library_folders():
    folders = {sys.prefix, sys.exec_prefix, sys.base_prefix, STANDARD_LIBRARY}
    return {with_separator(os.path.realpath(folder)) for folder in folders}


def with_separator(folder):
    return folder.rstrip(os.sep) + os.sep
