"""What the gateway asks of identity: sessions, passwords, users."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from gateway.clients.service import Budget, Caller, Service
from gateway.schemas.activity import Activity, ActivityChoices
from gateway.schemas.admin_email import (
    AddressLink,
    AddressLinkShown,
    AddressToken,
    AdminEmail,
    NewAdminEmail,
)
from gateway.schemas.children import ChildrenToConfirm, DatesGiven, OwnChildren
from gateway.schemas.claims import ClaimList, ClaimsSummary, HowMany, SlipsWanted, TheseUsers
from gateway.schemas.many_users import (
    ManyUsers,
    ManyUsersChanged,
    ManyUsersPreview,
    UserSelection,
)
from gateway.schemas.parents import (
    ActiveParents,
    InvitationsSent,
    NewParent,
    Parent,
    ParentChanges,
    ParentLinkSent,
    ParentsActive,
    ParentsToInvite,
)
from gateway.schemas.sessions import (
    DefaultPassword,
    DefaultPasswordState,
    ForgottenPassword,
    NewPassword,
    OwnSessions,
    Session,
    SignIn,
)
from gateway.schemas.settings import (
    DetailsChange,
    DetailsSettings,
    IdentitySettings,
    SignInChange,
    SignInSettings,
)
from gateway.schemas.two_step import (
    Authenticator,
    AuthenticatorBegun,
    AuthenticatorRenamed,
    FirstCode,
    NewAuthenticator,
    RecoveryCodes,
    SecondStep,
    TwoStep,
    TwoStepProof,
    UserTwoStep,
)
from gateway.schemas.user_imports import (
    ImportConfirmation,
    ImportRow,
    ImportWanted,
    UserImport,
)
from gateway.schemas.users import (
    ActiveChange,
    NewUser,
    PasswordWasReset,
    Replacement,
    User,
    UserChanges,
)
from shared.security.principals import Principal
from shared.web.paging import Page

__all__ = ["Identity", "Opened"]

_HASHING_SECONDS = 10.0
"""Passwords are hashed slowly on purpose, and in a queue when a whole school signs in at once."""
_MANY_SECONDS = 10.0
"""For up to 500 users in one transaction, with their events, entries and mails."""
_SHEET_SECONDS = 60.0
"""A whole school's starting codes are hashed, two at a time, beside whoever signs in."""
_MAILING_SECONDS = 10.0
"""A hundred invitations are a hundred links and a hundred mails."""

_UPLOAD_SECONDS = 120.0
"""20 MB on the slow line of a school, and reading them."""
_IMPORT_SECONDS = 60.0
"""Looking through thousands of rows, or making as many users."""


class Opened(BaseModel):
    """A session just opened, with what goes into cookies and nowhere else."""

    token: str
    device: str | None = None
    session: Session


class _Token(BaseModel):
    token: str


class _TokenUsed(_Token):
    address: str | None


class _FromBrowser(BaseModel):
    """What was typed, and where it comes from."""

    model_config = ConfigDict(extra="allow")

    address: str | None


class _SetUp(Opened):
    recovery_codes: list[str] | None


class Identity(Caller):
    """`device` is by what the browser is known again, for whatever is braked (R3)."""

    def __init__(
        self, service: Service, principal: Principal | None, budget: Budget, device: str | None
    ) -> None:
        super().__init__(service, principal, budget)
        self._device = {"device": device} if device else {}

    def _typed(self, form: BaseModel, address: str | None) -> _FromBrowser:
        return _FromBrowser(address=address, **self._device, **form.model_dump())

    async def sign_in(self, form: SignIn, address: str | None) -> Opened:
        body = self._typed(form, address)
        return await self.ask(Opened, "POST", "/sessions", body=body, seconds=_HASHING_SECONDS)

    async def open_link(self, token: str, address: str | None) -> Opened:
        body = _TokenUsed(token=token, address=address)
        return await self.ask(Opened, "POST", "/sessions/link", body=body)

    async def look_up(self, token: str) -> Session:
        """The session of a token. Raises `ServiceRefused` with status 401 where there is none."""
        return await self.ask(Session, "POST", "/sessions/lookup", body=_Token(token=token))

    async def sign_out(self) -> None:
        await self.tell("DELETE", "/sessions/current")

    async def set_password(self, form: NewPassword, address: str | None) -> Opened:
        body = self._typed(form, address)
        return await self.ask(Opened, "POST", "/password", body=body, seconds=_HASHING_SECONDS)

    async def do_two_step(self, form: SecondStep, address: str | None) -> Opened:
        body = self._typed(form, address)
        return await self.ask(Opened, "POST", "/two-step", body=body, seconds=_HASHING_SECONDS)

    async def two_step(self) -> TwoStep:
        return await self.ask(TwoStep, "GET", "/two-step")

    async def begin_authenticator(
        self, form: NewAuthenticator, address: str | None
    ) -> AuthenticatorBegun:
        return await self.ask(
            AuthenticatorBegun,
            "POST",
            "/two-step/authenticators",
            body=self._typed(form, address),
            seconds=_HASHING_SECONDS,
        )

    async def confirm_authenticator(
        self, authenticator_id: UUID, form: FirstCode, address: str | None
    ) -> _SetUp:
        return await self.ask(
            _SetUp,
            "POST",
            f"/two-step/authenticators/{authenticator_id}/confirmation",
            body=self._typed(form, address),
            seconds=_HASHING_SECONDS,
        )

    async def rename_authenticator(
        self, authenticator_id: UUID, form: AuthenticatorRenamed
    ) -> Authenticator:
        path = f"/two-step/authenticators/{authenticator_id}"
        return await self.ask(Authenticator, "PATCH", path, body=form)

    async def remove_authenticator(
        self, authenticator_id: UUID, form: TwoStepProof, address: str | None
    ) -> None:
        path = f"/two-step/authenticators/{authenticator_id}/removal"
        body = self._typed(form, address)
        await self.tell("POST", path, body=body, seconds=_HASHING_SECONDS)

    async def make_recovery_codes(self, form: TwoStepProof, address: str | None) -> RecoveryCodes:
        return await self.ask(
            RecoveryCodes,
            "POST",
            "/two-step/recovery-codes",
            body=self._typed(form, address),
            seconds=_HASHING_SECONDS,
        )

    async def user_two_step(self, user_id: UUID) -> UserTwoStep:
        return await self.ask(UserTwoStep, "GET", f"/users/{user_id}/two-step")

    async def reset_user_two_step(self, user_id: UUID) -> None:
        await self.tell("DELETE", f"/users/{user_id}/two-step")

    async def ask_for_link(self, form: ForgottenPassword, address: str | None) -> None:
        body = self._typed(form, address)
        await self.tell("POST", "/password/forgotten", body=body)

    async def admin_email(self) -> AdminEmail:
        return await self.ask(AdminEmail, "GET", "/admin-email")

    async def ask_for_admin_email(self, form: NewAdminEmail, address: str | None) -> AdminEmail:
        return await self.ask(
            AdminEmail,
            "POST",
            "/admin-email/requests",
            body=self._typed(form, address),
            seconds=_HASHING_SECONDS,
        )

    async def cancel_admin_email(self, request_id: UUID) -> None:
        await self.tell("DELETE", f"/admin-email/requests/{request_id}")

    async def show_address_link(self, form: AddressLink) -> AddressLinkShown:
        return await self.ask(AddressLinkShown, "POST", "/admin-email/link", body=form)

    async def confirm_admin_email(self, form: AddressToken) -> AddressLinkShown:
        return await self.ask(AddressLinkShown, "POST", "/admin-email/confirmation", body=form)

    async def cancel_admin_email_by_link(self, form: AddressToken) -> AddressLinkShown:
        return await self.ask(AddressLinkShown, "POST", "/admin-email/cancellation", body=form)

    async def own_sessions(self) -> OwnSessions:
        return await self.ask(OwnSessions, "GET", "/sessions")

    async def end_session(self, session_id: UUID) -> None:
        await self.tell("DELETE", f"/sessions/{session_id}")

    async def default_password(self) -> DefaultPasswordState:
        return await self.ask(DefaultPasswordState, "GET", "/default-password")

    async def make_default_password(self) -> DefaultPassword:
        return await self.ask(
            DefaultPassword, "POST", "/default-password", seconds=_HASHING_SECONDS
        )

    async def settings(self) -> IdentitySettings:
        return await self.ask(IdentitySettings, "GET", "/school/settings")

    async def set_details(self, change: DetailsChange) -> DetailsSettings:
        return await self.ask(DetailsSettings, "PUT", "/school/settings/details", body=change)

    async def set_sign_in(self, change: SignInChange) -> SignInSettings:
        return await self.ask(SignInSettings, "PUT", "/school/settings/sign-in", body=change)

    async def users(self, query: Mapping[str, Any]) -> Page[User]:
        return await self.ask(Page[User], "GET", "/users", params=query)

    async def user(self, user_id: UUID) -> User:
        return await self.ask(User, "GET", f"/users/{user_id}")

    async def add_user(self, user: NewUser) -> User:
        return await self.ask(User, "POST", "/users", body=user)

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

    async def activity(self, query: Mapping[str, Any]) -> Page[Activity]:
        return await self.ask(Page[Activity], "GET", "/activity", params=query)

    async def activity_choices(self) -> ActivityChoices:
        return await self.ask(ActivityChoices, "GET", "/activity/choices")

    async def activity_export(self, query: Mapping[str, Any]) -> AsyncIterator[bytes]:
        return await self.download("/activity/export", query)

    async def change_user(self, user_id: UUID, changes: UserChanges) -> User:
        return await self.ask(User, "PATCH", f"/users/{user_id}", body=changes)

    async def set_user_active(self, user_id: UUID, change: ActiveChange) -> User:
        return await self.ask(User, "PUT", f"/users/{user_id}/active", body=change)

    async def select_users(self, query: Mapping[str, Any]) -> UserSelection:
        return await self.ask(UserSelection, "GET", "/users/ids", params=query)

    async def users_export(self, query: Mapping[str, Any]) -> AsyncIterator[bytes]:
        return await self.download("/users/export", query)

    async def preview_many(self, change: ManyUsers) -> ManyUsersPreview:
        path = "/users/bulk/preview"
        return await self.ask(ManyUsersPreview, "POST", path, body=change, seconds=_MANY_SECONDS)

    async def change_many(self, change: ManyUsers) -> ManyUsersChanged:
        return await self.ask(
            ManyUsersChanged, "POST", "/users/bulk", body=change, seconds=_MANY_SECONDS
        )

    async def hand_back_detail(self, user_id: UUID, detail: str, version: int) -> User:
        path = f"/users/{user_id}/overrides/{detail}"
        return await self.ask(User, "DELETE", path, params={"expected_version": version})

    async def replace_user(self, user_id: UUID, replacement: Replacement) -> User:
        return await self.ask(User, "POST", f"/users/{user_id}/replacement", body=replacement)

    async def reset_password(self, user_id: UUID) -> PasswordWasReset:
        return await self.ask(PasswordWasReset, "POST", f"/users/{user_id}/password-reset")

    async def parents(self, query: Mapping[str, Any]) -> Page[Parent]:
        return await self.ask(Page[Parent], "GET", "/parents", params=query)

    async def parents_export(self, query: Mapping[str, Any]) -> AsyncIterator[bytes]:
        return await self.download("/parents/export", query)

    async def parent(self, parent_id: UUID) -> Parent:
        return await self.ask(Parent, "GET", f"/parents/{parent_id}")

    async def add_parent(self, parent: NewParent) -> Parent:
        return await self.ask(Parent, "POST", "/parents", body=parent)

    async def change_parent(self, parent_id: UUID, changes: ParentChanges) -> Parent:
        return await self.ask(Parent, "PATCH", f"/parents/{parent_id}", body=changes)

    async def set_parent_active(self, parent_id: UUID, change: ActiveChange) -> Parent:
        return await self.ask(Parent, "PUT", f"/parents/{parent_id}/active", body=change)

    async def set_parents_active(self, change: ParentsActive) -> ActiveParents:
        return await self.ask(ActiveParents, "POST", "/parents/active", body=change)

    async def send_parent_link(self, parent_id: UUID) -> ParentLinkSent:
        return await self.ask(ParentLinkSent, "POST", f"/parents/{parent_id}/link")

    async def invite_parents(self, whom: ParentsToInvite) -> InvitationsSent:
        path = "/parents/invitations"
        return await self.ask(InvitationsSent, "POST", path, body=whom, seconds=_MAILING_SECONDS)

    async def link_child(self, parent_id: UUID, pupil_id: UUID) -> Parent:
        return await self.ask(Parent, "PUT", f"/parents/{parent_id}/children/{pupil_id}")

    async def unlink_child(self, parent_id: UUID, pupil_id: UUID) -> Parent:
        return await self.ask(Parent, "DELETE", f"/parents/{parent_id}/children/{pupil_id}")

    async def children_to_confirm(self) -> ChildrenToConfirm:
        return await self.ask(ChildrenToConfirm, "GET", "/children/first-confirmation")

    async def confirm_children(self, form: DatesGiven, address: str | None) -> Opened:
        body = self._typed(form, address)
        return await self.ask(Opened, "POST", "/children/first-confirmation", body=body)

    async def own_children(self) -> OwnChildren:
        return await self.ask(OwnChildren, "GET", "/children")

    async def upload_users(self, file: AsyncIterator[bytes], file_name: str) -> UserImport:
        return await self.upload(
            UserImport,
            "/user-imports",
            file,
            params={"file_name": file_name},
            upload=Budget(_UPLOAD_SECONDS),
        )

    async def user_import(self, import_id: UUID) -> UserImport:
        return await self.ask(UserImport, "GET", f"/user-imports/{import_id}")

    async def preview_user_import(self, import_id: UUID, wanted: ImportWanted) -> UserImport:
        path = f"/user-imports/{import_id}/preview"
        return await self.ask(UserImport, "PUT", path, body=wanted, seconds=_IMPORT_SECONDS)

    async def user_import_rows(self, import_id: UUID, query: Mapping[str, Any]) -> Page[ImportRow]:
        path = f"/user-imports/{import_id}/rows"
        return await self.ask(Page[ImportRow], "GET", path, params=query)

    async def confirm_user_import(
        self, import_id: UUID, confirmation: ImportConfirmation
    ) -> UserImport:
        path = f"/user-imports/{import_id}/confirmation"
        return await self.ask(UserImport, "POST", path, body=confirmation, seconds=_IMPORT_SECONDS)

    async def import_file(self, name: str) -> AsyncIterator[bytes]:
        """The template, or the rejected rows of an import."""
        return await self.download(f"/user-imports/{name}", {})

    async def cancel_user_import(self, import_id: UUID) -> None:
        await self.tell("DELETE", f"/user-imports/{import_id}")
