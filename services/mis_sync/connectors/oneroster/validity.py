"""Whether a role or an enrolment counts on a day; OneRoster's end dates are exclusive."""

from __future__ import annotations

from datetime import date
from enum import Enum

__all__ = ["When", "when"]


class When(Enum):
    NOW = "now"
    ENDED = "ended"
    LATER = "later"


def when(begin: date | None, end: date | None, today: date) -> When:
    """Where today lies in `begin <= today < end`; a date that is not given is no limit."""
    if end is not None and end <= today:
        return When.ENDED
    if begin is not None and begin > today:
        return When.LATER
    return When.NOW
