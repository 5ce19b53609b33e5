"""Whether a value is the one before: nobody can tell them apart, whatever is done with either."""
import math

# Whatever is larger counts as changed: to compare is to cost less than to run what follows.
_PARTS_MAX = 1_000
_BYTES_MAX = 16 << 20


def is_same(before, now):
    """
    Only of values that nobody can change: two equal lists may be shared with others, and are not the same afterwards. Functions, classes,
    modules and objects of the program never are.
    """
    pairs = [(before, now)]
    parts = 0
    while pairs:
        one, other = pairs.pop()
        parts += 1
        kind = type(one)
        if kind is not type(other) or parts > _PARTS_MAX:
            return False
        if kind is tuple or kind is frozenset:
            # Equal sets may be gone through in another order.
            if len(one) != len(other) or len(one) > _PARTS_MAX:
                return False
            pairs.extend(zip(one, other))
        elif not (kind in _KINDS and _KINDS[kind](one, other)):
            return False
    return True


def _is_same_float(one, other):
    """-0.0 is not 0.0, and what is not a number is not itself."""
    return one == other and math.copysign(1.0, one) == math.copysign(1.0, other)


def _is_same_complex(one, other):
    return _is_same_float(one.real, other.real) and _is_same_float(one.imag, other.imag)


def _is_same_number(one, other):
    return one.bit_length() <= 8 * _BYTES_MAX and one == other


def _is_same_text(one, other):
    return len(one) <= _BYTES_MAX and one == other


def _is_same_constant(one, other):
    return one is other


_KINDS = {
    type(None): _is_same_constant,
    bool: _is_same_constant,
    int: _is_same_number,
    float: _is_same_float,
    complex: _is_same_complex,
    str: _is_same_text,
    bytes: _is_same_text,
}
