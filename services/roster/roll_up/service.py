"""Runs a school's roll-up, and undoes it: one transaction each, whole or not at all (R12).

It is the one thing that changes a school's academic year. Whatever is restarted, repeated or late,
each year begins once; one that was undone begins again only when the admin says so. Here is when,
and from what; pupils and memberships are moved by two statements (`moves_in_sql.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import structlog
from uuid_utils.compat import uuid7

from services.roster.activity import person
from services.roster.announcements import Announcements
from services.roster.clock import Clock
from services.roster.groups.group import Group
from services.roster.groups.repository import GroupRepository
from services.roster.pupils.repository import PupilRepository
from services.roster.roll_up.history import THE_CALENDAR, school_entry, told_of_moves
from services.roster.roll_up.moves import Steps, steps_of
from services.roster.roll_up.problems import (
    CannotRunNow,
    CannotUndo,
    NoSuchRollUp,
    TooLateToUndo,
)
from services.roster.roll_up.repository import Basis, RollUpRepository
from services.roster.schools.repository import School
from services.roster.schools.service import SchoolService
from shared.contracts.activity import Actor
from shared.contracts.roster import RollUpDue, SchoolYearChanged
from shared.database.pool import Connection
from shared.messaging.subscription import Refused
from shared.school.academic_year import (
    next_academic_year,
    previous_academic_year,
    roster_year_of,
    school_day,
)
from shared.security.principals import Principal

__all__ = ["RollUpService", "Rows"]

_CLOCKS_DIFFER_BY = timedelta(minutes=1)
"""Who asked may be another machine, where it is midnight already; a school is asked only once."""
_log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Rows:
    """Where roll-ups find and change what they move."""

    roll_ups: RollUpRepository
    pupils: PupilRepository
    groups: GroupRepository


class RollUpService:
    def __init__(
        self, *, schools: SchoolService, rows: Rows, announcements: Announcements, now: Clock
    ) -> None:
        self._schools = schools
        self._rows = rows
        self._announcements = announcements
        self._now = now

    async def hear_due(
        self, connection: Connection, school_id: UUID, asked: Sequence[RollUpDue]
    ) -> None:
        """Nothing where the school is past that year, or its admin undid it. Raises `Refused`."""
        for due in asked:
            school = await self._schools.lock(connection, school_id)
            if due.academic_year != school.academic_year:
                continue
            following = next_academic_year(school.academic_year)
            if following > roster_year_of(school_day(self._now() + _CLOCKS_DIFFER_BY)):
                raise Refused(f"{following} has not begun")
            basis = await self._rows.roll_ups.basis(connection)
            if following not in basis.begun:
                await self._run(connection, school, basis, THE_CALENDAR)

    async def run_again(self, connection: Connection, principal: Principal) -> None:
        """After an undone one. Raises `CannotRunNow`."""
        school = await self._schools.lock(connection, principal.tenant)
        latest = await self._rows.roll_ups.latest(connection)
        following = next_academic_year(school.academic_year)
        if latest is None or latest.undone_at is None or latest.academic_year != following:
            raise CannotRunNow
        basis = await self._rows.roll_ups.basis(connection)
        await self._run(connection, school, basis, person(principal))

    def steps(self, academic_year: str, groups: Sequence[Group], basis: Basis) -> Steps:
        """What a roll-up that ends this year works with. `groups` are all of the school's."""
        return steps_of(
            academic_year=academic_year,
            last_year_group=basis.school.last_year_group,
            places=basis.places,
            groups=groups,
            named=basis.named,
            leavers_group=basis.school.leavers_group_id,
        )

    async def undo(self, connection: Connection, principal: Principal, roll_up_id: UUID) -> None:
        """Who is still as it left them goes back; who was changed since is left, and listed.

        Raises `NoSuchRollUp`, `CannotUndo` or `TooLateToUndo`.
        """
        school = await self._schools.lock(connection, principal.tenant)
        roll_up = await self._rows.roll_ups.latest(connection)
        if roll_up is None or roll_up.id != roll_up_id:
            raise NoSuchRollUp
        if roll_up.undone_at is not None:
            raise CannotUndo("It was undone already.")
        if roll_up.academic_year != school.academic_year:
            raise CannotUndo("The school is in another academic year by now.")
        at = self._now()
        if at > roll_up.undo_until:
            raise TooLateToUndo(roll_up.undo_until)
        told = told_of_moves(self._announcements, school, at, person(principal), undone=True)
        await self._rows.roll_ups.undo(connection, roll_up_id, at, told)
        before = previous_academic_year(roll_up.academic_year)
        await self._begin_year(connection, school, before, person(principal), "year.undone")

    async def _run(
        self, connection: Connection, school: School, basis: Basis, actor: Actor
    ) -> None:
        at, roll_up_id = self._now(), uuid7()
        groups = await self._rows.groups.all(connection)
        steps = self.steps(school.academic_year, groups, basis)
        told = told_of_moves(self._announcements, school, at, actor)
        pupils = await self._rows.roll_ups.run(connection, roll_up_id, at, steps, told)
        following = next_academic_year(school.academic_year)
        await self._begin_year(connection, school, following, actor, "year.rolled_up")
        _log.info("rolled_up", school_id=str(school.id), pupils=pupils)

    async def _begin_year(
        self, connection: Connection, school: School, year: str, actor: Actor, action: str
    ) -> None:
        version = await self._rows.roll_ups.begin_year(connection, year)
        changed = SchoolYearChanged(version=version, academic_year=year)
        changes = {"academic_year": (school.academic_year, year)}
        entry = school_entry(self._now(), actor, action, (school.id, "Academic year"), changes)
        await self._announcements.school_year(connection, school.id, changed, entry)
