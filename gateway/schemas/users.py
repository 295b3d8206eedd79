"""Users, merged from identity's accounts and roster's links (R2, R13)."""

from __future__ import annotations

from typing import Literal
from uuid import UUID

from pydantic import Field

from gateway.schemas.parts import Email, GroupReference, Line, PartialPage, Shape, Written
from shared.contracts.vocabulary import Origin, StaffRole

__all__ = ["NewUser", "User", "UserList", "UserPage"]


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
    origin: Origin
    overrides: list[str] = Field(
        default_factory=list, description="Fields set by hand, which the sync leaves alone."
    )
    groups: list[GroupReference] = Field(default_factory=list)


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
