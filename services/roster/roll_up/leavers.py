"""Where those who leave at the roll-up are put: the school's setting, `none` by default (R29).

A set, and beside the classes that leavers keep, so that a school finds last year's. They are
inactive, so the set counts none of them, and shows them to who asks for inactive pupils.
"""

from __future__ import annotations

from uuid import UUID

from services.roster.activity import person
from services.roster.announcements import Announcements
from services.roster.clock import Clock
from services.roster.problems import FieldRefused, GroupNotFound
from services.roster.roll_up.history import school_entry
from services.roster.roll_up.moves import leavers_group_of
from services.roster.roll_up.planning import Planning
from services.roster.roll_up.schemas import LeaversBody, LeaversDefaults, RollUpSettings
from services.roster.roll_up.service import Rows
from services.roster.schools.service import SchoolService
from shared.contracts.vocabulary import GroupKind
from shared.database.pool import Connection
from shared.security.principals import Principal
from shared.web.settings_changed import SettingsChangedMeanwhile

__all__ = ["Leavers"]


class Leavers:
    def __init__(
        self,
        *,
        schools: SchoolService,
        rows: Rows,
        planning: Planning,
        announcements: Announcements,
        now: Clock,
    ) -> None:
        self._schools = schools
        self._rows = rows
        self._planning = planning
        self._announcements = announcements
        self._now = now

    async def settings(self, connection: Connection, principal: Principal) -> RollUpSettings:
        plan = await self._planning.plan(connection, principal)
        classes = [row for row in plan.groups if row.kind is GroupKind.CLASS]
        staying = [row for row in classes if not row.leaving]
        following = sum(row.next_group_id is not None for row in staying)
        return RollUpSettings(
            version=(await self._rows.roll_ups.school(connection)).leavers_version,
            leavers_group=plan.leavers_group,
            leavers_group_stands=plan.leavers_group_stands,
            defaults=LeaversDefaults(leavers_group_id=None),
            academic_year=plan.academic_year,
            next_academic_year=plan.next_academic_year,
            due_on=plan.due_on,
            waits=plan.last is not None and plan.last.can_run_again,
            following=following,
            without=len(staying) - following,
            leaving=len(plan.leaving),
        )

    async def set(
        self, connection: Connection, principal: Principal, body: LeaversBody
    ) -> RollUpSettings:
        """Counts from the next roll-up on; what was done stays.

        Raises `SettingsChangedMeanwhile` (409), `GroupNotFound`, or `FieldRefused` (422) for what
        is no active set.
        """
        await self._schools.lock(connection, principal.tenant)
        school = await self._rows.roll_ups.school(connection)
        wanted, before = body.leavers_group_id, school.leavers_group_id
        names = await self._names(connection, wanted, before)
        if body.expected_version != school.leavers_version:
            current = {"leavers_group": names[before], "leavers_group_id": before and str(before)}
            said = {"leavers_group": names[wanted]}
            raise SettingsChangedMeanwhile(current, said, school.leavers_version)
        if wanted != before:
            await self._check(connection, wanted)
            await self._rows.roll_ups.set_leavers_group(connection, wanted)
            changes = {"set_for_leavers": (names[before] or "none", names[wanted] or "none")}
            entry = school_entry(
                self._now(),
                person(principal),
                "settings.roll_up_changed",
                (principal.tenant, "Roll-up"),
                changes,
            )
            await self._announcements.activity(connection, principal.tenant, [entry])
        return await self.settings(connection, principal)

    async def _names(
        self, connection: Connection, *group_ids: UUID | None
    ) -> dict[UUID | None, str | None]:
        """Raises `GroupNotFound`, also for another school's."""
        wanted = {group_id for group_id in group_ids if group_id is not None}
        groups = await self._rows.groups.by_ids(connection, wanted)
        if len(groups) < len(wanted):
            raise GroupNotFound
        return {None: None} | {group.id: group.name for group in groups}

    async def _check(self, connection: Connection, wanted: UUID | None) -> None:
        if wanted is None:
            return
        groups = await self._rows.groups.by_ids(connection, [wanted])
        if leavers_group_of(groups, wanted) is None:
            raise FieldRefused(
                "leavers_group_id",
                f"{groups[0].name} is not an active set. Leavers keep their class, and are put "
                "into a set beside it: choose one, or add one in Group Management first.",
            )
