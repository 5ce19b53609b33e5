"""States of generators, as values that can be compared."""


class Frozen:
    """A state that can be compared whole, and given back as it came."""

    __slots__ = ("given", "_parts")

    def __init__(self, given):
        self.given = given
        self._parts = _parts_of(given)

    def __eq__(self, other):
        return self is other or (type(other) is Frozen and self._parts == other._parts)

    __hash__ = None


def _parts_of(state):
    if isinstance(state, dict):
        return {key: _parts_of(part) for key, part in state.items()}
    if isinstance(state, tuple):
        return tuple(map(_parts_of, state))
    if hasattr(state, "tobytes"):
        return state.tobytes()
    return _Tensor(state) if hasattr(state, "equal") else state


class _Tensor:
    """One of torch: `==` would compare item by item."""

    __slots__ = ("held",)

    def __init__(self, held):
        self.held = held

    def __eq__(self, other):
        return self.held.equal(other.held)

    __hash__ = None
