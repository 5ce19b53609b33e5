"""Data files: which a step opened to read, and in which state each was then; which it wrote.

The functions of Python that open files tell of it (`opening.py`). Readers written in C or Rust open theirs without a word: for
those the text of the cell names the path, or the library is adapted (`library_files.py`).
"""
import contextlib
import itertools
import os
import re

from .libraries import PACKAGES
from .library_files import tell_of_polars
from .opening import Telling, argument, tell_of_files
from .project import signature_of, with_separator

# Of one step. Of those beyond it is only told that there are more.
FILES_MAX = 500
# That the program has connections to, and paths that its text names.
DATABASES_MAX = 16
NAMED_MAX = 2_000
# From one symbolic link to the next.
LINKS_MAX = 8

_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
# How a file is written: whatever it held, from what it held, or behind that.
_ANEW, _CHANGED, _ADDED = "anew", "changed", "added"
# What libraries take besides paths: addresses, and patterns for several files.
_NO_PATH = re.compile(r"://|[*?\[]")
_WRITTEN = ("file", "path", "target", "workbook")
_SPECIAL = ("/proc/", "/dev/", "/sys/")
_SYSTEM = (
    *_SPECIAL, "/run/", "/etc/", "/usr/", "/lib/", "/lib64/", "/bin/", "/sbin/", "/var/", "/nix/", "/snap/",
    "/System/", "/Library/", "/private/",
)  # fmt: skip
_HIDDEN = os.sep + "."


class DataFiles:
    def __init__(self, notebook, project, is_other_step, is_module):
        self._own = {os.path.abspath(notebook), os.path.realpath(notebook)}
        self._project = project
        self._is_other_step = is_other_step
        self._is_module = is_module
        temporary = _temporary_folders()
        self._elsewhere = (*_SYSTEM, *temporary)
        # A notebook that stands in the folder for temporary files is not the project of all that is there.
        self._is_apart = not any(folder.startswith(project.root) for folder in temporary)
        self._named = {}
        self._databases = {}
        self._seen = None
        self._is_hearing = False

    def begin(self, evaluation):
        """Before the code of a step. Where nobody wants to know, nothing is noted."""
        wanted = evaluation.get("files")
        if wanted is None:
            return
        if not (wanted["named"] or wanted["reads"] or wanted["writes"] or self._databases):
            self._seen, self._is_hearing = _Seen({}, {}), True
            return
        reads, writes = ([os.path.abspath(path) for path in wanted[kind]] for kind in ("reads", "writes"))
        for path in (*reads, *writes, *map(os.path.abspath, wanted["named"])):
            if len(self._named) < NAMED_MAX:
                self._named[path] = None
        states = {path: signature_of(path) for path in (*map(_followed, writes), *self._databases)}
        read = itertools.islice(itertools.chain.from_iterable(map(_steps_of, reads)), FILES_MAX)
        self._seen, self._is_hearing = _Seen({path: signature_of(path) for path in read}, states), True

    def end(self):
        """What is opened from here on is not the program's doing."""
        self._is_hearing = False

    def used(self):
        """What the step read and wrote; None where that is nothing."""
        seen, self._seen = self._seen, None
        if seen is None or not (seen.read or seen.written or seen.states or seen.databases):
            return None
        databases = {**self._databases, **seen.databases}
        for path, before in seen.states.items():
            if signature_of(path) != before:
                seen.written.setdefault(path, _CHANGED if path in databases else _ANEW)
        self._databases = dict(itertools.islice(databases.items(), DATABASES_MAX))
        read = [[path, state] for path, state in seen.read.items() if path not in seen.written and not self._is_module(path)]
        written = [[path, signature_of(path)] for path in seen.written]
        if not read and not written:
            return None
        return {
            "read": read,
            "written": written,
            "changed": [path for path, how in seen.written.items() if how == _CHANGED],
            "added": [path for path, how in seen.written.items() if how == _ADDED],
            "databases": [path for path in (*seen.read, *seen.written) if path in databases],
            "hasMore": seen.has_more,
        }

    def install(self, loading):
        tell_of_files(self._hear(self._hear_open), self._hear(self._hear_os_open), self._hear_entry)
        loading.then("sqlite3", self._adapt_sqlite)
        loading.then("polars", self._adapt_polars)

    def _adapt_sqlite(self, module):
        connect = Telling(module.connect, self._hear(self._hear_connect))
        module.connect = module.dbapi2.connect = connect

    def _adapt_polars(self, module):
        tell_of_polars(module, self._hear(self._hear_library_read), self._hear(self._hear_library_write))

    def _hear(self, listener):
        def hear(arguments, named):
            if self._is_hearing and not self._is_other_step():
                # What goes wrong here must not go wrong in the program: it is about to say so itself.
                with contextlib.suppress(Exception):
                    listener(arguments, named)

        return hear

    def _hear_open(self, arguments, named):
        mode = argument(arguments, named, 1, "mode", "r")
        self._note(_path_of(argument(arguments, named, 0, "file")), _how_by_mode(mode))

    def _hear_os_open(self, arguments, named):
        if named.get("dir_fd") is None:
            self._note(_path_of(argument(arguments, named, 0, "path")), _how_by_flags(argument(arguments, named, 1, "flags")))

    def _hear_library_read(self, arguments, named):
        given = argument(arguments, named, 0, "source")
        for one in given if type(given) is list else [given]:
            self._note(_sole_path_of(one))

    def _hear_library_write(self, arguments, named):
        """Of a method: where the path is not among the arguments, its name depends on the format."""
        given = arguments[1] if len(arguments) > 1 else next((named[name] for name in _WRITTEN if name in named), None)
        self._note(_sole_path_of(given), _ANEW)

    def _hear_entry(self, place, name, is_kept=True):
        return self._hear(lambda arguments, named: self._note_entry(_path_of(argument(arguments, named, place, name)), is_kept))

    def _hear_connect(self, arguments, named):
        given = argument(arguments, named, 0, "database")
        path = _path_of(given[5:].partition("?")[0] if type(given) is str and given.startswith("file:") else given)
        if path is None or path.endswith(":memory:"):
            return
        self._note(path)
        seen, path = self._seen, _followed(path)
        if path in seen.read or path in seen.written:
            seen.states.setdefault(path, seen.read.get(path))
            seen.databases[path] = None

    def _note(self, path, how=None):
        """As read unless it says how it is written. Symbolic links on the way are read, and what they lead to counts wherever it is."""
        if path is None or not self._is_data(path):
            return
        *links, last = _steps_of(path)
        for link in links:
            self._add_read(link)
        if how is None:
            self._add_read(last)
        else:
            self._add_written(last, how)

    def _note_entry(self, path, is_kept):
        """What is made, replaced or removed is a link, not what it leads to. What is removed must be there."""
        if path is not None and self._is_data(path):
            self._add_written(path, _ANEW if is_kept else _CHANGED)

    def _add_read(self, path):
        seen = self._seen
        if seen.written.get(path) == _ADDED:
            seen.written[path] = _CHANGED
        if path in seen.read or path in seen.written or path.startswith(_SPECIAL):
            return
        if len(seen.read) >= FILES_MAX:
            seen.has_more = True
        elif not os.path.isdir(path):
            seen.read[path] = signature_of(path)

    def _add_written(self, path, how):
        seen = self._seen
        if path not in seen.written and len(seen.written) < FILES_MAX and not path.startswith(_SPECIAL):
            seen.written[path] = _CHANGED if path in seen.read else how

    def _is_data(self, path):
        """Not what belongs to the system, to Python and its packages, to nobody after today, or to programs (hidden folders)."""
        if path in self._named:
            return not path.startswith(_SPECIAL)
        root = self._project.root
        is_inside = path.startswith(root)
        if _HIDDEN in (path[len(root) - 1 :] if is_inside else path) or "__pycache__" in path or path in self._own:
            return False
        if PACKAGES in path or path.startswith(self._project.libraries):
            return False
        # `tempfile` says the folder's name where it opens a file in it.
        return (is_inside and self._is_apart) or not with_separator(path).startswith(self._elsewhere)


class _Seen:
    __slots__ = ("read", "written", "states", "databases", "has_more")

    def __init__(self, read, states):
        self.read = read
        # How.
        self.written = {}
        # Of what may be written without a word, as it was before.
        self.states = states
        self.databases = {}
        self.has_more = False


def _how_by_mode(mode):
    if "w" in mode or "x" in mode:
        return _ANEW
    if "+" in mode:
        return _CHANGED
    return _ADDED if "a" in mode else None


def _how_by_flags(flags):
    if not flags & _WRITING:
        return None
    if flags & (os.O_TRUNC | os.O_EXCL):
        return _ANEW
    return _ADDED if flags & os.O_APPEND and not flags & os.O_RDWR else _CHANGED


def _path_of(given):
    """None for a descriptor, and for what would run code of the program to say its path."""
    if type(given) is bytes:
        given = os.fsdecode(given)
    elif type(given).__module__.startswith("pathlib"):
        given = str(given)
    return os.path.abspath(given) if type(given) is str and given else None


def _steps_of(path):
    """The path, and where symbolic links lead from there."""
    for _ in range(LINKS_MAX):
        yield path
        try:
            target = os.readlink(path)
        except (OSError, ValueError):
            return
        path = os.path.abspath(os.path.join(os.path.dirname(path), target))


def _followed(path):
    *_, last = _steps_of(path)
    return last


def _sole_path_of(given):
    path = _path_of(given)
    return None if path is None or _NO_PATH.search(str(given)) else path


def _temporary_folders():
    named = (os.environ.get(name) for name in ("TMPDIR", "TEMP", "TMP"))
    folders = [folder for folder in (*named, "/tmp", "/var/tmp") if folder]
    return tuple({with_separator(path) for folder in folders for path in (os.path.abspath(folder), os.path.realpath(folder))})
