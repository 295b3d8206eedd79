"""Groups as people see and change them: lists, one group with its users, and everything by hand.

What is set by hand is marked, and the sync leaves it alone until it is handed back (R13). Nothing
is deleted (R6).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from uuid_utils.compat import uuid7

from services.roster.access import reach_of
from services.roster.activity import person
from services.roster.announcements import Announcements
from services.roster.clock import Clock
from services.roster.groups.group import Group
from services.roster.groups.history import group_entry
from services.roster.groups.repository import GroupFilter, GroupRepository
from services.roster.groups.schemas import (
    GroupChange,
    GroupDetail,
    GroupField,
    GroupUser,
    GroupView,
    NewGroup,
)
from services.roster.problems import ChangedSince, GroupNotFound, NameTaken
from services.roster.schemas import LinkBadge
from services.roster.schools.service import SchoolService
from shared.contracts.vocabulary import Origin
from shared.database.pool import Connection
from shared.security.principals import Kind, Principal
from shared.web.paging import Page, PageRequest

__all__ = ["GroupService"]


class GroupService:
    def __init__(
        self,
        *,
        schools: SchoolService,
        repository: GroupRepository,
        announcements: Announcements,
        now: Clock,
    ) -> None:
        self._schools = schools
        self._repository = repository
        self._announcements = announcements
        self._now = now

    async def page(
        self, connection: Connection, principal: Principal, wanted: GroupFilter, page: PageRequest
    ) -> Page[GroupView]:
        """The groups that the principal may see (R14)."""
        found = await self._repository.page(
            connection,
            teacher=reach_of(principal),
            wanted=replace(wanted, search=page.search),
            page=page,
        )
        items = [GroupView.model_validate(row) for row in found.rows]
        return Page(items=items, next_cursor=found.next_cursor, total=found.total)

    async def view(
        self, connection: Connection, principal: Principal, group_id: UUID
    ) -> GroupDetail:
        """One group. Raises `GroupNotFound`, also for one the principal may not see (R14)."""
        row = await self._repository.detail(connection, group_id, teacher=reach_of(principal))
        if row is None:
            raise GroupNotFound
        users = await self._repository.users(connection, group_id)
        unlinked: list[dict[str, Any]] = []
        if principal.kind is Kind.ADMIN:
            unlinked = await self._repository.users(connection, group_id, present=False)
        return GroupDetail.model_validate(
            {
                **row,
                "users": [_group_user(user) for user in users],
                "unlinked": [_group_user(user) for user in unlinked],
            }
        )

    async def add(self, connection: Connection, principal: Principal, new: NewGroup) -> GroupDetail:
        """Add a group by hand.

        Raises `NameTaken` (409) if an active one of its kind and year group has the name. The same
        name in another year group is how schools work (`Blue` in each), so the page only tells.
        """
        await self._schools.lock(connection, principal.tenant)
        group = Group(id=uuid7(), origin=Origin.HAND, **new.model_dump())
        await self._save(connection, principal, None, group)
        return await self.view(connection, principal, group.id)

    async def change(
        self, connection: Connection, principal: Principal, group_id: UUID, change: GroupChange
    ) -> GroupDetail:
        """Change details, or make active or inactive. What is different now is an override (R13).

        Raises `ChangedSince` (409) with how the group stands now, if somebody else was first.
        """
        before = await self._lock(connection, principal, group_id, change.expected_version)
        fields = change.fields()
        reason = fields.pop("active_reason", None)
        after = replace(before, **fields)
        if after.active != before.active:
            after = replace(after, active_reason=reason)
        set_by_hand = after.differs_from(before).keys() - {"active_reason"}
        await self._save(connection, principal, before, after.overriding(*set_by_hand))
        return await self.view(connection, principal, group_id)

    async def hand_back(
        self,
        connection: Connection,
        principal: Principal,
        group_id: UUID,
        field: GroupField,
        expected_version: int,
    ) -> GroupDetail:
        """Leave a field to the MIS again; its value stays until the MIS says another (R13)."""
        before = await self._lock(connection, principal, group_id, expected_version)
        await self._save(connection, principal, before, before.handing_back(field))
        return await self.view(connection, principal, group_id)

    async def _lock(
        self, connection: Connection, principal: Principal, group_id: UUID, expected_version: int
    ) -> Group:
        await self._schools.lock(connection, principal.tenant)
        group = await self._repository.get(connection, group_id)
        if group is None:
            raise GroupNotFound
        if group.version != expected_version:
            current = await self.view(connection, principal, group_id)
            raise ChangedSince(current.model_dump(mode="json"))
        return group

    async def _save(
        self, connection: Connection, principal: Principal, before: Group | None, after: Group
    ) -> None:
        if before == after:
            return
        twin = await self._repository.active_twin(connection, after) if after.active else None
        if twin is not None and (before is None or _called(before) != _called(after)):
            raise NameTaken(twin.name, twin.id)
        after = replace(after, version=after.version + 1)
        school_id = principal.tenant
        await self._repository.save(connection, school_id, [after])
        await self._announcements.groups(connection, school_id, [after.state()])
        entry = group_entry(self._now(), person(principal), before, after)
        await self._announcements.activity(connection, school_id, [entry])


def _called(group: Group) -> tuple[object, ...]:
    return (group.name, group.kind, group.year_group, group.active)


def _group_user(row: Mapping[str, Any]) -> GroupUser:
    badge = LinkBadge(version=row["version"], origin=row["origin"], override=row["override"])
    return GroupUser(
        id=row["id"],
        title=row["title"],
        forename=row["forename"],
        surname=row["surname"],
        role=row["role"],
        active=row["active"],
        link=badge,
    )
