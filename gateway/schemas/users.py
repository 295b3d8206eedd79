"""Users, merged from identity's accounts and roster's links (R2, R13)."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import Field

from gateway.schemas.parts import Email, GroupReference, Line, PartialPage, Shape, Written
from shared.contracts.vocabulary import Origin, StaffRole

__all__ = [
    "ActiveChange",
    "NewUser",
    "PasswordWasReset",
    "Replacement",
    "User",
    "UserChanges",
    "UserList",
    "UserPage",
]

Leadership = Literal["head", "deputy"]
Slip = Literal["code", "plain"]


class User(Shape):
    id: UUID
    version: int
    active: bool
    username: str
    email: str | None = None
    title: str | None = None
    forename: str
    surname: str
    staff_code: str | None = None
    role: StaffRole
    leadership: Leadership | None = None
    claimed: bool = Field(description="Has set a password of their own.")
    origin: Origin
    overrides: list[str] = Field(
        default_factory=list, description="Fields set by hand, which the sync leaves alone."
    )
    claimed_at: datetime | None = Field(
        default=None, description="When the password became their own."
    )
    default_until: datetime | None = Field(
        default=None,
        description="Until when the default password works, or a starting code, where the school "
        "uses those; null where neither does.",
    )
    first_passwords: Literal["default", "starting_codes"] = "default"
    password: Literal["own", "default", "code", "no_code", "lapsed", "link"] = Field(
        description="Their own; or they wait with the `default`, with a printed `code`, with "
        "`no_code` yet, with what has `lapsed`, or as a head or deputy for their `link`."
    )
    code_made_at: datetime | None = Field(
        default=None, description="When the newest slip was printed."
    )
    code_until: datetime | None = Field(
        default=None, description="Until when the code on it works."
    )
    slip: Slip | None = Field(
        default=None,
        description="What a slip would hold: a new `code`, or username and address only, `plain`; "
        "null where none can be printed.",
    )
    can_reset_password: bool = False
    cannot_reset_reason: str | None = Field(
        default=None, description="A sentence for the page, where it cannot be reset."
    )
    groups: list[GroupReference] = Field(default_factory=list)


class UserList(PartialPage):
    items: list[User]
    next_cursor: str | None = None
    total: int


class UserPage(PartialPage):
    user: User
    unlinked: list[GroupReference] = Field(
        default_factory=list, description="Groups that were taken off the user by hand."
    )


class NewUser(Written):
    title: Line | None = None
    forename: Line
    surname: Line
    email: Email | None = None
    role: StaffRole
    leadership: Leadership | None = None
    staff_code: Line | None = None


class Replacement(NewUser):
    """A new account for somebody who has one; `email` may be the one that they have now."""

    expected_version: int = Field(description="The version that was looked at.")


class UserChanges(Written):
    """What is to change; what is not sent stays, and `null` takes a detail away."""

    expected_version: int = Field(description="The version that was looked at.")
    title: Line | None = None
    forename: Line | None = None
    surname: Line | None = None
    email: Email | None = None
    role: StaffRole | None = None
    leadership: Leadership | None = None
    staff_code: Line | None = None
    username: Line | None = Field(default=None, description="Never changes.")


class ActiveChange(Written):
    active: bool


class PasswordWasReset(Shape):
    """What the user signs in with next, and the user as they are now."""

    to: Literal["default", "starting_code", "link"]
    user: User
