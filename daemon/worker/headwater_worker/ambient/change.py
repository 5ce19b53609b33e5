"""What a step did to one state."""
import collections

# A state that is not there: a variable of the environment that is not set, a figure that is closed.
MISSING = object()

# What it was, what it is, whether that goes on from what it was, and whether what it was cannot be had again.
Change = collections.namedtuple("Change", "before after is_read is_consumed", defaults=(False, False))
