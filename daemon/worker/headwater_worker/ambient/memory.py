"""
Whether a Mersenne Twister was drawn from, by the memory of its state: to ask for the state makes hundreds of numbers, and that after
each step. A state that was asked for confirms where the memory is; otherwise none is read.
"""
import struct

from .. import standard
from ..loaded import class_in

_WORDS = 624


class _Memory:
    """So many words, and where among them the next number is taken."""

    kind = None


def prepare():
    """To be called while a library is imported: an import at another time would look like one of the program."""
    if _Memory.kind is not None:
        return
    try:
        ctypes = standard.load("_ctypes")
    except ImportError:  # Python may be built without it
        return
    word = type("Word", (ctypes._SimpleCData,), {"_type_": "I"})
    _Memory.kind = type("Memory", (ctypes.Array,), {"_type_": word, "_length_": _WORDS + 1})


def memory_of_random(value, state):
    """For a `random.Random`: gives what is another whenever its state is another; None where that is not to be had."""
    start, layout = object.__basicsize__, f"i{_WORDS}I"
    _, (*words, index), _ = state
    if start + struct.calcsize(layout) > class_in("_random", "Random").__basicsize__:
        return None
    read = _reader(id(value) + start, layout, (index, *words))
    return read and (lambda _: (read(), value.gauss_next))


def memory_of_numpy(value, state):
    """For a RandomState. While it keeps a number of the normal distribution for later, the memory does not tell all."""
    inner, bits = state.given, value._bit_generator
    if inner["bit_generator"] != "MT19937":
        return None
    words = inner["state"]
    read = _reader(bits.ctypes.state_address, f"{_WORDS}Ii", (*words["key"].tolist(), words["pos"]))
    return read and (lambda last: None if last.given["has_gauss"] or value._bit_generator is not bits else read())


def _reader(address, layout, expected):
    if _Memory.kind is None:
        return None
    memory = _Memory.kind.from_address(address)
    return (lambda: bytes(memory)) if struct.unpack(layout, memory) == expected else None
