"""The list of users and the page of one: identity's accounts with roster's links (R2–R8, R13)."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict
from typing import Literal
from uuid import UUID

from fastapi import APIRouter

from gateway.clients.roster import Roster
from gateway.pages.many_users import UserFilters
from gateway.partial import Parts
from gateway.rights import Admin
from gateway.schemas.parts import GroupReference, ServiceName
from gateway.schemas.users import (
    ActiveChange,
    NewUser,
    PasswordWasReset,
    Replacement,
    User,
    UserChanges,
    UserList,
    UserPage,
)
from shared.web.paging import Paging

__all__ = ["router"]

router = APIRouter(prefix="/api/users", tags=["users"])


@router.get("")
async def list_users(
    visit: Admin,
    paging: Paging,
    filters: UserFilters,
) -> UserList:
    """Users with their groups, sorted by `surname` unless another field is named."""
    page = await visit.identity.users(asdict(paging) | filters)
    parts = Parts()
    return UserList(
        items=await _with_groups(page.items, visit.roster, parts),
        next_cursor=page.next_cursor,
        total=page.total,
        unavailable=parts.unavailable,
    )


@router.post("", status_code=201)
async def add_user(user: NewUser, visit: Admin) -> User:
    """Add one user by hand. They wait with the default, a slip, or as a head or deputy a link."""
    return await visit.identity.add_user(user)


@router.get("/{user_id}")
async def read_user(user_id: UUID, visit: Admin) -> UserPage:
    """A user with their groups."""
    user = await visit.identity.user(user_id)
    parts = Parts()
    (merged,), unlinked = await asyncio.gather(
        _with_groups([user], visit.roster, parts),
        parts.of(ServiceName.ROSTER, visit.roster.unlinked_by_hand(user_id)),
    )
    groups = [link.group() for link in unlinked or []]
    return UserPage(user=merged, unlinked=groups, unavailable=parts.unavailable)


@router.patch("/{user_id}")
async def change_user(user_id: UUID, changes: UserChanges, visit: Admin) -> User:
    """Change details or role: what is set by hand stays so, whatever the MIS says."""
    return await visit.identity.change_user(user_id, changes)


@router.put("/{user_id}/active")
async def set_user_active(user_id: UUID, change: ActiveChange, visit: Admin) -> User:
    """Make a user inactive, which signs them out at once, or active again."""
    return await visit.identity.set_user_active(user_id, change)


@router.delete("/{user_id}/overrides/{detail}")
async def hand_back_user_detail(
    user_id: UUID,
    detail: Literal["title", "forename", "surname", "email", "staff_code"],
    expected_version: int,
    visit: Admin,
) -> User:
    """Leave a detail that was set by hand to the MIS again."""
    return await visit.identity.hand_back_detail(user_id, detail, expected_version)


@router.post("/{user_id}/replacement", status_code=201)
async def replace_user(user_id: UUID, replacement: Replacement, visit: Admin) -> User:
    """A new account with a new username; the old one becomes inactive and gives up the address."""
    return await visit.identity.replace_user(user_id, replacement)


@router.post("/{user_id}/password-reset")
async def reset_user_password(user_id: UUID, visit: Admin) -> PasswordWasReset:
    """Reset to the default or to a slip yet to be printed; a head or deputy is sent a link."""
    return await visit.identity.reset_password(user_id)


async def _with_groups(users: Sequence[User], roster: Roster, parts: Parts) -> list[User]:
    if not users:
        return []
    asked = roster.links_of_users([user.id for user in users])
    links = await parts.of(ServiceName.ROSTER, asked) or []
    groups: defaultdict[UUID, list[GroupReference]] = defaultdict(list)
    for link in links:
        groups[link.person_id].append(link.group())
    return [user.model_copy(update={"groups": groups[user.id]}) for user in users]
