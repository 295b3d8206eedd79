"""Who is signed in, and the forms of signing in and of passwords (R1–R5)."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from pydantic import AwareDatetime, Field, StringConstraints

from gateway.schemas.parts import Shape, Written
from shared.contracts.vocabulary import StaffRole, YearGroup

__all__ = [
    "Account",
    "DefaultPassword",
    "DefaultPasswordState",
    "ForgottenPassword",
    "NewPassword",
    "OwnSession",
    "OwnSessions",
    "Password",
    "School",
    "Session",
    "SignIn",
    "SignInLink",
]

Password = Annotated[str, StringConstraints(min_length=1, max_length=1024)]


class Account(Shape):
    id: UUID
    kind: Literal["admin", "user", "parent"]
    role: StaffRole | None = None
    leadership: Literal["head", "deputy"] | None = None
    username: str | None = None
    email: str | None = None
    name: str


class School(Shape):
    id: UUID
    name: str
    postcode: str
    first_year_group: YearGroup
    last_year_group: YearGroup


class Session(Shape):
    """With another scope than `full` it reaches only the step of signing in that is named."""

    id: UUID
    scope: Literal["full", "set_password", "confirm_children", "two_step", "set_up_two_step"]
    created_at: AwareDatetime
    expires_at: AwareDatetime
    csrf_token: str = Field(description="To be sent as `X-CSRF-Token` with whatever changes.")
    authenticator: str | None = Field(
        default=None, description="What the second step was done with, by its name."
    )
    account: Account
    school: School


class SignIn(Written):
    identifier: Annotated[str, StringConstraints(min_length=1, max_length=320)] = Field(
        description="A username or an e-mail address."
    )
    password: Password


class SignInLink(Written):
    token: Annotated[str, StringConstraints(min_length=1, max_length=512)]


class NewPassword(Written):
    current_password: Password | None = Field(
        default=None, description="Needed unless the session is there to set the first one."
    )
    new_password: Password


class ForgottenPassword(Written):
    """Asks for a link by e-mail. Parents ask on a page of their own."""

    identifier: Annotated[
        str, StringConstraints(strip_whitespace=True, min_length=1, max_length=320)
    ] = Field(description="A username or an e-mail address.")
    door: Literal["staff", "parent"] = "staff"


class OwnSession(Shape):
    """Where the account is signed in: since when, and when it was last used."""

    id: UUID
    created_at: AwareDatetime
    seen_at: AwareDatetime
    authenticator: str | None = Field(
        default=None, description="What its second step was done with, by its name."
    )
    current: bool


class OwnSessions(Shape):
    items: list[OwnSession]


class DefaultPasswordState(Shape):
    made_at: AwareDatetime | None = None
    in_use: bool = Field(
        default=True, description="With starting codes in its place it opens nothing."
    )
    paused_until: AwareDatetime | None = Field(
        default=None,
        description="Until when it opens nothing, because it was missed too often.",
    )


class DefaultPassword(Shape):
    """Shown once: it is stored as a hash."""

    default_password: str
