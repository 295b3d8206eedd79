"""Users, merged from identity's accounts and roster's links (R2, R13)."""

from __future__ import annotations

from typing import Literal
from uuid import UUID

from pydantic import AwareDatetime, Field

from gateway.schemas.parts import Email, GroupReference, Line, PartialPage, Shape, Written
from shared.contracts.vocabulary import Origin, StaffRole

__all__ = ["LinkedGroup", "NewUser", "User", "UserList", "UserPage"]


class LinkedGroup(GroupReference):
    """A group that the user sees. `override`: linked by hand, so that no sync undoes it."""

    origin: Origin
    override: bool = False


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
    leadership: Literal["head", "deputy"] | None = None
    claimed: bool = Field(description="Has set a password of their own.")
    default_until: AwareDatetime | None = Field(
        default=None, description="Until when the default password opens the first form."
    )
    origin: Origin
    groups: list[LinkedGroup] = Field(default_factory=list)


class UserList(PartialPage):
    items: list[User]
    next_cursor: str | None = None
    total: int


class UserPage(PartialPage):
    user: User


class NewUser(Written):
    title: Line | None = None
    forename: Line
    surname: Line
    email: Email | None = None
    role: StaffRole
    staff_code: Line | None = None
