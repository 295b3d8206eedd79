"""Messages of a school something of which is locked: kept in the database, and tried from there.

The broker sends only so many ahead. Were they left with it while they wait, those of one school
that is locked for long would be all that it sends, and every other school would wait with that one.
So they are acknowledged once they are kept here, in the order in which they came, and what comes of
that school meanwhile is put behind them.
"""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from uuid import UUID

import structlog

from shared.messaging.connections import Transactions
from shared.messaging.ending import end
from shared.messaging.subscription import Accepted, Incoming

__all__ = ["Kept", "PutOff", "PuttingOff"]

_FIRST_PAUSE_SECONDS = 0.25
_LONGEST_PAUSE_SECONDS = 10.0
_LONGEST_LOCK_SECONDS = 1.0
_STOP_SECONDS = 5.0
_AT_ONCE = 20
"""Tried together, once the first has shown that nothing is locked any more."""

_log = structlog.get_logger(__name__)


class PutOff(Exception):
    """It is kept, and will be tried again: the broker need not have it any more."""


@dataclass(frozen=True)
class Kept:
    place: int
    incoming: Incoming


Try = Callable[[Sequence[Kept], float], Awaitable[bool]]
"""Tries them, waiting for locks for so many seconds. Whether all of them came to their end."""


class PuttingOff:
    """What one queue has put off, school by school; each is worked off by a task of its own."""

    def __init__(self, queue: str, transactions: Transactions, tries: Try) -> None:
        self._queue = queue
        self._transactions = transactions
        self._try = tries
        self._keeping = asyncio.Lock()
        self._working: dict[UUID | None, asyncio.Task[None]] = {}
        self._stopping = asyncio.Event()

    def holds(self, school_id: UUID | None) -> bool:
        """Whether something of the school is put off, as far as this process knows."""
        return school_id in self._working

    async def keep(
        self, school_id: UUID | None, messages: Sequence[Accepted], *, only_behind: bool = False
    ) -> bool:
        """Put them off. With `only_behind`, only where others of the school wait already."""
        came = [message.incoming for message in messages if message.incoming is not None]
        async with self._keeping:
            if only_behind and not self.holds(school_id):
                return False
            async with self._transactions.transaction() as connection:
                await connection.execute(
                    "SELECT put_messages_off($1, $2, $3, $4, $5, $6, $7, $8)",
                    self._queue,
                    school_id,
                    [incoming.message_id for incoming in came],
                    [incoming.routing_key for incoming in came],
                    [incoming.user_id for incoming in came],
                    [_told(incoming) for incoming in came],
                    [incoming.deliveries for incoming in came],
                    [incoming.body for incoming in came],
                )
            self.work_off(school_id)
        return True

    def work_off(self, school_id: UUID | None) -> None:
        """Try what waits of the school until nothing does."""
        if school_id not in self._working and not self._stopping.is_set():
            _log.warning("school_put_off", queue=self._queue, school_id=str(school_id))
            self._working[school_id] = asyncio.create_task(self._work_off(school_id))

    async def stop(self) -> None:
        """Finish what is being tried, soon; what is put off stays so, for the next process."""
        self._stopping.set()
        if self._working:
            await asyncio.wait(self._working.values(), timeout=_STOP_SECONDS)
        for task in [*self._working.values()]:
            await end(task)
        self._working.clear()

    async def _work_off(self, school_id: UUID | None) -> None:
        pause, most = _FIRST_PAUSE_SECONDS, 1
        while not self._stopping.is_set():
            try:
                kept = await self._begin(school_id, most)
                if not kept and await self._nothing_is_left(school_id):
                    return
                lock_seconds = min(pause, _LONGEST_LOCK_SECONDS)
                if kept and await self._try(kept, lock_seconds):
                    pause, most = _FIRST_PAUSE_SECONDS, _AT_ONCE
                    continue
                await self._rest(kept)
            except Exception as error:
                _log.warning("put_off_still", queue=self._queue, error=type(error).__name__)
            with suppress(TimeoutError):
                seconds = pause * random.uniform(0.5, 1)  # noqa: S311 - no secret
                await asyncio.wait_for(self._stopping.wait(), seconds)
            pause, most = min(2 * pause, _LONGEST_PAUSE_SECONDS), 1

    async def _begin(self, school_id: UUID | None, most: int) -> list[Kept]:
        async with self._transactions.transaction() as connection:
            rows = await connection.fetch(
                "SELECT * FROM begin_put_off($1, $2, $3)", self._queue, school_id, most
            )
        return [
            Kept(
                row["place"],
                Incoming(
                    body=row["body"],
                    message_id=row["message_id"],
                    routing_key=row["routing_key"],
                    user_id=row["user_id"],
                    deliveries=row["deliveries"],
                    headers=json.loads(row["headers"]),
                ),
            )
            for row in rows
        ]

    async def _rest(self, kept: Sequence[Kept]) -> None:
        async with self._transactions.transaction() as connection:
            await connection.execute("SELECT rest_put_off($1)", [each.place for each in kept])

    async def _nothing_is_left(self, school_id: UUID | None) -> bool:
        """True once the school is as any other again. Nothing is put off while this is asked."""
        async with self._keeping:
            async with self._transactions.transaction() as connection:
                rows = await connection.fetch("SELECT * FROM schools_put_off($1)", [self._queue])
            if any(row["school_id"] == school_id for row in rows):
                return False
            del self._working[school_id]
            return True


def _told(incoming: Incoming) -> str:
    """The headers that are text, such as a signature: the others are the broker's own."""
    told = {
        name: bytes(value).decode("utf-8", "replace")
        if isinstance(value, (bytes, bytearray))
        else value
        for name, value in incoming.headers.items()
        if isinstance(value, (str, bytes, bytearray))
    }
    return json.dumps(told)
