"""One action for many pupils: looked through first, then done in one transaction (R6, R12, R13).

Whoever cannot be changed is told with the reason and left; an id that is no pupil of this school
refuses the whole, since the list that was chosen from is not the one that is here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from services.roster.activity import person
from services.roster.announcements import Announcements
from services.roster.bulk.fates import PupilAction, PupilChange, PupilFate, fates_of, year_changes
from services.roster.bulk.problems import (
    GroupIsInactive,
    NoSuchYearHere,
    PupilsNotFound,
    ReasonMissing,
    TooManyAtOnce,
)
from services.roster.clock import Clock
from services.roster.groups.group import Group
from services.roster.groups.repository import GroupRepository
from services.roster.links.history import link_entry
from services.roster.links.link import Link, LinkKey, Names
from services.roster.links.repository import ClassOf, LinkRepository
from services.roster.problems import GroupNotFound
from services.roster.pupils.history import pupil_entry
from services.roster.pupils.repository import PupilFilter, PupilRepository
from services.roster.roll_up.guarding import RollUpGuard
from services.roster.schools.repository import School, SchoolRepository
from services.roster.schools.service import SchoolService
from shared.contracts.vocabulary import GroupKind, LinkKind, YearGroup
from shared.database.pool import Connection
from shared.school.year_groups import year_groups_between
from shared.security.principals import Principal

__all__ = ["MOST_AT_ONCE", "BulkRows", "Consequences", "ManyPupils", "Selection", "Wish"]

MOST_AT_ONCE = 2000
"""The largest of primary schools whole; that many took two seconds on a machine under load."""


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What was asked for, and of whom."""

    action: PupilAction
    ids: Sequence[UUID]
    reason: str | None = None
    year_group: YearGroup | None = None
    group_id: UUID | None = None


@dataclass(frozen=True)
class Selection:
    """The pupils that fit a filter, up to as many as can be changed at once, of `total`."""

    ids: list[UUID]
    total: int


@dataclass(frozen=True, kw_only=True)
class Consequences:
    """What would become of each, and of how many of those who change something else follows."""

    fates: list[PupilFate]
    in_other_class: int = 0
    """Would be in this class, and in another one too."""
    without_class: int = 0
    """Would be in no class."""
    class_of_other_year: int = 0
    """Would stay in a class of another year group."""


@dataclass(frozen=True)
class BulkRows:
    schools: SchoolRepository
    pupils: PupilRepository
    groups: GroupRepository
    links: LinkRepository


class ManyPupils:
    def __init__(
        self,
        *,
        schools: SchoolService,
        rows: BulkRows,
        guard: RollUpGuard,
        announcements: Announcements,
        now: Clock,
    ) -> None:
        self._schools = schools
        self._rows = rows
        self._guard = guard
        self._announcements = announcements
        self._now = now

    async def select_all(self, connection: Connection, wanted: PupilFilter) -> Selection:
        ids, total = await self._rows.pupils.matching(connection, wanted, MOST_AT_ONCE)
        return Selection(ids, total)

    async def look_ahead(
        self, connection: Connection, principal: Principal, wish: Wish
    ) -> Consequences:
        """Changes nothing. Raises as `carry_out`, but for a reason that is not given yet."""
        _, fates, group = await self._decided(connection, principal, wish)
        changed = [fate for fate in fates if fate.outcome == "changed"]
        classes = await self._rows.links.classes_of(connection, [one.pupil.id for one in changed])
        return _consequences(fates, changed, group, classes)

    async def carry_out(
        self, connection: Connection, principal: Principal, wish: Wish
    ) -> list[PupilFate]:
        """What became of each; all or nothing.

        Raises `TooManyAtOnce`, `ReasonMissing`, `PupilsNotFound`, `GroupNotFound`,
        `GroupIsInactive`, `NoSuchYearHere`, or `WaitsForRollUp` (R12).
        """
        if wish.action == "make_inactive" and wish.reason is None:
            raise ReasonMissing
        school, fates, group = await self._decided(connection, principal, wish)
        await self._save_pupils(connection, school, principal, fates)
        if group is not None:
            await self._save_links(connection, principal, fates, group)
        return fates

    async def _decided(
        self, connection: Connection, principal: Principal, wish: Wish
    ) -> tuple[School, list[PupilFate], Group | None]:
        ids = set(wish.ids)
        if len(ids) > MOST_AT_ONCE:
            raise TooManyAtOnce(len(ids), MOST_AT_ONCE)
        school = await self._schools.lock(connection, principal.tenant)
        pupils = await self._rows.pupils.by_ids_or_upns(connection, ids, [])
        if len(pupils) < len(ids):
            raise PupilsNotFound(len(ids) - len(pupils), len(ids))
        if wish.year_group is not None:
            await self._refuse_other_years(connection, wish.year_group)
        group = await self._group(connection, wish)
        memberships = await self._memberships(connection, group, ids)
        change = PupilChange(
            action=wish.action, reason=wish.reason, year_group=wish.year_group, group=group
        )
        fates = fates_of(pupils, change, memberships)
        await self._guard.refuse_bulk_move_up(connection, school, year_changes(fates))
        return school, fates, group

    async def _refuse_other_years(self, connection: Connection, wanted: YearGroup) -> None:
        years = await self._rows.schools.year_groups(connection)
        if years is not None and wanted not in year_groups_between(*years):
            raise NoSuchYearHere(wanted, *years)

    async def _group(self, connection: Connection, wish: Wish) -> Group | None:
        if wish.group_id is None:
            return None
        group = await self._rows.groups.get(connection, wish.group_id)
        if group is None:
            raise GroupNotFound
        if wish.action == "add_to_group" and not group.active:
            raise GroupIsInactive(group.name)
        return group

    async def _memberships(
        self, connection: Connection, group: Group | None, ids: set[UUID]
    ) -> dict[UUID, Link]:
        if group is None:
            return {}
        keys = [LinkKey(LinkKind.MEMBER, group.id, pupil_id) for pupil_id in ids]
        links = await self._rows.links.by_keys(connection, keys)
        return {link.key.person_id: link for link in links}

    async def _save_pupils(
        self,
        connection: Connection,
        school: School,
        principal: Principal,
        fates: Sequence[PupilFate],
    ) -> None:
        changes = [(fate.pupil, fate.after) for fate in fates if fate.after is not None]
        pupils = [after for _, after in changes]
        say = self._announcements
        await self._rows.pupils.save(connection, school.id, pupils)
        states = [pupil.state(school.kept_fields) for pupil in pupils]
        await say.pupils(connection, school.id, states)
        actor, at = person(principal), self._now()
        entries = [pupil_entry(at, actor, *change) for change in changes]
        await say.activity(connection, school.id, entries)

    async def _save_links(
        self, connection: Connection, principal: Principal, fates: Sequence[PupilFate], group: Group
    ) -> None:
        changes = [fate.link for fate in fates if fate.link is not None]
        links = [after for _, after in changes]
        say, school_id = self._announcements, principal.tenant
        await self._rows.links.save(connection, school_id, links)
        await say.links(connection, school_id, [link.state() for link in links])
        people = {(LinkKind.MEMBER, fate.pupil.id): fate.pupil.name for fate in fates}
        names = Names({group.id: group.name}, people)
        actor, at = person(principal), self._now()
        entries = [link_entry(at, actor, *change, names) for change in changes]
        await say.activity(connection, school_id, [entry for entry in entries if entry])


def _consequences(
    fates: list[PupilFate],
    changed: Sequence[PupilFate],
    group: Group | None,
    classes: Mapping[UUID, Sequence[ClassOf]],
) -> Consequences:
    """`classes` are the active ones that each is in now."""
    of_each = [classes.get(fate.pupil.id, ()) for fate in changed]
    if group is None:
        pairs = zip(changed, of_each, strict=True)
        stay = sum(_stays_in_class_of_other_year(fate, those) for fate, those in pairs)
        return Consequences(fates=fates, class_of_other_year=stay)
    if group.kind is not GroupKind.CLASS:
        return Consequences(fates=fates)
    if any(fate.link is not None and fate.link[1].present for fate in changed):
        return Consequences(fates=fates, in_other_class=sum(bool(those) for those in of_each))
    none = [all(one.id == group.id for one in those) for those in of_each]
    return Consequences(fates=fates, without_class=sum(none))


def _stays_in_class_of_other_year(fate: PupilFate, classes: Sequence[ClassOf]) -> bool:
    """Of a joint class nobody knows."""
    if fate.after is None or fate.after.year_group == fate.pupil.year_group:
        return False
    return any(one.year_group not in (None, fate.after.year_group) for one in classes)
