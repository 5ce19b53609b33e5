"""
Looks at objects of Python's own that are written in C and keep no attributes: what they hold, and how far they are. Only types that
no class of the program stands behind are asked, so that none of its code runs.
"""
import _thread
import _weakref
import gc
import io
import itertools
import types

from .attributes import static
from .library_types import loaded_types
from .loaded import class_in

# Of a text or bytes in memory.
SIZE_MAX = 64 * 1024

_NUMBERS = frozenset((int, float))
_looks = itertools.count()
# What Python itself notes at an open file.
_NOTED = frozenset(("mode", "name"))


def look_at(kind):
    """How to look at objects of the type; None where there is no way of its own."""
    for base, look in _by_base:
        if issubclass(kind, base):
            return look
    for module, names, look in _by_name:
        if issubclass(kind, tuple(loaded_types(module, names))):
            return look
    if type(kind) is not type:
        return None
    if _is_of_csv(kind):
        return _look_at_referents
    return _by_kind.get(kind) or (_look_at_sequence_iterator if _is_iterator_of_c(kind) else None)


def _is_of_csv(kind):
    """Its types have no names in the module."""
    module = kind.__module__
    return type(module) is str and module == "_csv"


def _look_at_text(value):
    place = io.StringIO.tell(value)
    return (place, io.StringIO.getvalue(value) if place <= SIZE_MAX else None)


def _look_at_bytes(value):
    with io.BytesIO.getbuffer(value) as view:
        return (io.BytesIO.tell(value), len(view), bytes(view[:SIZE_MAX]), bytes(view[-SIZE_MAX:]))


def _look_at_reference(value):
    return (_weakref.ReferenceType.__call__(value),)


def _look_at_variable(value):
    return (value.get(None),)


def _look_at_lock(value):
    return (value.locked(),)


def _look_at_database(value):
    """How many rows were changed through it, and how it gives them. That is all it tells without being asked in SQL."""
    kind = class_in("sqlite3", "Connection")
    return tuple(getattr(kind, name).__get__(value) for name in ("total_changes", "row_factory", "text_factory", "isolation_level"))


def _look_at_cursor(value):
    kind = class_in("sqlite3", "Cursor")
    return (kind.connection.__get__(value), kind.row_factory.__get__(value))


def _look_at_memory(value):
    """Only memory of its own: what another made may be gone, and to read it would end the process."""
    if not class_in("_ctypes", "_SimpleCData").__mro__[1].__dict__["_b_needsfree_"].__get__(value):
        return ()
    with memoryview(value) as view, view.cast("B") as plain:
        return (len(plain), bytes(plain[:SIZE_MAX]), bytes(plain[-SIZE_MAX:]))


def _look_at_referents(value):
    return tuple(item for item in gc.get_referents(value) if not issubclass(type(item), type))


def _look_at_sequence_iterator(value):
    return (type(value).__length_hint__(value), *_look_at_referents(value))


def _look_at_count(value):
    held = _look_at_referents(value)
    return (repr(value),) if all(type(item) in _NUMBERS for item in held) else held


def _look_at_frame_of(value, frame):
    if frame is None:
        return ("ended",)
    aside = (frame, frame.f_globals, frame.f_builtins)
    # Python 3.10 keeps in the frame what later ones keep in the generator.
    held = [item for item in gc.get_referents(value, frame) if not any(item is one for one in aside)]
    return (frame.f_lasti, *held)


def _is_iterator_of_c(kind):
    """One that says how much is left: such as go through a list, and others that a library written in C has."""
    steps, hint = static(kind, "__next__"), static(kind, "__length_hint__")
    return type(steps) is types.WrapperDescriptorType and type(hint) is types.MethodDescriptorType


def _look_at_file(value):
    """Where it is read next. One that is written to would be flushed for it."""
    kind = type(value)
    buffer = kind.buffer.__get__(value) if kind is io.TextIOWrapper else value
    if type(buffer) is not io.BufferedReader or type(buffer.raw) is not io.FileIO:
        return ()
    if not all(one.__dict__.keys() <= _NOTED for one in (value, buffer, buffer.raw)):
        return ()
    if buffer.closed:
        return ("closed",)
    try:
        return (kind.tell(value),)
    except OSError:  # it is gone through line by line, and does not tell: whoever has it may have read on
        return ("lines", next(_looks))


_by_base = (
    (io.StringIO, _look_at_text),
    (io.BytesIO, _look_at_bytes),
    (_weakref.ReferenceType, _look_at_reference),
)
# To import these takes time, so they are looked for where the program has done it.
_by_name = (
    ("_contextvars", ("ContextVar",), _look_at_variable),
    ("_ctypes", ("Array", "Structure", "Union", "_SimpleCData"), _look_at_memory),
    ("sqlite3", ("Connection",), _look_at_database),
    ("sqlite3", ("Cursor",), _look_at_cursor),
)
_by_kind = {
    types.GeneratorType: lambda value: _look_at_frame_of(value, value.gi_frame),
    types.AsyncGeneratorType: lambda value: _look_at_frame_of(value, value.ag_frame),
    types.CoroutineType: lambda value: _look_at_frame_of(value, value.cr_frame),
    types.MappingProxyType: _look_at_referents,
    _thread.LockType: _look_at_lock,
    itertools.count: _look_at_count,
    io.TextIOWrapper: _look_at_file,
    io.BufferedReader: _look_at_file,
}
_by_kind.update((kind, _look_at_referents) for kind in (enumerate, zip, map, filter, reversed))
_by_kind.update(
    (kind, _look_at_referents)
    for kind in vars(itertools).values()
    if isinstance(kind, type) and kind not in _by_kind and not _is_iterator_of_c(kind)
)
