"""All SQL about messages to support; of their mails through the functions that guard those."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from asyncpg import Record

from services.identity.support.message import KEPT_FOR, Message
from shared.database.pool import Connection

__all__ = ["find_message", "forget_some", "insert_message", "keep_mail", "messages_of"]

_MOST_SHOWN = 50

_FIND = """
    SELECT s.message_id, s.reference, s.topic, s.message, s.written_at,
        CASE WHEN m.given_up_at IS NOT NULL THEN 'failed'
             WHEN m.mail_id IS NULL OR m.sent_at IS NOT NULL THEN 'sent'
             ELSE 'waiting' END AS state
    FROM support_messages s LEFT JOIN support_mails($1) m USING (mail_id)
    WHERE s.account_id = $1
"""


async def insert_message(
    connection: Connection, school_id: UUID, account_id: UUID, message: Message
) -> bool:
    """False where there is one with this id. It is forgotten by itself."""
    new = await connection.fetchval(
        """
        INSERT INTO support_messages (school_id, message_id, account_id, reference, topic, message,
                                      written_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7)
        ON CONFLICT DO NOTHING RETURNING true
        """,
        school_id,
        message.message_id,
        account_id,
        message.reference,
        message.topic,
        message.message,
        message.written_at,
    )
    if not new:
        return False
    due = message.written_at + KEPT_FOR
    await connection.execute("SELECT support_message_due($1, $2)", message.message_id, due)
    return True


async def keep_mail(connection: Connection, message_id: UUID, mail_id: UUID) -> None:
    await connection.execute(
        "UPDATE support_messages SET mail_id = $2 WHERE message_id = $1", message_id, mail_id
    )


async def find_message(
    connection: Connection, account_id: UUID, message_id: UUID
) -> Message | None:
    """Only of that account."""
    row = await connection.fetchrow(f"{_FIND} AND s.message_id = $2", account_id, message_id)
    return _message(row) if row else None


async def messages_of(connection: Connection, account_id: UUID) -> list[Message]:
    """The newest first."""
    rows = await connection.fetch(
        f"{_FIND} ORDER BY s.written_at DESC, s.message_id LIMIT $2", account_id, _MOST_SHOWN
    )
    return [_message(row) for row in rows]


async def forget_some(connection: Connection, now: datetime) -> int:
    """Of all schools; how many they were."""
    return int(await connection.fetchval("SELECT support_messages_forget($1)", now))


def _message(row: Record) -> Message:
    return Message(**dict(row))
