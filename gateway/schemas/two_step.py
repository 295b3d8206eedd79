"""Two-step sign-in: the code, authenticators, recovery codes, and another account's (R1, R29)."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from pydantic import AwareDatetime, Field, StringConstraints

from gateway.schemas.parts import Shape, Written
from gateway.schemas.sessions import Password, Session

__all__ = [
    "Authenticator",
    "AuthenticatorBegun",
    "AuthenticatorRenamed",
    "FirstCode",
    "NewAuthenticator",
    "RecoveryCodes",
    "SecondStep",
    "SetUpDone",
    "TwoStep",
    "TwoStepProof",
    "UserTwoStep",
]

Code = Annotated[str, StringConstraints(min_length=1, max_length=100)]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]


class SecondStep(Written):
    """One of the two: what the authenticator shows, or a recovery code."""

    code: Code | None = None
    recovery_code: Code | None = None


class TwoStepProof(SecondStep):
    """That it is still the account's holder who asks: their password and a code."""

    current_password: Password | None = None


class NewAuthenticator(TwoStepProof):
    """The first of an account needs no code, and none of the proof while signing in."""

    name: Name


class FirstCode(Written):
    code: Code


class AuthenticatorRenamed(Written):
    name: Name
    expected_version: int


class Authenticator(Shape):
    id: UUID
    name: str
    created_at: AwareDatetime
    used_at: AwareDatetime | None = None
    version: int


class TwoStep(Shape):
    authenticators: list[Authenticator]
    codes_left: int = Field(description="Recovery codes that were not used yet.")
    required: bool = Field(description="The school asks for it of this account.")


class AuthenticatorBegun(Shape):
    """Shown this once, to be read or typed by an app."""

    id: UUID
    name: str
    picture: str = Field(description="A QR code, as a `data:` address.")
    key: str


class SetUpDone(Shape):
    """The session that goes on; with the first authenticator the recovery codes, this once."""

    session: Session
    recovery_codes: list[str] | None = None


class RecoveryCodes(Shape):
    """Shown this once."""

    recovery_codes: list[str]


class UserTwoStep(Shape):
    """Another account's. `since` is null where it is not set up."""

    since: AwareDatetime | None = None
    authenticators: int
    codes_left: int
