"""What imports left behind in the process that is not the same, or not there at all, in one that is forked from it."""
import _thread
import gc
import os
import re
import sys

from .loaded import held_by

_HARMLESS_FILES = ("/dev/null", "/dev/urandom", "/dev/random")
# OpenBLAS ends its threads before a fork and starts them again on either side when they are needed.
_OPENBLAS = re.compile(r"\S*openblas\S*\.so\S*$", re.MULTILINE)
_OPENBLAS_THREADS_MAX = 64


class Remains:
    """Looked at before and after. Text is counted in a file, since nobody would hear it."""

    def __init__(self):
        self._text = os.memfd_create("headwater-preload")
        for descriptor in (1, 2):
            os.dup2(self._text, descriptor)
        self._descriptors = _descriptors()
        self._main_holders = _main_holders()

    def problem(self):
        """Why a process forked from this one would not be as one that did the imports itself; None where it would."""
        if os.fstat(self._text).st_size:
            return "they print"
        if _thread._count() or _native_threads() != 1 + _openblas_threads():
            return "they start threads"
        if _has_children():
            return "they start processes"
        if any(target not in _HARMLESS_FILES for _, target in _descriptors() - self._descriptors):
            return "they open files or connections"
        if _main_holders() != self._main_holders:
            return "they hold the module __main__"
        if _has_random_numbers():
            return "they have random numbers of their own"
        return None

    def close(self):
        os.close(self._text)


def renew(numpy_generators):
    """In a process that was forked: it has random numbers of its own. Python has seen to those of `random`."""
    if numpy_generators is not None:
        numpy_generators._rand.seed()


def _descriptors():
    """What is open, each with its number."""
    found = set()
    for name in os.listdir("/proc/self/fd"):
        try:
            found.add((name, os.readlink(f"/proc/self/fd/{name}")))
        except OSError:  # that of the folder itself, which is closed again
            pass
    return found


def _main_holders():
    """How often the module is held, but for its names: `multiprocessing` gives it another."""
    main = sys.modules["__main__"]
    return sys.getrefcount(main) - sum(module is main for module in sys.modules.values())


def _native_threads():
    return len(os.listdir("/proc/self/task"))


def _openblas_threads():
    with open("/proc/self/maps", encoding="utf-8", errors="surrogateescape") as maps:
        libraries = set(_OPENBLAS.findall(maps.read()))
    return len(libraries) * (_openblas_threads_each() - 1)


def _openblas_threads_each():
    for name in ("OPENBLAS_NUM_THREADS", "GOTO_NUM_THREADS", "OMP_NUM_THREADS"):
        number = os.environ.get(name, "")
        if number.isdigit() and int(number) > 0:
            return min(int(number), _OPENBLAS_THREADS_MAX)
    return min(len(os.sched_getaffinity(0)), _OPENBLAS_THREADS_MAX)


def _has_children():
    try:
        os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
    except ChildProcessError:
        return False
    return True


def _has_random_numbers():
    """Generators that a fork would give to all; those of `random`, `numpy.random` and `tempfile` themselves are renewed."""
    own, numpy_random = sys.modules.get("random"), sys.modules.get("numpy.random")
    kinds = (own.Random,) if own else ()
    kinds += (numpy_random.RandomState, numpy_random.Generator) if numpy_random else ()
    renewed = {id(own and own._inst), id(held_by("numpy.random.mtrand").get("_rand"))}
    found = set()
    for thing in gc.get_objects():
        # By their types: to ask objects for their class may run code.
        kind = type(thing)
        if issubclass(kind, kinds) and kind.__name__ != "SystemRandom":
            found.add(id(thing))
        elif kind.__module__ == "tempfile" and kind.__name__ == "_RandomNameSequence":
            renewed.add(id(vars(thing).get("_rng")))
    return not found <= renewed
