"""Contact us: whom somebody of a school can reach, and what they wrote (R28)."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from pydantic import AwareDatetime, Field, StringConstraints

from gateway.schemas.parts import Shape, Written

__all__ = ["Contact", "NewSupportMessage", "SchoolOffice", "SupportMessage", "SupportTopic"]

SupportTopic = Literal["set_up", "pupils", "users", "mis_sync", "reports", "parents", "other"]


class SchoolOffice(Shape):
    """How the school is reached, as far as it has said so."""

    name: str
    address: list[str]
    telephone: str | None
    contact_email: str | None


class SupportMessage(Shape):
    """`state`: whether its e-mail still waits to go, went, or could not be delivered."""

    id: UUID
    reference: str
    topic: SupportTopic
    message: str
    written_at: AwareDatetime
    state: Literal["waiting", "sent", "failed"]


class Contact(Shape):
    """A parent asks the school, and cannot write here."""

    school: SchoolOffice
    can_write: bool
    reply_to: str | None
    sent: list[SupportMessage]


class NewSupportMessage(Written):
    id: UUID = Field(description="Made by the page: the same id again sends nothing more.")
    topic: SupportTopic
    message: Annotated[
        str,
        StringConstraints(
            strip_whitespace=True,
            min_length=1,
            max_length=4000,
            pattern=r"^[^\x00-\x08\x0b-\x1f\x7f]*$",
        ),
    ]
    telephone: Annotated[str, StringConstraints(max_length=100)] | None = None
    page: Annotated[str, StringConstraints(max_length=300)] | None = None
