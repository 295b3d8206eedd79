"""What the gateway asks of identity about the second step, and authenticators."""

from __future__ import annotations

from uuid import UUID

from gateway.clients.identity.bodies import HASHING_SECONDS, FromBrowser, Opened
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

__all__ = ["TwoStepSignIn"]


class _SetUp(Opened):
    recovery_codes: list[str] | None


class TwoStepSignIn(FromBrowser):
    async def do_two_step(self, form: SecondStep, address: str | None) -> Opened:
        body = self.typed(form, address)
        return await self.ask(Opened, "POST", "/two-step", body=body, seconds=HASHING_SECONDS)

    async def two_step(self) -> TwoStep:
        return await self.ask(TwoStep, "GET", "/two-step")

    async def begin_authenticator(
        self, form: NewAuthenticator, address: str | None
    ) -> AuthenticatorBegun:
        return await self.ask(
            AuthenticatorBegun,
            "POST",
            "/two-step/authenticators",
            body=self.typed(form, address),
            seconds=HASHING_SECONDS,
        )

    async def confirm_authenticator(
        self, authenticator_id: UUID, form: FirstCode, address: str | None
    ) -> _SetUp:
        return await self.ask(
            _SetUp,
            "POST",
            f"/two-step/authenticators/{authenticator_id}/confirmation",
            body=self.typed(form, address),
            seconds=HASHING_SECONDS,
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
        body = self.typed(form, address)
        await self.tell("POST", path, body=body, seconds=HASHING_SECONDS)

    async def make_recovery_codes(self, form: TwoStepProof, address: str | None) -> RecoveryCodes:
        return await self.ask(
            RecoveryCodes,
            "POST",
            "/two-step/recovery-codes",
            body=self.typed(form, address),
            seconds=HASHING_SECONDS,
        )

    async def user_two_step(self, user_id: UUID) -> UserTwoStep:
        return await self.ask(UserTwoStep, "GET", f"/users/{user_id}/two-step")

    async def reset_user_two_step(self, user_id: UUID) -> None:
        await self.tell("DELETE", f"/users/{user_id}/two-step")
