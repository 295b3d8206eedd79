"""A group's pupils over HTTP, and what depends on the group being active."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from services.roster.members.repository import MemberFilter
from services.roster.members.schemas import GroupReach, MemberView
from services.roster.members.service import MemberService
from shared.database.pool import Database
from shared.security.dependencies import Admin, AnyUser
from shared.web.paging import Page, Paging

__all__ = ["member_routes"]

TakenOut = Annotated[bool, Query(description="Those who were taken out by hand, instead.")]


def member_routes(database: Database, members: MemberService) -> APIRouter:
    router = APIRouter(prefix="/groups/{group_id}", tags=["members"])

    @router.get("/pupils")
    async def list_pupils_of_group(
        principal: AnyUser,
        group_id: UUID,
        paging: Paging,
        active: bool = True,
        taken_out: TakenOut = False,
    ) -> Page[MemberView]:
        """By surname; active ones unless asked otherwise."""
        wanted = MemberFilter(group_id=group_id, active=active, present=not taken_out)
        async with database.transaction(principal.tenant) as connection:
            return await members.page(connection, principal, wanted, paging)

    @router.get("/reach")
    async def read_group_reach(principal: Admin, group_id: UUID) -> GroupReach:
        """What would change for teachers and pupils if the group were made inactive, or active."""
        async with database.snapshot(principal.tenant) as connection:
            return await members.reach(connection, group_id)

    return router
