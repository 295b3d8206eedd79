"""Users over HTTP. Managing them is the admin's; SLT see them; a teacher sees only themselves."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from services.identity.accounts import service
from services.identity.accounts.repository import UserFilter
from services.identity.accounts.schemas import NewUserBody, UsersFound, UserView
from services.identity.context import InContext
from shared.contracts.vocabulary import StaffRole
from shared.security.dependencies import Admin, AnyUser
from shared.web.paging import Page, Paging

__all__ = ["router"]

router = APIRouter(tags=["users"])

_MOST_LOOKED_UP = 500


@router.get("/users")
async def list_users(
    identity: InContext,
    principal: AnyUser,
    page: Paging,
    active: bool | None = None,
    role: StaffRole | None = None,
    claimed: bool | None = None,
) -> Page[UserView]:
    wanted = UserFilter(active=active, role=role, claimed=claimed, search=page.search)
    async with identity.database.transaction(principal.tenant) as connection:
        found = await service.list_users(connection, principal, wanted, page)
    return Page(
        items=[UserView.of(user) for user in found.users],
        next_cursor=found.next_cursor,
        total=found.total,
    )


@router.post("/users", status_code=201)
async def create_user(identity: InContext, principal: Admin, body: NewUserBody) -> UserView:
    async with identity.database.transaction(principal.tenant) as connection:
        made = await service.create_user(identity, connection, principal, body.as_new_user())
    return UserView.of(made)


@router.get("/users/lookup")
async def look_up_users(
    identity: InContext,
    principal: AnyUser,
    ids: Annotated[list[UUID], Query(max_length=_MOST_LOOKED_UP)],
) -> UsersFound:
    async with identity.database.transaction(principal.tenant) as connection:
        found = await service.look_up_users(connection, principal, ids)
    return UsersFound(items=[UserView.of(user) for user in found])


@router.get("/users/{user_id}")
async def get_user(identity: InContext, principal: AnyUser, user_id: UUID) -> UserView:
    async with identity.database.transaction(principal.tenant) as connection:
        return UserView.of(await service.get_user(connection, principal, user_id))
