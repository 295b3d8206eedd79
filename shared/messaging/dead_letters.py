"""The operator's list of messages that could not be applied, and what can be done with each.

Reached with the DSN of a service's relay role. A replay goes through the outbox, so that it is lost
as little as any other event.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import asyncpg
import msgspec

from shared.contracts.topology import REPLAY_EXCHANGE

__all__ = ["DeadLetter", "DeadLetters", "NoSuchDeadLetter", "school_named_in"]


class NoSuchDeadLetter(LookupError):
    """No dead letter with this id waits."""


@dataclass(frozen=True)
class DeadLetter:
    """One message, as it came, with the queue it was for and why it ended here."""

    id: UUID
    queue: str
    event_type: str
    school_id: UUID | None
    body: bytes
    reason: str
    tries: int
    died_at: datetime
    state: str


class DeadLetters:
    """The dead letters of one service."""

    def __init__(self, relay_dsn: str) -> None:
        self._dsn = relay_dsn

    async def waiting(self) -> Sequence[DeadLetter]:
        """Those that nobody has dealt with yet, oldest first."""
        async with self._connection() as connection:
            rows = await connection.fetch(
                "SELECT * FROM dead_letters WHERE state = 'waiting' ORDER BY died_at, id"
            )
        return [_dead_letter(row) for row in rows]

    async def show(self, dead_letter_id: UUID) -> DeadLetter:
        """One of them, dealt with or not. Raises `NoSuchDeadLetter`."""
        async with self._connection() as connection:
            row = await connection.fetchrow(
                "SELECT * FROM dead_letters WHERE id = $1", dead_letter_id
            )
        if row is None:
            raise NoSuchDeadLetter(str(dead_letter_id))
        return _dead_letter(row)

    async def replay(self, dead_letter_id: UUID) -> None:
        """Send it again to the one queue that it was for, under the id it had."""
        async with self._connection() as connection:
            letter = await self._settle(connection, dead_letter_id, "replayed")
            await connection.execute(
                "INSERT INTO outbox (id, school_id, exchange, routing_key, mandatory, body)"
                " VALUES ($1, $2, $3, $4, true, $5)"
                " ON CONFLICT (id) DO UPDATE SET exchange = excluded.exchange,"
                " routing_key = excluded.routing_key, sent_at = NULL, next_try_at = '-infinity'",
                _message_id(letter),
                letter.school_id,
                REPLAY_EXCHANGE,
                letter.queue,
                letter.body.decode(),
            )
            await connection.execute("NOTIFY outbox")

    async def discard(self, dead_letter_id: UUID) -> None:
        """Take it off the list; it is kept with its reason. Raises `NoSuchDeadLetter`."""
        async with self._connection() as connection:
            await self._settle(connection, dead_letter_id, "discarded")

    @staticmethod
    async def _settle(
        connection: asyncpg.Connection[asyncpg.Record], dead_letter_id: UUID, state: str
    ) -> DeadLetter:
        row = await connection.fetchrow(
            "UPDATE dead_letters SET state = $2, settled_at = clock_timestamp()"
            " WHERE id = $1 AND state = 'waiting' RETURNING *",
            dead_letter_id,
            state,
        )
        if row is None:
            raise NoSuchDeadLetter(str(dead_letter_id))
        return _dead_letter(row)

    @asynccontextmanager
    async def _connection(self) -> AsyncIterator[asyncpg.Connection[asyncpg.Record]]:
        connection = await asyncpg.connect(self._dsn, timeout=10, command_timeout=30)
        try:
            async with connection.transaction():
                yield connection
        finally:
            await connection.close()


def school_named_in(body: bytes) -> UUID | None:
    """The school of a message that breaks its contract, so that it goes with the school: what it
    says may be of children. `None` where that cannot be read; a NUL, PostgreSQL could not either.
    """
    if b"\\u0000" in body:
        return None
    try:
        return UUID(msgspec.json.decode(body)["schoolid"])
    except (msgspec.MsgspecError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


def _dead_letter(row: asyncpg.Record) -> DeadLetter:
    return DeadLetter(
        id=row["id"],
        queue=row["consumer"],
        event_type=row["routing_key"],
        school_id=row["school_id"],
        body=row["body"],
        reason=row["reason"],
        tries=row["tries"],
        died_at=row["died_at"],
        state=row["state"],
    )


def _message_id(letter: DeadLetter) -> UUID:
    """The event's own id, so that the inbox knows it; the letter's where it cannot be read."""
    try:
        return UUID(json.loads(letter.body)["id"])
    except (ValueError, KeyError, TypeError):
        return letter.id
