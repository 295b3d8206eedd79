"""The admin account's e-mail address, and the change of it that a head or deputy asks for (R5)."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from pydantic import AwareDatetime, Field, StringConstraints

from gateway.schemas.parts import Shape, Written
from gateway.schemas.two_step import TwoStepProof

__all__ = [
    "AddressLink",
    "AddressLinkShown",
    "AddressToken",
    "AdminEmail",
    "NewAdminEmail",
    "SchoolLeader",
    "WaitingAddress",
]


class NewAdminEmail(TwoStepProof):
    """The address that is wanted, with the proof that it is still the head or deputy who asks."""

    email: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=254)]


class AddressToken(Written):
    token: Annotated[str, StringConstraints(min_length=1, max_length=200)]


class AddressLink(AddressToken):
    does: Literal["confirm", "cancel"]


class AddressLinkShown(Shape):
    """What a link from one of the two mails is about."""

    school: str
    email: str
    asked_by: str
    expires_at: AwareDatetime


class WaitingAddress(Shape):
    id: UUID
    email: str
    asked_by: str
    asked_at: AwareDatetime
    expires_at: AwareDatetime


class SchoolLeader(Shape):
    name: str
    leadership: Literal["head", "deputy"]
    may_ask_from: AwareDatetime | None = Field(
        default=None, description="Null until they have a password of their own."
    )


class AdminEmail(Shape):
    """The address as it is, what waits to take its place, and who may ask for another."""

    email: str | None = None
    waiting: WaitingAddress | None = None
    leaders: list[SchoolLeader]
    can_ask: bool
    cannot_ask_reason: str | None = None
