"""The school and its academic year, which is roster's own stored state (R12).

It is set once, by the calendar, when the school is first heard of, by whichever event that is.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from services.roster.announcements import Announcements
from services.roster.clock import Clock
from services.roster.schools.repository import School, SchoolRepository
from shared.contracts.identity import SchoolChanged
from shared.contracts.roster import SchoolYearChanged
from shared.database.pool import Connection
from shared.school.academic_year import roster_year_of, school_day, start_year

__all__ = ["SchoolService", "roll_up_day"]

_ROLL_UP_DAY = date(2000, 8, 26)


def roll_up_day(academic_year: str) -> date:
    """When pupils go up from this academic year to the next."""
    return _ROLL_UP_DAY.replace(year=start_year(academic_year) + 1)


class SchoolService:
    def __init__(
        self,
        repository: SchoolRepository,
        announcements: Announcements,
        now: Clock,
    ) -> None:
        self._repository = repository
        self._announcements = announcements
        self._now = now

    async def lock(self, connection: Connection, school_id: UUID) -> School:
        """The school, for a transaction that changes its roster; made known if it was not.

        Events of one school are not ordered between queues: users or proposals may come before
        the school's own details.
        """
        school = await self._repository.lock(connection, school_id)
        if school is not None:
            return school
        year = roster_year_of(school_day(self._now()))
        if await self._repository.add(connection, school_id, year):
            changed = SchoolYearChanged(version=1, academic_year=year)
            await self._announcements.school_year(connection, school_id, changed)
        school = await self._repository.lock(connection, school_id)
        if school is None:
            raise RuntimeError("the school that was added can not be seen: wrong tenant?")
        return school

    async def look(self, connection: Connection, school_id: UUID) -> School:
        """The school, for a transaction that changes nothing: as it is, or as it would begin."""
        school = await self._repository.get(connection, school_id)
        return school or School(school_id, roster_year_of(school_day(self._now())), 0)

    async def take_details(
        self, connection: Connection, school_id: UUID, changes: Sequence[SchoolChanged]
    ) -> None:
        await self.lock(connection, school_id)
        newest = max(changes, key=lambda change: change.version)
        await self._repository.take_details(connection, school_id, newest)
