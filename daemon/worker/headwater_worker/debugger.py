"""`breakpoint()` and pdb: its prompt is an `input()` like any other. It keeps away from interrupts and from our own frames."""
import sys

from .loaded import class_in

_PACKAGE = __name__.rpartition(".")[0]


class Debugger:
    def __init__(self):
        self._tracer = None

    def begin(self):
        self._tracer = None

    def __enter__(self):
        """As a context: what is inside is the program's, and stepping goes on from one part of a cell to its next."""
        if self._tracer is not None:
            sys.settrace(self._tracer)

    def __exit__(self, *_):
        # Nothing may be called here before the tracing has ended: pdb would stop in it.
        tracer = sys.gettrace()
        if tracer is not None and isinstance(getattr(tracer, "__self__", None), _debugger_classes()):
            sys.settrace(None)
            self._tracer = tracer
        else:
            self._tracer = None


def adapt_pdb(module):
    """Of pdb. A module of the notebook's folder may have this name and be something else."""
    if isinstance(getattr(module, "Pdb", None), type) and issubclass(module.Pdb, _debugger_classes()):
        _adapt(module.Pdb)


def _adapt(pdb_class):
    initialize, get_stack = pdb_class.__init__, pdb_class.get_stack

    def __init__(self, *arguments, **options):
        initialize(self, *arguments, **options)
        # With a handler of its own it would swallow the interrupts of the rest of the session.
        self.nosigint = True
        self.skip = {*(self.skip or ()), _PACKAGE, f"{_PACKAGE}.*"}

    def without_our_frames(self, frame, traceback):
        stack, current = get_stack(self, frame, traceback)
        ours = [place for place, (one, _) in enumerate(stack[: current + 1]) if _is_ours(one)]
        hidden = ours[-1] + 1 if ours and ours[-1] < current else 0
        return stack[hidden:], current - hidden

    def _cmdloop(self):
        # Its own asks again after an interrupt; here an interrupt ends the step, whatever it waits for.
        self.cmdloop()

    pdb_class.__init__ = __init__
    pdb_class.get_stack = without_our_frames
    pdb_class._cmdloop = _cmdloop


def _debugger_classes():
    """Of bdb, where the program has loaded it."""
    return class_in("bdb", "Bdb") or ()


def _is_ours(frame):
    name = frame.f_globals.get("__name__")
    return isinstance(name, str) and (name == _PACKAGE or name.startswith(f"{_PACKAGE}."))
