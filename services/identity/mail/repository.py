"""All SQL about e-mail that waits to be sent, through the functions that guard its table."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from shared.database.pool import Connection

__all__ = ["Mail", "give_up", "insert_mail", "mark_sent", "put_off", "take_due"]


@dataclass(frozen=True)
class Mail:
    """A mail. Its texts may hold a sign-in link, so they are never shown in a log."""

    mail_id: UUID
    recipient: str = field(repr=False)
    subject: str
    body_text: str = field(repr=False)
    body_html: str = field(repr=False)
    written_at: datetime
    tries: int = 0
    reply_to: str | None = field(default=None, repr=False)


async def insert_mail(connection: Connection, mail: Mail, expires_at: datetime) -> None:
    """It is sent after the transaction commits, unless `expires_at` comes first."""
    await connection.execute(
        "SELECT mail_write($1, $2, $3, $4, $5, $6, $7, $8)",
        mail.mail_id,
        mail.recipient,
        mail.subject,
        mail.body_text,
        mail.body_html,
        mail.written_at,
        expires_at,
        mail.reply_to,
    )


async def take_due(
    connection: Connection, now: datetime, lease: timedelta, limit: int
) -> list[Mail]:
    """Mails that are due, which nobody else takes until the lease is over."""
    rows = await connection.fetch("SELECT * FROM mails_lease($1, $2, $3)", now, lease, limit)
    return [Mail(**dict(row)) for row in rows]


async def mark_sent(connection: Connection, mail_id: UUID, now: datetime) -> None:
    await connection.execute("SELECT mail_sent($1, $2)", mail_id, now)


async def put_off(connection: Connection, mail_id: UUID, error: str, until: datetime) -> None:
    await connection.execute("SELECT mail_put_off($1, $2, $3)", mail_id, error, until)


async def give_up(connection: Connection, mail_id: UUID, error: str, now: datetime) -> None:
    """The receiving server will never take it."""
    await connection.execute("SELECT mail_give_up($1, $2, $3)", mail_id, error, now)
