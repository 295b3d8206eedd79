"""What the gateway asks of identity about the school: its settings, its admin account, its log."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from typing import Any
from uuid import UUID

from gateway.clients.identity.bodies import HASHING_SECONDS, FromBrowser
from gateway.schemas.activity import Activity, ActivityChoices
from gateway.schemas.admin_email import (
    AddressLink,
    AddressLinkShown,
    AddressToken,
    AdminEmail,
    NewAdminEmail,
)
from gateway.schemas.contact import Contact, NewSupportMessage, SupportMessage
from gateway.schemas.sessions import DefaultPassword, DefaultPasswordState
from gateway.schemas.set_up import IdentitySetUp, PutAway
from gateway.schemas.settings import (
    DetailsChange,
    DetailsSettings,
    IdentitySettings,
    SignInChange,
    SignInSettings,
)
from shared.web.paging import Page

__all__ = ["School"]


class School(FromBrowser):
    async def default_password(self) -> DefaultPasswordState:
        return await self.ask(DefaultPasswordState, "GET", "/default-password")

    async def make_default_password(self) -> DefaultPassword:
        return await self.ask(DefaultPassword, "POST", "/default-password", seconds=HASHING_SECONDS)

    async def settings(self) -> IdentitySettings:
        return await self.ask(IdentitySettings, "GET", "/school/settings")

    async def set_details(self, change: DetailsChange) -> DetailsSettings:
        return await self.ask(DetailsSettings, "PUT", "/school/settings/details", body=change)

    async def set_sign_in(self, change: SignInChange) -> SignInSettings:
        return await self.ask(SignInSettings, "PUT", "/school/settings/sign-in", body=change)

    async def set_up(self) -> IdentitySetUp:
        return await self.ask(IdentitySetUp, "GET", "/set-up")

    async def put_guide_away(self, change: PutAway) -> PutAway:
        return await self.ask(PutAway, "PUT", "/set-up/guide", body=change)

    async def contact(self) -> Contact:
        return await self.ask(Contact, "GET", "/support")

    async def write_to_support(self, message: NewSupportMessage) -> SupportMessage:
        return await self.ask(SupportMessage, "POST", "/support/messages", body=message)

    async def admin_email(self) -> AdminEmail:
        return await self.ask(AdminEmail, "GET", "/admin-email")

    async def ask_for_admin_email(self, form: NewAdminEmail, address: str | None) -> AdminEmail:
        return await self.ask(
            AdminEmail,
            "POST",
            "/admin-email/requests",
            body=self.typed(form, address),
            seconds=HASHING_SECONDS,
        )

    async def cancel_admin_email(self, request_id: UUID) -> None:
        await self.tell("DELETE", f"/admin-email/requests/{request_id}")

    async def show_address_link(self, form: AddressLink) -> AddressLinkShown:
        return await self.ask(AddressLinkShown, "POST", "/admin-email/link", body=form)

    async def confirm_admin_email(self, form: AddressToken) -> AddressLinkShown:
        return await self.ask(AddressLinkShown, "POST", "/admin-email/confirmation", body=form)

    async def cancel_admin_email_by_link(self, form: AddressToken) -> AddressLinkShown:
        return await self.ask(AddressLinkShown, "POST", "/admin-email/cancellation", body=form)

    async def activity(self, query: Mapping[str, Any]) -> Page[Activity]:
        return await self.ask(Page[Activity], "GET", "/activity", params=query)

    async def activity_choices(self) -> ActivityChoices:
        return await self.ask(ActivityChoices, "GET", "/activity/choices")

    async def activity_export(self, query: Mapping[str, Any]) -> AsyncIterator[bytes]:
        return await self.download("/activity/export", query)
