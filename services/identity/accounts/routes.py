"""Users over HTTP. Managing them is the admin's; SLT see them; a teacher sees only themselves."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi.responses import StreamingResponse

from services.identity.accounts import changes, service
from services.identity.accounts.export import exported_users
from services.identity.accounts.filters import WantedUsers
from services.identity.accounts.replacement import replace_account
from services.identity.accounts.schemas import (
    ActiveBody,
    Detail,
    NewUserBody,
    PasswordWasReset,
    ReplacementBody,
    UserChanges,
    UsersFound,
    UserView,
)
from services.identity.context import InContext
from services.identity.passwords.reset import reset_password
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
    wanted: WantedUsers,
) -> Page[UserView]:
    async with identity.database.transaction(principal.tenant) as connection:
        found = await service.list_users(connection, principal, wanted, page)
    return Page(
        items=[UserView.of(user, identity.clock()) for user in found.users],
        next_cursor=found.next_cursor,
        total=found.total,
    )


@router.post("/users", status_code=201)
async def create_user(identity: InContext, principal: Admin, body: NewUserBody) -> UserView:
    async with identity.database.transaction(principal.tenant) as connection:
        made = await service.create_user(identity, connection, principal, body.as_new_user())
    return UserView.of(made, identity.clock())


@router.get("/users/export", response_class=StreamingResponse)
async def export_users(
    identity: InContext, principal: Admin, wanted: WantedUsers
) -> StreamingResponse:
    """The same users as CSV, with the names of their groups."""
    text = await exported_users(identity, principal, wanted)
    return StreamingResponse(text, media_type="text/csv; charset=utf-8")


@router.get("/users/lookup")
async def look_up_users(
    identity: InContext,
    principal: AnyUser,
    ids: Annotated[list[UUID], Query(max_length=_MOST_LOOKED_UP)],
) -> UsersFound:
    async with identity.database.transaction(principal.tenant) as connection:
        found = await service.look_up_users(connection, principal, ids)
    return UsersFound(items=[UserView.of(user, identity.clock()) for user in found])


@router.get("/users/{user_id}")
async def get_user(identity: InContext, principal: AnyUser, user_id: UUID) -> UserView:
    async with identity.database.transaction(principal.tenant) as connection:
        user = await service.get_user(connection, principal, user_id)
    return UserView.of(user, identity.clock())


@router.patch("/users/{user_id}")
async def change_user(
    identity: InContext, principal: Admin, user_id: UUID, body: UserChanges
) -> UserView:
    async with identity.database.transaction(principal.tenant) as connection:
        changed = await changes.change_user(
            identity, connection, principal, user_id, body.said(), body.expected_version
        )
    return UserView.of(changed, identity.clock())


@router.delete("/users/{user_id}/overrides/{detail}")
async def hand_back_detail(
    identity: InContext,
    principal: Admin,
    user_id: UUID,
    detail: Detail,
    expected_version: Annotated[int, Query(ge=1)],
) -> UserView:
    """Leave a detail that was set by hand to the MIS again (R13)."""
    async with identity.database.transaction(principal.tenant) as connection:
        changed = await changes.hand_back_detail(
            identity, connection, principal, user_id, detail, expected_version
        )
    return UserView.of(changed, identity.clock())


@router.post("/users/{user_id}/replacement", status_code=201)
async def replace_user(
    identity: InContext, principal: Admin, user_id: UUID, body: ReplacementBody
) -> UserView:
    """A new account with a new username; the old one is made inactive, without the address."""
    async with identity.database.transaction(principal.tenant) as connection:
        done = await replace_account(
            identity, connection, principal, user_id, body.as_new_user(), body.expected_version
        )
    return UserView.of(done.new, identity.clock())


@router.put("/users/{user_id}/active")
async def set_user_active(
    identity: InContext, principal: Admin, user_id: UUID, body: ActiveBody
) -> UserView:
    async with identity.database.transaction(principal.tenant) as connection:
        changed = await changes.set_active(identity, connection, principal, user_id, body.active)
    return UserView.of(changed, identity.clock())


@router.post("/users/{user_id}/password-reset")
async def reset_user_password(
    identity: InContext, principal: Admin, user_id: UUID
) -> PasswordWasReset:
    async with identity.database.transaction(principal.tenant) as connection:
        done = await reset_password(identity, connection, principal, user_id)
    return PasswordWasReset(to=done.to, user=UserView.of(done.user, identity.clock()))
