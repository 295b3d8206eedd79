"""The academic year: 1 September to 31 August, named by its first year, such as `2026/27`.

A school's current academic year is its own stored state (R12); these only name and compare years.
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

__all__ = [
    "SCHOOL_TIME",
    "academic_year_of",
    "academic_year_starting",
    "first_day_of",
    "next_academic_year",
    "previous_academic_year",
    "roster_year_of",
    "school_day",
    "start_year",
]

SCHOOL_TIME = ZoneInfo("Europe/London")
_SEPTEMBER = 9
_FROM_ROLL_UP_TO_SEPTEMBER = timedelta(days=6)
_NAME = re.compile(r"20[0-9]{2}/[0-9]{2}")


def academic_year_of(day: date) -> str:
    """The academic year that a day is in."""
    return academic_year_starting(day.year if day.month >= _SEPTEMBER else day.year - 1)


def roster_year_of(day: date) -> str:
    """The academic year that a school's roster is in: the next one from 26 August on (R12)."""
    return academic_year_of(day + _FROM_ROLL_UP_TO_SEPTEMBER)


def academic_year_starting(year: int) -> str:
    """The name of the academic year that starts in September of `year`."""
    return f"{year}/{(year + 1) % 100:02d}"


@lru_cache(maxsize=100)
def start_year(academic_year: str) -> int:
    """The year in whose September it starts. Raises `ValueError` for what names no year."""
    year = int(academic_year[:4]) if _NAME.fullmatch(academic_year) else 0
    if academic_year != academic_year_starting(year):
        raise ValueError(f"{academic_year!r} does not name an academic year")
    return year


def next_academic_year(academic_year: str) -> str:
    return academic_year_starting(start_year(academic_year) + 1)


def previous_academic_year(academic_year: str) -> str:
    return academic_year_starting(start_year(academic_year) - 1)


def first_day_of(academic_year: str) -> date:
    return date(start_year(academic_year), _SEPTEMBER, 1)


def school_day(moment: datetime) -> date:
    """The day it is in school at a moment (aware): Europe/London, whatever the server's clock."""
    return moment.astimezone(SCHOOL_TIME).date()
