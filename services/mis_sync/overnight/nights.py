"""When a school's MIS is asked: once every night, in London's time (R16, R29).

A night is named by its day in London. Schools are spread by their ids, so that a school is always
asked at the same minute, and not all schools at once. Rules, no database.
"""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from shared.school.academic_year import SCHOOL_TIME, school_day

__all__ = [
    "LAST_HOUR",
    "due_at",
    "ends_at",
    "first_night",
    "minute_of",
    "night_after",
    "time_of_night",
]

LAST_HOUR = 6
"""The latest hour that a school may choose."""
_FIRST_USUAL_HOUR, _USUAL_HOURS = 1, 4
"""Where the school chose none: from 01:00 to 04:59."""
_ENDS = time(12)
_MINUTES = 60
_DAY = timedelta(days=1)


def time_of_night(school_id: UUID, hour: int | None) -> time:
    """London's time at which the school's MIS is asked; `hour` is `None` where that is ours."""
    spread = int.from_bytes(hashlib.sha256(school_id.bytes).digest()[:8])
    minute = spread % _MINUTES
    if hour is None:
        hour = _FIRST_USUAL_HOUR + spread // _MINUTES % _USUAL_HOURS
    return time(hour, minute)


def minute_of(school_id: UUID) -> int:
    """The same whichever the hour is."""
    return time_of_night(school_id, None).minute


def due_at(school_id: UUID, night: date, hour: int | None) -> datetime:
    """The moment, in UTC. There is one in every night.

    Of an hour that comes twice, when summer time ends, it is the first; one that is left out, when
    summer time begins, is the hour after it.
    """
    local = datetime.combine(night, time_of_night(school_id, hour), SCHOOL_TIME)
    return local.astimezone(UTC)


def ends_at(night: date) -> datetime:
    """Noon: who could not be asked until then is asked in the next night."""
    return datetime.combine(night, _ENDS, SCHOOL_TIME).astimezone(UTC)


def first_night(school_id: UUID, hour: int | None, now: datetime) -> date:
    """Of a school that was never asked: the one whose moment is still to come."""
    night = school_day(now)
    return night if due_at(school_id, night, hour) > now else night + _DAY


def night_after(night: date, now: datetime) -> date:
    """The next one that is not over; after a long absence that is not the day after."""
    today = school_day(now)
    current = today if now < ends_at(today) else today + _DAY
    return max(night + _DAY, current)
