"""The admin looks at what the roll-up will do, and says which class follows which (R12)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from services.roster.activity import person
from services.roster.announcements import Announcements
from services.roster.clock import Clock
from services.roster.groups.group import Group
from services.roster.problems import GroupNotFound
from services.roster.pupils.pupil import Pupil
from services.roster.roll_up.history import school_entry
from services.roster.roll_up.moves import Moves
from services.roster.roll_up.problems import PlanChangedSince
from services.roster.roll_up.roll_up import RollUp
from services.roster.roll_up.schemas import (
    ComesFrom,
    FollowedBy,
    GroupChoice,
    GroupOfRollUp,
    GroupRollUp,
    LastRollUp,
    PupilOfRollUp,
    RollUpPlan,
    SuccessionsBody,
)
from services.roster.roll_up.service import RollUpService, Rows
from services.roster.roll_up.successions import Place, Successions
from services.roster.schools.repository import School
from services.roster.schools.service import SchoolService, roll_up_day
from shared.database.pool import Connection
from shared.school.academic_year import next_academic_year
from shared.security.principals import Principal

__all__ = ["Planning", "choice_of"]


class Planning:
    def __init__(
        self,
        *,
        schools: SchoolService,
        rows: Rows,
        roll_ups: RollUpService,
        announcements: Announcements,
        now: Clock,
    ) -> None:
        self._schools = schools
        self._rows = rows
        self._roll_ups = roll_ups
        self._announcements = announcements
        self._now = now

    async def plan(self, connection: Connection, principal: Principal) -> RollUpPlan:
        """As things are in this transaction; it changes nothing and waits for nobody."""
        school = await self._schools.look(connection, principal.tenant)
        moves = await self._roll_ups.planned(connection, school.academic_year)
        pupils = {pupil.id: pupil for pupil in await self._rows.pupils.all_active(connection)}
        groups = await self._rows.groups.all(connection)
        of_school = await self._rows.roll_ups.school(connection)
        leaving = [move.before for move in moves.pupils if move.leaves]
        return RollUpPlan(
            academic_year=school.academic_year,
            next_academic_year=next_academic_year(school.academic_year),
            due_on=roll_up_day(school.academic_year),
            version=of_school.successions_version,
            groups=await self._rows_of(connection, groups, pupils, moves),
            choices=[choice_of(group) for group in groups if group.active],
            leavers_group=_choice(groups, of_school.leavers_group_id),
            leavers_group_stands=moves.leavers_group is not None,
            moving_up=len(moves.pupils) - len(leaving),
            leaving=_shown(leaving),
            without_class=_shown(pupils[pupil_id] for pupil_id in moves.without_class),
            without_year=_shown(pupils[pupil_id] for pupil_id in moves.without_year),
            last=await self._last(connection, school, groups),
        )

    async def around(
        self, connection: Connection, principal: Principal, group_id: UUID
    ) -> GroupRollUp:
        """What follows one group, and which it follows. Raises `GroupNotFound`."""
        group = await self._rows.groups.get(connection, group_id)
        if group is None:
            raise GroupNotFound
        plan = await self.plan(connection, principal)
        groups = {one.id: choice_of(one) for one in await self._rows.groups.all(connection)}
        return GroupRollUp(
            due_on=plan.due_on,
            waits=plan.last is not None and plan.last.can_run_again,
            follows=[
                FollowedBy(
                    year_group=row.year_group,
                    pupils=row.pupils,
                    leaving=row.leaving,
                    how=row.how,
                    group=groups[row.next_group_id] if row.next_group_id else None,
                )
                for row in plan.groups
                if row.group_id == group_id
            ],
            precedes=[
                ComesFrom(group=groups[row.group_id], year_group=row.year_group, pupils=row.pupils)
                for row in plan.groups
                if row.next_group_id == group_id and row.group_id != group_id
            ],
            takes_leavers=plan.leavers_group_stands
            and plan.leavers_group is not None
            and plan.leavers_group.id == group_id,
        )

    async def name(
        self, connection: Connection, principal: Principal, body: SuccessionsBody
    ) -> RollUpPlan:
        """Raises `PlanChangedSince` or `GroupNotFound`."""
        await self._schools.lock(connection, principal.tenant)
        version = (await self._rows.roll_ups.school(connection)).successions_version
        if version != body.expected_version:
            raise PlanChangedSince(version)
        groups = {group.id: group for group in await self._rows.groups.all(connection)}
        before = await self._rows.roll_ups.named(connection)
        chosen, handed_back = {}, []
        for said in body.places:
            place = Place(said.group_id, said.year_group.value if said.year_group else None)
            following = groups.get(said.next_group_id) if said.next_group_id else None
            is_there = following is not None and following.active
            if said.group_id not in groups or (said.next_group_id and not is_there):
                raise GroupNotFound
            if said.by_name:
                handed_back.append(place)
            else:
                chosen[place] = said.next_group_id
        await self._rows.roll_ups.name(connection, principal.tenant, chosen, handed_back)
        after = await self._rows.roll_ups.named(connection)
        await self._tell(connection, principal, groups, before, after)
        return await self.plan(connection, principal)

    async def _tell(
        self,
        connection: Connection,
        principal: Principal,
        groups: Mapping[UUID, Group],
        before: Mapping[Place, UUID | None],
        after: Mapping[Place, UUID | None],
    ) -> None:
        changes: dict[str, tuple[Any, Any]] = {}
        for place in before.keys() | after.keys():
            was, now = (_said(side, place, groups) for side in (before, after))
            if was != now:
                year = f", Year {place.year_group}" if place.year_group else ""
                changes[f"{groups[place.group_id].name}{year}"] = (was, now)
        if changes:
            school = (principal.tenant, "Roll-up")
            entry = school_entry(
                self._now(), person(principal), "year.successions_changed", school, changes
            )
            await self._announcements.activity(connection, principal.tenant, [entry])

    async def _rows_of(
        self,
        connection: Connection,
        groups: Iterable[Group],
        pupils: Mapping[UUID, Pupil],
        moves: Moves,
    ) -> list[GroupOfRollUp]:
        groups = list(groups)
        successions = Successions(groups, await self._rows.roll_ups.named(connection))
        counted: Counter[Place] = Counter()
        for link in await self._rows.links.memberships(connection):
            counted[Place(link.key.group_id, pupils[link.key.person_id].year_group)] += 1
        leaving = {move.before.year_group for move in moves.pupils if move.leaves}
        rows = []
        for group in groups:
            places = [place for place in counted if place.group_id == group.id]
            for place in sorted(places, key=lambda one: one.year_group or ""):
                leaves = place.year_group in leaving
                succession = successions.of(place)
                rows.append(
                    GroupOfRollUp(
                        group_id=group.id,
                        name=group.name,
                        kind=group.kind,
                        year_group=place.year_group,
                        pupils=counted[place],
                        leaving=leaves,
                        next_group_id=None if leaves else succession.group_id,
                        how=succession.how,
                        proposed_group_id=successions.proposed(place),
                    )
                )
        return rows

    async def _last(
        self, connection: Connection, school: School, groups: Sequence[Group]
    ) -> LastRollUp | None:
        roll_up = await self._rows.roll_ups.latest(connection)
        if roll_up is None:
            return None
        figures = await self._rows.roll_ups.figures(connection, roll_up.id)
        changed = await self._rows.roll_ups.changed_since(connection, roll_up.id)
        listed = {*changed, *roll_up.without_class, *roll_up.without_year}
        found = {p.id: p for p in await self._rows.pupils.by_ids_or_upns(connection, listed, [])}
        return LastRollUp(
            id=roll_up.id,
            academic_year=roll_up.academic_year,
            ran_at=roll_up.ran_at,
            undo_until=roll_up.undo_until,
            undone_at=roll_up.undone_at,
            can_undo=self._can_undo(roll_up, school),
            can_run_again=roll_up.undone_at is not None
            and roll_up.academic_year == next_academic_year(school.academic_year),
            moved_up=figures["moved_up"],
            left_school=figures["left_school"],
            leavers_group=_choice(groups, roll_up.leavers_group_id),
            without_class=_those(found, roll_up.without_class),
            without_year=_those(found, roll_up.without_year),
            changed_since=_those(found, changed),
        )

    def _can_undo(self, roll_up: RollUp, school: School) -> bool:
        return (
            roll_up.undone_at is None
            and roll_up.academic_year == school.academic_year
            and self._now() <= roll_up.undo_until
        )


def choice_of(group: Group) -> GroupChoice:
    return GroupChoice(id=group.id, name=group.name, kind=group.kind, year_group=group.year_group)


def _choice(groups: Iterable[Group], group_id: UUID | None) -> GroupChoice | None:
    return next((choice_of(group) for group in groups if group.id == group_id), None)


def _shown(pupils: Iterable[Pupil]) -> list[PupilOfRollUp]:
    return [
        PupilOfRollUp(id=pupil.id, name=pupil.name, year_group=pupil.year_group)
        for pupil in sorted(pupils, key=lambda one: (one.legal_surname, one.legal_forename, one.id))
    ]


def _those(found: Mapping[UUID, Pupil], ids: Collection[UUID]) -> list[PupilOfRollUp]:
    return _shown(found[pupil_id] for pupil_id in ids)


def _said(named: Mapping[Place, UUID | None], place: Place, groups: Mapping[UUID, Group]) -> str:
    if place not in named:
        return "by name"
    following = named[place]
    return groups[following].name if following else "no group"
