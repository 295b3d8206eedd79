"""What the gateway asks of identity about users, and about who has claimed their account."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from typing import Any
from uuid import UUID

from gateway.clients.service import Caller
from gateway.schemas.claims import ClaimList, ClaimsSummary, HowMany, SlipsWanted, TheseUsers
from gateway.schemas.many_users import ManyUsers, ManyUsersChanged, ManyUsersPreview, UserSelection
from gateway.schemas.search import FoundUsers
from gateway.schemas.users import (
    ActiveChange,
    NewUser,
    PasswordWasReset,
    Replacement,
    User,
    UserChanges,
)
from shared.web.paging import Page

__all__ = ["Users"]

_MANY_SECONDS = 10.0
"""For up to 500 users in one transaction, with their events, entries and mails."""
_SHEET_SECONDS = 60.0
"""A whole school's starting codes are hashed, two at a time, beside whoever signs in."""


class Users(Caller):
    async def search(self, text: str, most: int) -> FoundUsers:
        return await self.ask(FoundUsers, "GET", "/search", params={"q": text, "limit": most})

    async def users(self, query: Mapping[str, Any]) -> Page[User]:
        return await self.ask(Page[User], "GET", "/users", params=query)

    async def users_export(self, query: Mapping[str, Any]) -> AsyncIterator[bytes]:
        return await self.download("/users/export", query)

    async def select_users(self, query: Mapping[str, Any]) -> UserSelection:
        return await self.ask(UserSelection, "GET", "/users/ids", params=query)

    async def user(self, user_id: UUID) -> User:
        return await self.ask(User, "GET", f"/users/{user_id}")

    async def add_user(self, user: NewUser) -> User:
        return await self.ask(User, "POST", "/users", body=user)

    async def change_user(self, user_id: UUID, changes: UserChanges) -> User:
        return await self.ask(User, "PATCH", f"/users/{user_id}", body=changes)

    async def set_user_active(self, user_id: UUID, change: ActiveChange) -> User:
        return await self.ask(User, "PUT", f"/users/{user_id}/active", body=change)

    async def hand_back_detail(self, user_id: UUID, detail: str, version: int) -> User:
        path = f"/users/{user_id}/overrides/{detail}"
        return await self.ask(User, "DELETE", path, params={"expected_version": version})

    async def replace_user(self, user_id: UUID, replacement: Replacement) -> User:
        return await self.ask(User, "POST", f"/users/{user_id}/replacement", body=replacement)

    async def reset_password(self, user_id: UUID) -> PasswordWasReset:
        return await self.ask(PasswordWasReset, "POST", f"/users/{user_id}/password-reset")

    async def preview_many(self, change: ManyUsers) -> ManyUsersPreview:
        path = "/users/bulk/preview"
        return await self.ask(ManyUsersPreview, "POST", path, body=change, seconds=_MANY_SECONDS)

    async def change_many(self, change: ManyUsers) -> ManyUsersChanged:
        return await self.ask(
            ManyUsersChanged, "POST", "/users/bulk", body=change, seconds=_MANY_SECONDS
        )

    async def claims(self, query: Mapping[str, Any]) -> ClaimList:
        return await self.ask(ClaimList, "GET", "/claims", params=query)

    async def claims_summary(self) -> ClaimsSummary:
        return await self.ask(ClaimsSummary, "GET", "/claims/summary")

    async def print_slips(self, wanted: SlipsWanted) -> bytes:
        return await self.file("/slips", body=wanted, seconds=_SHEET_SECONDS)

    async def reset_lapsed(self, these: TheseUsers) -> HowMany:
        return await self.ask(HowMany, "POST", "/claims/lapsed/reset", body=these)

    async def send_links_again(self, these: TheseUsers) -> HowMany:
        return await self.ask(HowMany, "POST", "/claims/links", body=these)
