"""What waits for the roll-up: from 1 June on nobody moves a whole year up by other means (R12).

Rules, without a database. Pupils moved up in summer, by hand or from a file, would be moved up once
more on 26 August. Correcting a single pupil is always right, and so is any other year group.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple

from services.roster.schools.service import roll_up_day
from shared.contracts.vocabulary import YearGroup
from shared.school.academic_year import school_day, start_year
from shared.school.year_groups import YEAR_GROUP_ORDER, next_year_group

__all__ = [
    "Waiting",
    "YearChange",
    "is_bulk_move_up",
    "is_import_raising_the_roll",
    "moved_up",
    "raised",
    "waiting_for_roll_up",
]

_JUNE = 6
_PERCENT_OF_ROLL = 20


class Waiting(StrEnum):
    """How it comes that the roll-up has still to run."""

    TO_COME = "to_come"
    """Its day is not here yet."""
    DUE = "due"
    """Its day is here or over, and it has not run."""
    UNDONE = "undone"
    """It ran and was undone, and waits for the admin."""


class YearChange(NamedTuple):
    """One pupil's year group, as it is and as it would be; `None` where there is none."""

    before: YearGroup | None
    after: YearGroup | None


def waiting_for_roll_up(moment: datetime, academic_year: str, *, undone: bool) -> Waiting | None:
    """Whether the guard stands at that moment (aware), by the day in London; `None` if not.

    `academic_year` is the one that the school's roster is in, which only the roll-up changes: once
    it has run, 1 June of the new year is far ahead. `undone` says whether the roll-up that ends
    that year ran and was undone.
    """
    day = school_day(moment)
    if day < date(start_year(academic_year) + 1, _JUNE, 1):
        return None
    if undone:
        return Waiting.UNDONE
    return Waiting.TO_COME if day < roll_up_day(academic_year) else Waiting.DUE


def moved_up(changes: Iterable[YearChange]) -> int:
    """How many go to the next year group, which is where the roll-up would take them."""
    return sum(
        before is not None and after is not None and next_year_group(before) == after
        for before, after in changes
    )


def is_bulk_move_up(changes: Iterable[YearChange]) -> bool:
    """More than one pupil, in one request, to the year group after theirs."""
    return moved_up(changes) > 1


def raised(changes: Iterable[YearChange]) -> int:
    """How many go to a later year group, the next or any after it."""
    return sum(
        before is not None
        and after is not None
        and YEAR_GROUP_ORDER.index(before) < YEAR_GROUP_ORDER.index(after)
        for before, after in changes
    )


def is_import_raising_the_roll(raised: int, *, active_roll: int) -> bool:
    """More than 20 % of the active roll to a later year group, and more than a single pupil.

    `raised` are of pupils who are active before the import, `active_roll` counts all of these, also
    whom the file does not list.
    """
    return raised > 1 and raised * 100 > active_roll * _PERCENT_OF_ROLL
