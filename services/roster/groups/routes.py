"""Groups over HTTP."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from services.roster.groups.repository import GroupFilter
from services.roster.groups.schemas import (
    GroupChange,
    GroupDetail,
    GroupField,
    GroupView,
    NewGroup,
)
from services.roster.groups.service import GroupService
from shared.contracts.vocabulary import GroupKind, Origin, YearGroup
from shared.database.pool import Database
from shared.security.dependencies import Admin, AnyUser
from shared.web.paging import Line, Page, Paging

__all__ = ["group_routes"]

Called = Annotated[
    Line | None, Query(description="Those of just this name, whatever its case and accents.")
]


def group_routes(database: Database, groups: GroupService) -> APIRouter:
    router = APIRouter(prefix="/groups", tags=["groups"])

    @router.get("")
    async def list_groups(
        principal: AnyUser,
        paging: Paging,
        active: bool = True,
        kind: GroupKind | None = None,
        year_group: YearGroup | None = None,
        user_id: UUID | None = None,
        origin: Origin | None = None,
        without_members: bool | None = None,
        without_users: bool | None = None,
        name: Called = None,
    ) -> Page[GroupView]:
        """Sorted by `year_group`, `name`, `member_count` or `user_count`; a teacher's own (R14)."""
        wanted = GroupFilter(
            active=active,
            kind=kind,
            year_group=year_group,
            user_id=user_id,
            origin=origin,
            without_members=without_members,
            without_users=without_users,
            name=name,
        )
        async with database.transaction(principal.tenant) as connection:
            return await groups.page(connection, principal, wanted, paging)

    @router.post("", status_code=201)
    async def add_group(principal: Admin, new: NewGroup) -> GroupDetail:
        async with database.transaction(principal.tenant) as connection:
            return await groups.add(connection, principal, new)

    @router.get("/{group_id}")
    async def get_group(principal: AnyUser, group_id: UUID) -> GroupDetail:
        async with database.transaction(principal.tenant) as connection:
            return await groups.view(connection, principal, group_id)

    @router.patch("/{group_id}")
    async def change_group(principal: Admin, group_id: UUID, change: GroupChange) -> GroupDetail:
        async with database.transaction(principal.tenant) as connection:
            return await groups.change(connection, principal, group_id, change)

    @router.delete("/{group_id}/overrides/{field}")
    async def hand_back_group_field(
        principal: Admin,
        group_id: UUID,
        field: GroupField,
        expected_version: Annotated[int, Query(ge=1)],
    ) -> GroupDetail:
        async with database.transaction(principal.tenant) as connection:
            return await groups.hand_back(connection, principal, group_id, field, expected_version)

    return router
