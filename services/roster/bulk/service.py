"""One action for many pupils: looked through first, then done in one transaction (R6, R12, R13).

Whoever cannot be changed is told with the reason and left; an id that is no pupil of this school
refuses the whole, since the list that was chosen from is not the one that is here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from services.roster.activity import person
from services.roster.announcements import Announcements
from services.roster.bulk.fates import (
    PupilAction,
    PupilChange,
    PupilFate,
    fates_in_group,
    fates_of,
    year_changes,
)
from services.roster.bulk.problems import (
    GroupIsInactive,
    NoSuchYearHere,
    ReasonMissing,
    TooManyAtOnce,
)
from services.roster.clock import Clock
from services.roster.groups.group import Group
from services.roster.groups.repository import GroupRepository
from services.roster.links.many import LinkFate, ManyLinks
from services.roster.links.repository import ClassOf, LinkRepository
from services.roster.problems import GroupNotFound, PupilsNotFound
from services.roster.pupils.history import pupil_entry
from services.roster.pupils.pupil import Pupil
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

    @property
    def present(self) -> bool:
        """Of a group: whether they are in it afterwards."""
        return self.action == "add_to_group"


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
        links: ManyLinks,
        guard: RollUpGuard,
        announcements: Announcements,
        now: Clock,
    ) -> None:
        self._schools = schools
        self._rows = rows
        self._links = links
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
        school, pupils = await self._chosen(connection, principal, wish)
        group = await self._group(connection, wish)
        if group is not None:
            links = await self._links.look_ahead(
                connection,
                LinkKind.MEMBER,
                group.id,
                wish.ids,
                present=wish.present,
                called=group.name,
            )
            return await self._consequences(connection, pupils, group, links)
        fates = await self._decided(connection, school, wish, pupils)
        changed = [fate for fate in fates if fate.outcome == "changed"]
        classes = await self._rows.links.classes_of(connection, [one.pupil.id for one in changed])
        stay = sum(_stays_in_other_year(fate, classes.get(fate.pupil.id, ())) for fate in changed)
        return Consequences(fates=fates, class_of_other_year=stay)

    async def carry_out(
        self, connection: Connection, principal: Principal, wish: Wish
    ) -> list[PupilFate]:
        """What became of each; all or nothing.

        Raises `TooManyAtOnce`, `ReasonMissing`, `PupilsNotFound`, `GroupNotFound`,
        `GroupIsInactive`, `NoSuchYearHere`, or `WaitsForRollUp` (R12).
        """
        if wish.action == "make_inactive" and wish.reason is None:
            raise ReasonMissing
        school, pupils = await self._chosen(connection, principal, wish)
        group = await self._group(connection, wish)
        if group is not None:
            links = await self._links.carry_out(
                connection,
                principal,
                LinkKind.MEMBER,
                group.id,
                wish.ids,
                present=wish.present,
                called=group.name,
            )
            return fates_in_group(pupils, links)
        fates = await self._decided(connection, school, wish, pupils)
        await self._save_pupils(connection, school, principal, fates)
        return fates

    async def _chosen(
        self, connection: Connection, principal: Principal, wish: Wish
    ) -> tuple[School, list[Pupil]]:
        ids = set(wish.ids)
        if len(ids) > MOST_AT_ONCE:
            raise TooManyAtOnce(len(ids), MOST_AT_ONCE)
        school = await self._schools.lock(connection, principal.tenant)
        pupils = await self._rows.pupils.by_ids_or_upns(connection, ids, [])
        if len(pupils) < len(ids):
            raise PupilsNotFound(len(ids) - len(pupils), len(ids))
        return school, pupils

    async def _decided(
        self, connection: Connection, school: School, wish: Wish, pupils: Sequence[Pupil]
    ) -> list[PupilFate]:
        if wish.year_group is not None:
            await self._refuse_other_years(connection, wish.year_group)
        change = PupilChange(action=wish.action, reason=wish.reason, year_group=wish.year_group)
        fates = fates_of(pupils, change)
        await self._guard.refuse_bulk_move_up(connection, school, year_changes(fates))
        return fates

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
        if wish.present and not group.active:
            raise GroupIsInactive(group.name)
        return group

    async def _consequences(
        self,
        connection: Connection,
        pupils: Sequence[Pupil],
        group: Group,
        links: Sequence[LinkFate],
    ) -> Consequences:
        fates = fates_in_group(pupils, links)
        come = sum(bool(link.other_classes) for link in links)
        leave = [link.person_id for link in links if link.after and not link.after.present]
        if group.kind is not GroupKind.CLASS or not leave:
            return Consequences(fates=fates, in_other_class=come)
        classes = await self._rows.links.classes_of(connection, leave)
        none = [all(one.id == group.id for one in classes.get(pupil, ())) for pupil in leave]
        return Consequences(fates=fates, without_class=sum(none))

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


def _stays_in_other_year(fate: PupilFate, classes: Sequence[ClassOf]) -> bool:
    """Of a joint class nobody knows."""
    if fate.after is None or fate.after.year_group == fate.pupil.year_group:
        return False
    return any(one.year_group not in (None, fate.after.year_group) for one in classes)
