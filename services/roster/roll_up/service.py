"""Runs a school's roll-up, and undoes it: one transaction each, whole or not at all (R12).

It is the one thing that changes a school's academic year. Whatever is restarted, repeated or late,
each year begins once; one that was undone begins again only when the admin says so. What is worked
out for a whole school is so beside the loop, in which people are answered meanwhile.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID

import structlog
from uuid_utils.compat import uuid7

from services.roster.activity import person
from services.roster.announcements import Announcements
from services.roster.clock import Clock
from services.roster.groups.repository import GroupRepository
from services.roster.links.link import Link
from services.roster.links.repository import LinkRepository
from services.roster.pupils.pupil import Pupil
from services.roster.pupils.repository import PupilRepository
from services.roster.roll_up.history import (
    THE_CALENDAR,
    link_entries,
    pupil_entries,
    school_entry,
)
from services.roster.roll_up.moves import Moves, leavers_group_of, moves_of, targets_of
from services.roster.roll_up.problems import (
    CannotRunNow,
    CannotUndo,
    NoSuchRollUp,
    TooLateToUndo,
)
from services.roster.roll_up.repository import RollUpRepository
from services.roster.roll_up.roll_up import MovedLink, RollUp
from services.roster.roll_up.successions import Successions
from services.roster.schools.repository import School
from services.roster.schools.service import SchoolService, roster_year_of
from shared.contracts.activity import Actor
from shared.contracts.roster import RollUpDue, SchoolYearChanged
from shared.database.pool import Connection
from shared.messaging.subscription import Refused
from shared.school.academic_year import (
    next_academic_year,
    previous_academic_year,
    school_day,
)
from shared.security.principals import Principal

__all__ = ["RollUpService", "Rows"]

_LAST_OF_ALL = "13"
_CLOCKS_DIFFER_BY = timedelta(minutes=1)
"""Who asked may be another machine, where it is midnight already; a school is asked only once."""
_log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Rows:
    """Where roll-ups find what they move."""

    roll_ups: RollUpRepository
    pupils: PupilRepository
    groups: GroupRepository
    links: LinkRepository


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
            if not await self._rows.roll_ups.of_year(connection, following):
                await self._run(connection, school, THE_CALENDAR)

    async def run_again(self, connection: Connection, principal: Principal) -> RollUp:
        """After an undone one. Raises `CannotRunNow`."""
        school = await self._schools.lock(connection, principal.tenant)
        latest = await self._rows.roll_ups.latest(connection)
        following = next_academic_year(school.academic_year)
        if latest is None or latest.undone_at is None or latest.academic_year != following:
            raise CannotRunNow
        return await self._run(connection, school, person(principal))

    async def planned(self, connection: Connection, academic_year: str) -> Moves:
        """What would happen if it ran now. Changes nothing."""
        pupils = await self._rows.pupils.all_active(connection)
        memberships = await self._rows.links.memberships(connection)
        groups = await self._rows.groups.all(connection)
        successions = Successions(groups, await self._rows.roll_ups.named(connection))
        school = await self._rows.roll_ups.school(connection)
        leavers_group = leavers_group_of(groups, school.leavers_group_id)
        targets = targets_of(memberships, pupils, successions, leavers_group)
        return await asyncio.to_thread(
            moves_of,
            pupils=pupils,
            memberships=memberships,
            standing=await self._rows.links.by_keys(connection, targets),
            groups=groups,
            successions=successions,
            last_year_group=school.last_year_group or _LAST_OF_ALL,
            academic_year=academic_year,
            leavers_group=leavers_group,
        )

    async def undo(self, connection: Connection, principal: Principal, roll_up_id: UUID) -> RollUp:
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
        pupils = await self._back(connection, roll_up_id)
        links = await self._links_back(connection, roll_up_id)
        await self._rows.roll_ups.keep_undone(
            connection,
            roll_up_id,
            at,
            [after.id for _, after in pupils],
            [after.key for _, after in links],
        )
        await self._write(connection, school, person(principal), pupils, links, undone=True)
        before = previous_academic_year(roll_up.academic_year)
        await self._begin_year(connection, school, before, person(principal), "year.undone")
        return replace(roll_up, undone_at=at)

    async def _run(self, connection: Connection, school: School, actor: Actor) -> RollUp:
        moves = await self.planned(connection, school.academic_year)
        pupils = [
            (move.before, replace(move.after, version=move.after.version + 1))
            for move in moves.pupils
        ]
        links = [(was, replace(now, version=now.version + 1)) for was, now in moves.links]
        roll_up = RollUp(
            id=uuid7(),
            academic_year=next_academic_year(school.academic_year),
            ran_at=self._now(),
            without_class=tuple(moves.without_class),
            without_year=tuple(moves.without_year),
            leavers_group_id=moves.leavers_group,
        )
        await self._write(connection, school, actor, pupils, links)
        kept = [MovedLink.of(was, now) for was, now in links]
        await self._rows.roll_ups.keep(connection, school.id, roll_up, moves.pupils, kept)
        await self._begin_year(connection, school, roll_up.academic_year, actor, "year.rolled_up")
        _log.info("rolled_up", school_id=str(school.id), pupils=len(pupils), links=len(links))
        return roll_up

    async def _back(self, connection: Connection, roll_up_id: UUID) -> list[tuple[Pupil, Pupil]]:
        moved = await self._rows.roll_ups.moved_pupils(connection, roll_up_id)
        ids = [one.pupil_id for one in moved]
        standing = {p.id: p for p in await self._rows.pupils.by_ids_or_upns(connection, ids, [])}
        changes = []
        for one in moved:
            pupil = standing[one.pupil_id]
            if one.is_as_left(pupil):
                back = replace(
                    pupil,
                    year_group=one.year_group,
                    active=True,
                    active_reason=one.active_reason,
                    version=pupil.version + 1,
                )
                if "active" in one.overrides:
                    back = back.overriding("active")
                changes.append((pupil, back))
        return changes

    async def _links_back(
        self, connection: Connection, roll_up_id: UUID
    ) -> list[tuple[Link | None, Link]]:
        moved = await self._rows.roll_ups.moved_links(connection, roll_up_id)
        keys = [one.key for one in moved]
        standing = {link.key: link for link in await self._rows.links.by_keys(connection, keys)}
        changes: list[tuple[Link | None, Link]] = []
        for one in moved:
            link = standing[one.key]
            if one.is_as_left(link):
                back = Link(
                    key=one.key,
                    version=link.version + 1,
                    present=one.present,
                    waiting=one.waiting,
                    origin=one.origin,
                    override=one.override,
                )
                changes.append((link, back))
        return changes

    async def _write(
        self,
        connection: Connection,
        school: School,
        actor: Actor,
        pupils: Sequence[tuple[Pupil, Pupil]],
        links: Sequence[tuple[Link | None, Link]],
        *,
        undone: bool = False,
    ) -> None:
        at, say = self._now(), self._announcements
        now = [after for _, after in pupils]
        await self._rows.pupils.save(connection, school.id, now)
        await say.pupils(connection, school.id, [pupil.state(school.kept_fields) for pupil in now])
        tied = [after for _, after in links]
        await self._rows.links.save(connection, school.id, tied)
        await say.links(connection, school.id, [link.state() for link in tied])
        names = await self._rows.links.names(connection, [link.key for link in tied])
        entries = await asyncio.to_thread(pupil_entries, at, actor, pupils, undone=undone)
        entries += await asyncio.to_thread(link_entries, at, actor, links, names)
        await say.activity(connection, school.id, entries)

    async def _begin_year(
        self, connection: Connection, school: School, year: str, actor: Actor, action: str
    ) -> None:
        version = await self._rows.roll_ups.begin_year(connection, year)
        changed = SchoolYearChanged(version=version, academic_year=year)
        await self._announcements.school_year(connection, school.id, changed)
        changes = {"academic_year": (school.academic_year, year)}
        entry = school_entry(self._now(), actor, action, (school.id, "Academic year"), changes)
        await self._announcements.activity(connection, school.id, [entry])
