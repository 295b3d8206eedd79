"""The mail to support: who writes, from where, and what (R28). No pupil's data of ours is in it."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from services.identity.accounts.account import Account
from services.identity.mail.writing import at_school, write_mail
from services.identity.schools.school import School
from services.identity.support.message import KEPT_FOR, TOPICS, Message
from shared.database.pool import Connection

__all__ = ["About", "to_support"]


@dataclass(frozen=True)
class About:
    """What support needs to know beside the message."""

    school: School
    sender: Account
    reply_to: str | None
    telephone: str | None
    page: str | None
    version: str

    def lines(self) -> list[tuple[str, str]]:
        """Name and value of each that there is."""
        sender = self.sender
        said = (
            ("School", f"{self.school.name}, {self.school.postcode}"),
            ("School’s identifier", str(self.school.school_id)),
            ("From", sender.name),
            ("Username", sender.username),
            ("Role", _role(sender)),
            ("Answer to", self.reply_to or "no address is known: please telephone"),
            ("Telephone", self.telephone or self.school.telephone),
            ("Page", self.page),
            ("Version", self.version),
        )
        return [(name, value) for name, value in said if value]


async def to_support(
    connection: Connection, recipient: str, message: Message, about: About
) -> UUID:
    """Its mail's id."""
    return await write_mail(
        connection,
        recipient,
        "support",
        f"[{message.reference}] {TOPICS[message.topic]} – {about.school.name}",
        message.written_at,
        message.written_at + KEPT_FOR,
        reply_to=about.reply_to,
        reference=message.reference,
        topic=TOPICS[message.topic],
        at=at_school(message.written_at),
        lines=about.lines(),
        message=message.message,
    )


def _role(sender: Account) -> str:
    if sender.kind == "admin":
        return "admin account"
    role = "SLT" if sender.role == "slt" else "teacher"
    return f"{role}, {sender.leadership}" if sender.leadership else role
