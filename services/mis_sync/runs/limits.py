"""How long things may take, and how many, before a run says so (R16, R18)."""

from __future__ import annotations

from datetime import timedelta

__all__ = [
    "COMPLETE_WITHIN",
    "FIRST_WEEKS",
    "LOOK_AGAIN_AFTER",
    "MAX_ATTEMPTS",
    "MAX_FAILURES",
    "MAX_GONE_SHARE",
    "MIN_PARENTS_LOSING",
    "QUIET_FOR",
]

COMPLETE_WITHIN = timedelta(hours=6)
"""A snapshot that is not whole after that is given up."""
QUIET_FOR = timedelta(minutes=2)
"""Between two parts a connector waits for the broker's word, which comes at once: one that has
begun another snapshot, and has sent no more of this one for so long, will not."""
LOOK_AGAIN_AFTER = timedelta(seconds=5)
"""A run that could not start is looked at again by then, whoever forgot to wake the runner."""
MAX_ATTEMPTS = 3
"""How often what had changed in the meantime is compared again before a person is asked."""
MAX_FAILURES = 5
"""How often a comparison may fail by a fault of ours before the next snapshot takes its turn."""
MAX_GONE_SHARE = 0.2
"""Of the mapped pupils or groups; if more would be gone, the run is held. So it is if more of the
parents would lose a child."""
MIN_PARENTS_LOSING = 5
"""Fewer are a few families' affair: no reason to hold a whole school's data."""
FIRST_WEEKS = timedelta(weeks=6)
"""Of an academic year, in which groups may go."""
