"""The admin looks at what the roll-up will do, and says which class follows which (R12)."""

from __future__ import annotations

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
from services.roster.roll_up.moves import Steps
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
from services.roster.roll_up.successions import Place
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
        groups = await self._rows.groups.all(connection)
        basis = await self._rows.roll_ups.basis(connection)
        steps = self._roll_ups.steps(school.academic_year, groups, basis)
        found = await self._rows.roll_ups.plan(connection, steps)
        listed = {*found.leaving, *found.without_class, *found.without_year}
        pupils = await self._pupils(connection, listed)
        return RollUpPlan(
            academic_year=school.academic_year,
            next_academic_year=next_academic_year(school.academic_year),
            due_on=roll_up_day(school.academic_year),
            version=basis.school.successions_version,
            groups=_rows_of(groups, basis.places, steps),
            choices=[choice_of(group) for group in groups if group.active],
            leavers_group=_choice(groups, basis.school.leavers_group_id),
            leavers_group_stands=steps.leavers_group is not None,
            moving_up=found.moving_up,
            leaving=_those(pupils, found.leaving),
            without_class=_those(pupils, found.without_class),
            without_year=_those(pupils, found.without_year),
            last=await self._last(connection, school, groups),
        )

    async def classes_that_end(
        self, connection: Connection, principal: Principal
    ) -> tuple[School, int]:
        """How many classes have pupils who stay in the school, and whom no class follows for.

        That none follows can be chosen; then it is no gap.
        """
        school = await self._schools.look(connection, principal.tenant)
        groups = await self._rows.groups.all(connection)
        basis = await self._rows.roll_ups.basis(connection)
        steps = self._roll_ups.steps(school.academic_year, groups, basis)
        ending = {
            place.group_id
            for place, following in steps.places.items()
            if following is None and place.group_id in steps.classes
            if place not in basis.named or basis.named[place] is not None
        }
        return school, len(ending)

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

    async def _pupils(self, connection: Connection, ids: Collection[UUID]) -> dict[UUID, Pupil]:
        found = await self._rows.pupils.by_ids_or_upns(connection, ids, [])
        return {pupil.id: pupil for pupil in found}

    async def _last(
        self, connection: Connection, school: School, groups: Sequence[Group]
    ) -> LastRollUp | None:
        roll_up = await self._rows.roll_ups.latest(connection)
        if roll_up is None:
            return None
        figures = await self._rows.roll_ups.figures(connection, roll_up.id)
        listed = {*roll_up.changed_since, *roll_up.without_class, *roll_up.without_year}
        found = await self._pupils(connection, listed)
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
            changed_since=_those(found, roll_up.changed_since),
        )

    def _can_undo(self, roll_up: RollUp, school: School) -> bool:
        return (
            roll_up.undone_at is None
            and roll_up.academic_year == school.academic_year
            and self._now() <= roll_up.undo_until
        )


def _rows_of(
    groups: Iterable[Group], places: Mapping[Place, int], steps: Steps
) -> list[GroupOfRollUp]:
    """A row for the pupils of each year group in each group, in the order of the groups."""
    rows = []
    for group in groups:
        of_group = [place for place in places if place.group_id == group.id]
        for place in sorted(of_group, key=lambda one: one.year_group or ""):
            leaves = steps.leave(place.year_group)
            succession = steps.successions.of(place)
            rows.append(
                GroupOfRollUp(
                    group_id=group.id,
                    name=group.name,
                    kind=group.kind,
                    year_group=place.year_group,
                    pupils=places[place],
                    leaving=leaves,
                    next_group_id=None if leaves else succession.group_id,
                    how=succession.how,
                    proposed_group_id=steps.successions.proposed(place),
                )
            )
    return rows


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
