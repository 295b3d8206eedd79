"""The shapes of writing to support over HTTP (R28)."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from services.identity.school_settings.schemas import Telephone
from services.identity.support.message import Message, Topic
from services.identity.support.service import Contact

__all__ = ["ContactView", "SupportMessageBody", "SupportMessageView"]


class SupportMessageBody(BaseModel):
    """What somebody writes. Pupils' details do not belong into it."""

    model_config = ConfigDict(extra="forbid")

    id: UUID = Field(description="Made by the page: the same id again sends nothing more.")
    topic: Topic
    message: Annotated[
        str,
        StringConstraints(
            strip_whitespace=True,
            min_length=1,
            max_length=4000,
            pattern=r"^[^\x00-\x08\x0b-\x1f\x7f]*$",
        ),
    ]
    telephone: Telephone | None = None
    page: (
        Annotated[str, StringConstraints(max_length=300, pattern=r"^/[^\x00-\x1f\x7f]*$")] | None
    ) = Field(default=None, description="Where they came from; ids in it are left out.")


class SupportMessageView(BaseModel):
    id: UUID
    reference: str
    topic: Topic
    message: str
    written_at: datetime
    state: Literal["waiting", "sent", "failed"]

    @classmethod
    def of(cls, message: Message) -> SupportMessageView:
        return cls(
            id=message.message_id,
            reference=message.reference,
            topic=message.topic,
            message=message.message,
            written_at=message.written_at,
            state=message.state,
        )


class SchoolOffice(BaseModel):
    """How the school is reached, as far as it has said so."""

    name: str
    address: list[str]
    telephone: str | None
    contact_email: str | None


class ContactView(BaseModel):
    """Whom the asker can write to. A parent asks the school, and cannot write here."""

    school: SchoolOffice
    can_write: bool
    reply_to: str | None = Field(description="Where support answers to.")
    sent: list[SupportMessageView] = Field(description="One's own of the last 30 days.")

    @classmethod
    def of(cls, contact: Contact) -> ContactView:
        school = contact.school
        lines = (school.address_line_1, school.address_line_2, school.town, school.postcode)
        return cls(
            school=SchoolOffice(
                name=school.name,
                address=[line for line in lines if line],
                telephone=school.telephone,
                contact_email=school.contact_email,
            ),
            can_write=contact.can_write,
            reply_to=contact.reply_to,
            sent=[SupportMessageView.of(message) for message in contact.sent],
        )
