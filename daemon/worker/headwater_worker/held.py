"""Which global names the functions of the notebook read that a value holds: in containers, objects, partials, closures."""
import builtins
import collections
import functools
import gc
import itertools
import time
import types

from . import standard
from .attributes import held_by_class
from .fingerprint import ATOM_IDS

OBJECTS_MAX = 2_000
OBJECTS_BETWEEN_TIMES = 16
ITEMS_MAX = 1_000
NAMES_MAX = 200
SECONDS_MAX = 0.01
_CODES_MAX = 500

_FRAMES = {types.GeneratorType: "gi_frame", types.CoroutineType: "cr_frame", types.AsyncGeneratorType: "ag_frame"}
_ITEMS = {one: one.__iter__ for one in (list, tuple, set, frozenset, collections.deque)} | {dict: dict.values}


def names_read(values, namespace):
    """The nearest two thousand objects are looked at, for a hundredth of a second; to look runs no code of the program."""
    try:
        return _names_read(values, namespace)
    except Exception:  # a thread of the program may change a container meanwhile
        return []


def _names_read(values, namespace):
    queue = [value for value in values if id(type(value)) not in ATOM_IDS]
    # What waits in the queue keeps its identity.
    seen = {id(namespace), *map(id, queue)}
    names = {}
    until = time.thread_time() + SECONDS_MAX
    for count, value in enumerate(queue):
        if count == OBJECTS_MAX or (count % OBJECTS_BETWEEN_TIMES == 0 and time.thread_time() > until):
            break
        code = _code_of(value, namespace)
        if code is not None:
            names.update(dict.fromkeys(globals_of(code)))
        for held in _held_by(value):
            if id(type(held)) not in ATOM_IDS and id(held) not in seen:
                seen.add(id(held))
                queue.append(held)
    own = [name for name in names if name in namespace or not hasattr(builtins, name)]
    return own[:NAMES_MAX]


def _code_of(value, namespace):
    """Of a function of the notebook, or of a frame of one that waits."""
    kind = type(value)
    if kind is types.FunctionType:
        return value.__code__ if value.__globals__ is namespace else None
    frame = getattr(value, _FRAMES[kind]) if kind in _FRAMES else None
    return frame.f_code if frame is not None and frame.f_globals is namespace else None


def _held_by(value):
    kind = type(value)
    for base, items in _ITEMS.items():
        if issubclass(kind, base) and base.__len__(value) > ITEMS_MAX:
            return list(itertools.islice(items(value), ITEMS_MAX))
    if issubclass(kind, type):
        return held_by_class(value)
    held = gc.get_referents(value)
    if kind is types.FunctionType:
        return [one for one in held if one is not value.__globals__ and one is not value.__builtins__]
    return [*held, kind]


@functools.lru_cache(_CODES_MAX)
def globals_of(code):
    names = [
        instruction.argval
        for instruction in standard.load("dis").get_instructions(code)
        if instruction.opname in ("LOAD_GLOBAL", "LOAD_NAME", "LOAD_FROM_DICT_OR_GLOBALS")
    ]
    inner = [globals_of(constant) for constant in code.co_consts if type(constant) is types.CodeType]
    return tuple(dict.fromkeys(itertools.chain(names, *inner)))
