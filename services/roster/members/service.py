"""Who is in a group, and what it means for teachers and pupils that the group is active (R14)."""

from __future__ import annotations

from uuid import UUID

from services.roster.access import reach_of
from services.roster.groups.repository import GroupRepository
from services.roster.members.repository import MemberFilter, MemberRepository
from services.roster.members.schemas import GroupReach, MemberView, TeacherReach, member_view
from services.roster.problems import GroupNotFound
from shared.database.pool import Connection
from shared.security.principals import Principal
from shared.web.paging import Page, PageRequest

__all__ = ["MemberService"]


class MemberService:
    def __init__(self, groups: GroupRepository, repository: MemberRepository) -> None:
        self._groups = groups
        self._repository = repository

    async def page(
        self, connection: Connection, principal: Principal, wanted: MemberFilter, page: PageRequest
    ) -> Page[MemberView]:
        """The group's pupils, if the principal may see it (R14); else none."""
        found = await self._repository.page(
            connection, teacher=reach_of(principal), wanted=wanted, page=page
        )
        items = [member_view(row) for row in found.rows]
        return Page(items=items, next_cursor=found.next_cursor, total=found.total)

    async def reach(self, connection: Connection, group_id: UUID) -> GroupReach:
        """Who sees whom by this group alone. Raises `GroupNotFound`."""
        if await self._groups.get(connection, group_id) is None:
            raise GroupNotFound
        teachers = await self._repository.teachers(connection, group_id)
        return GroupReach(
            teachers=[TeacherReach(**teacher) for teacher in teachers],
            **await self._repository.pupils(connection, group_id),
        )
