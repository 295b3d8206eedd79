"""What the gateway asks of identity: sessions, passwords, users."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from gateway.clients.service import Budget, Caller
from gateway.schemas.activity import Activity, ActivityChoices
from gateway.schemas.sessions import (
    DefaultPassword,
    DefaultPasswordState,
    ForgottenPassword,
    NewPassword,
    OwnSessions,
    Session,
)
from gateway.schemas.settings import IdentitySettings, SignInChange, SignInSettings
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
from gateway.schemas.users import ActiveChange, NewUser, PasswordWasReset, User, UserChanges
from shared.web.paging import Page

__all__ = ["Identity", "Opened"]

_HASHING_SECONDS = 10.0
"""Passwords are hashed slowly on purpose, and in a queue when a whole school signs in at once."""

_UPLOAD_SECONDS = 120.0
"""20 MB on the slow line of a school, and reading them."""
_IMPORT_SECONDS = 60.0
"""Looking through thousands of rows, or making as many users."""


class Opened(BaseModel):
    """A session just opened, with the token that goes into the cookie and nowhere else."""

    token: str
    session: Session


class _Credentials(BaseModel):
    identifier: str
    password: str
    address: str | None


class _Token(BaseModel):
    token: str


class _TokenUsed(_Token):
    address: str | None


class _PasswordSet(NewPassword):
    address: str | None


class _Forgotten(ForgottenPassword):
    address: str | None


class _WithAddress(BaseModel):
    """What was typed, and where it comes from."""

    model_config = ConfigDict(extra="allow")

    address: str | None

    @classmethod
    def of(cls, form: BaseModel, address: str | None) -> _WithAddress:
        return cls(address=address, **form.model_dump())


class _SetUp(Opened):
    recovery_codes: list[str] | None


class Identity(Caller):
    async def sign_in(self, identifier: str, password: str, address: str | None) -> Opened:
        body = _Credentials(identifier=identifier, password=password, address=address)
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
        body = _PasswordSet(**form.model_dump(), address=address)
        return await self.ask(Opened, "POST", "/password", body=body, seconds=_HASHING_SECONDS)

    async def do_two_step(self, form: SecondStep, address: str | None) -> Opened:
        body = _WithAddress.of(form, address)
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
            body=_WithAddress.of(form, address),
            seconds=_HASHING_SECONDS,
        )

    async def confirm_authenticator(
        self, authenticator_id: UUID, form: FirstCode, address: str | None
    ) -> _SetUp:
        return await self.ask(
            _SetUp,
            "POST",
            f"/two-step/authenticators/{authenticator_id}/confirmation",
            body=_WithAddress.of(form, address),
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
        body = _WithAddress.of(form, address)
        await self.tell("POST", path, body=body, seconds=_HASHING_SECONDS)

    async def make_recovery_codes(self, form: TwoStepProof, address: str | None) -> RecoveryCodes:
        return await self.ask(
            RecoveryCodes,
            "POST",
            "/two-step/recovery-codes",
            body=_WithAddress.of(form, address),
            seconds=_HASHING_SECONDS,
        )

    async def user_two_step(self, user_id: UUID) -> UserTwoStep:
        return await self.ask(UserTwoStep, "GET", f"/users/{user_id}/two-step")

    async def reset_user_two_step(self, user_id: UUID) -> None:
        await self.tell("DELETE", f"/users/{user_id}/two-step")

    async def ask_for_link(self, form: ForgottenPassword, address: str | None) -> None:
        body = _Forgotten(**form.model_dump(), address=address)
        await self.tell("POST", "/password/forgotten", body=body)

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

    async def set_sign_in(self, change: SignInChange) -> SignInSettings:
        return await self.ask(SignInSettings, "PUT", "/school/settings/sign-in", body=change)

    async def users(self, query: Mapping[str, Any]) -> Page[User]:
        return await self.ask(Page[User], "GET", "/users", params=query)

    async def user(self, user_id: UUID) -> User:
        return await self.ask(User, "GET", f"/users/{user_id}")

    async def add_user(self, user: NewUser) -> User:
        return await self.ask(User, "POST", "/users", body=user)

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

    async def reset_password(self, user_id: UUID) -> PasswordWasReset:
        return await self.ask(PasswordWasReset, "POST", f"/users/{user_id}/password-reset")

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
