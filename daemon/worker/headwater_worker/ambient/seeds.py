"""numpy's sources of bits, and the seeds that they come from: these count their children, each of which gets other numbers."""
from ..loaded import class_in
from .frozen import Frozen


def state_of_bits(bits):
    return Frozen((bits.state, _count_of(_seeds_of(bits))))


def put_bits(bits, state):
    bits.state, count = state.given
    _set_count(_seeds_of(bits), count)


def state_of_seeds(seeds):
    return Frozen((_count_of(seeds),))


def put_seeds(seeds, state):
    _set_count(seeds, *state.given)


def _seeds_of(bits):
    return getattr(bits, "seed_seq", None) or getattr(bits, "_seed_seq", None)


def _count_of(seeds):
    return getattr(seeds, "n_children_spawned", None)


def _set_count(seeds, count):
    """It cannot be assigned, but it is a part of what is restored when seeds are unpickled."""
    if count is None or _count_of(seeds) == count or type(seeds) is not class_in("numpy.random.bit_generator", "SeedSequence"):
        return
    entropy, _, *others = seeds.__reduce__()[2]
    seeds.__setstate__((entropy, count, *others))
