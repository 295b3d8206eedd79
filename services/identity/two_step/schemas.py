"""The shapes of the second step over HTTP. Secrets are `SecretStr`, so that no log shows them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, SecretStr, StringConstraints, model_validator

from services.identity.passwords.schemas import Secret
from services.identity.sessions.schemas import Device, SessionView, revealed
from services.identity.two_step.authenticator import Authenticator, as_typed, picture_of
from services.identity.two_step.proving import Given
from services.identity.two_step.reset import SecondStep
from services.identity.two_step.service import Own
from services.identity.two_step.setting_up import Begun, SetUp

__all__ = [
    "AdminReset",
    "AuthenticatorBegun",
    "AuthenticatorView",
    "CodeBody",
    "ConfirmBody",
    "NewAuthenticatorBody",
    "OwnTwoStep",
    "ProofBody",
    "RecoveryCodes",
    "RenameBody",
    "SetUpDone",
    "UserTwoStep",
]

Address = Annotated[str, StringConstraints(max_length=64)]
Name = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True, min_length=1, max_length=60, pattern=r"^[^\x00-\x1f\x7f]+$"
    ),
]
Typed = Annotated[SecretStr, Field(max_length=100)]


class _Codes(BaseModel):
    """At most one of the two codes. An authenticator's is taken with or without a space in it."""

    model_config = ConfigDict(extra="forbid")

    code: Typed | None = None
    recovery_code: Typed | None = None
    address: Address | None = None
    device: Device | None = None

    @model_validator(mode="after")
    def _one_of_them(self) -> _Codes:
        if self.code is not None and self.recovery_code is not None:
            raise ValueError("say one code, not two")
        return self

    def given(self) -> Given:
        return Given(
            code=_digits(self.code) if self.code else None,
            recovery_code=self.recovery_code.get_secret_value() if self.recovery_code else None,
            address=self.address,
            device=revealed(self.device),
        )


class CodeBody(_Codes):
    @model_validator(mode="after")
    def _at_least_one(self) -> CodeBody:
        if self.code is None and self.recovery_code is None:
            raise ValueError("say a code or a recovery code")
        return self


class ProofBody(_Codes):
    """That it is still the account's holder who asks: their password and a code."""

    current_password: Secret | None = None

    def password(self) -> str | None:
        return self.current_password.get_secret_value() if self.current_password else None


class NewAuthenticatorBody(ProofBody):
    """The proof is not asked for in a session that only sets up, and no code for the first one."""

    name: Name


class ConfirmBody(BaseModel):
    """The first code that the new authenticator shows."""

    model_config = ConfigDict(extra="forbid")

    code: Typed
    address: Address | None = None
    device: Device | None = None

    def typed(self) -> str:
        return _digits(self.code)


class RenameBody(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: Name
    expected_version: int


class AuthenticatorView(BaseModel):
    id: UUID
    name: str
    created_at: datetime
    used_at: datetime | None
    version: int

    @classmethod
    def of(cls, one: Authenticator) -> AuthenticatorView:
        return cls(
            id=one.authenticator_id,
            name=one.name,
            created_at=one.created_at,
            used_at=one.used_at,
            version=one.version,
        )


class OwnTwoStep(BaseModel):
    authenticators: list[AuthenticatorView]
    codes_left: int
    required: bool = Field(description="The school asks it of this account (R29).")

    @classmethod
    def of(cls, found: Own) -> OwnTwoStep:
        return cls(
            authenticators=[AuthenticatorView.of(one) for one in found.authenticators],
            codes_left=found.codes_left,
            required=found.required,
        )


class AuthenticatorBegun(BaseModel):
    """Shown this once, to be read or typed by an app."""

    id: UUID
    name: str
    picture: str = Field(description="A QR code, as a `data:` address.")
    key: str = Field(description="What the picture says, for who types it.")

    @classmethod
    def of(cls, begun: Begun) -> AuthenticatorBegun:
        return cls(
            id=begun.waiting.authenticator_id,
            name=begun.waiting.name,
            picture=picture_of(begun.address),
            key=as_typed(begun.waiting.secret),
        )


class SetUpDone(BaseModel):
    """The session that goes on; with the first authenticator the recovery codes, this once."""

    token: str
    device: str | None = None
    session: SessionView
    recovery_codes: list[str] | None

    @classmethod
    def of(cls, done: SetUp, device: str | None) -> SetUpDone:
        return cls(
            token=done.session.token,
            device=device,
            session=SessionView.of(done.session),
            recovery_codes=done.recovery_codes,
        )


class RecoveryCodes(BaseModel):
    """Shown this once."""

    recovery_codes: list[str]


class UserTwoStep(BaseModel):
    """Another account's, as the admin sees it. `since` is null where it is not set up."""

    since: datetime | None
    authenticators: int
    codes_left: int

    @classmethod
    def of(cls, found: SecondStep) -> UserTwoStep:
        return cls(
            since=found.since, authenticators=found.authenticators, codes_left=found.codes_left
        )


class AdminReset(BaseModel):
    """Whose second step it was."""

    username: str | None
    email: str | None


def _digits(code: SecretStr) -> str:
    """Apps show codes in two groups."""
    return "".join(code.get_secret_value().split())
