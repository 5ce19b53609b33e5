"""Python 3.12 and later warns when a process with several threads forks. Where these are ours alone it would warn of nothing.

Ours hold no lock that a child takes: those of the streams are new there.
"""
import os
import warnings

_FORK_WARNING = {"message": r"This process \(pid=\d+\) is multi-threaded", "category": DeprecationWarning}


def is_fork_filter(one):
    """Whether a filter of warnings is ours."""
    return getattr(one[1], "pattern", None) == _FORK_WARNING["message"]


def warn_of_others_only(has_other_threads):
    ours = None

    def before_fork():
        # The warning comes when all is done, so the filter stays until a fork for which it is wrong.
        nonlocal ours
        if not has_other_threads():
            warnings.filterwarnings("ignore", **_FORK_WARNING)
            ours = warnings.filters[0]
        elif ours in warnings.filters:
            warnings.filters.remove(ours)

    os.register_at_fork(before=before_fork)
