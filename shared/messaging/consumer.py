"""Takes messages from one queue into the database: nothing is acknowledged before it is committed.

Effect and inbox row are one transaction. A fault that passes is waited out; a message that breaks
its contract is a dead letter at once, any other failure after five tries, each counted in the
database.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import nullcontext
from typing import TypeVar
from uuid import UUID

import structlog
from tenacity import AsyncRetrying, retry_if_exception, wait_random_exponential
from uuid_utils.compat import uuid7

from shared.messaging.batches import Batches
from shared.messaging.connections import Transactions
from shared.messaging.dead_letters import school_named_in
from shared.messaging.faults import is_passing
from shared.messaging.subscription import Accepted, BreaksContract, Incoming, Listener, Refused
from shared.messaging.traces import consuming
from shared.observability.metrics.messaging import OfQueue, Parked

__all__ = ["MAX_TRIES", "Consumer"]

MAX_TRIES = 5
_LONGEST_PAUSE_SECONDS = 30.0
_SUSPICIOUS_DELIVERIES = 5
"""Delivered this often without an end: it may be what ends the process."""

T = TypeVar("T")

_log = structlog.get_logger(__name__)


class Consumer:
    """The life of every message of one queue, from its delivery to its end."""

    def __init__(
        self,
        listener: Listener,
        transactions: Transactions,
        *,
        turns: asyncio.Semaphore,
        first_pause_seconds: float = 0.5,
    ) -> None:
        """`turns` bounds how many batches are applied at once, by all consumers that share it."""
        self._listener = listener
        self._transactions = transactions
        self._turns = turns
        self._own_turns = asyncio.Semaphore(listener.at_once) if listener.at_once else None
        self._first_pause_seconds = first_pause_seconds
        self._batches = Batches(self._apply)
        self._figures = OfQueue(listener.queue)

    async def consume(self, incoming: Incoming) -> None:
        """Returns when the message may be acknowledged: applied, known already, or parked."""
        began = time.perf_counter()
        await self._consume(incoming)
        self._figures.message_seconds.observe(time.perf_counter() - began)

    async def _consume(self, incoming: Incoming) -> None:
        try:
            accepted = await self._waiting_out_faults(lambda: self._listener.accept(incoming))
        except Refused as refusal:
            await self._refuse(incoming, refusal)
            return
        structlog.contextvars.bind_contextvars(correlation_id=accepted.correlation_id)
        if incoming.deliveries >= _SUSPICIOUS_DELIVERIES and await self._gives_up(
            incoming, accepted, "was being applied when the process ended", "ended_process"
        ):
            return
        while True:
            try:
                await self._waiting_out_faults(lambda: self._batches.submit(accepted))
            except Refused as refusal:
                await self._park(incoming, accepted.school_id, str(refusal), "refused")
            except Exception as error:
                _log.exception("message_failed", queue=self._listener.queue, key=incoming.key)
                self._figures.failed.inc()
                if not await self._gives_up(incoming, accepted, _sentence(error), "failed"):
                    self._figures.retried_failed.inc()
                    continue
            else:
                self._figures.handled.inc()
            return

    async def _apply(self, school_id: UUID | None, messages: Sequence[Accepted]) -> None:
        # Their own turn first, so that who waits for it keeps none from the others.
        own_turn = self._own_turns or nullcontext()
        async with own_turn, self._turns:
            began = time.perf_counter()
            with consuming(self._listener.queue, messages):
                new = await self._apply_in_one(school_id, messages)
            self._figures.applied(
                messages=len(messages), new=new, seconds=time.perf_counter() - began
            )

    async def _apply_in_one(self, school_id: UUID | None, messages: Sequence[Accepted]) -> int:
        """How many of them were new."""
        async with self._transactions.transaction(school_id) as connection:
            rows = await connection.fetch(
                "SELECT inbox_accept($1, $2::uuid[]) AS key",
                self._listener.queue,
                [message.key for message in messages],
            )
            new = {row["key"] for row in rows}
            fresh = {message.key: message for message in messages if message.key in new}
            if fresh:
                items = [fresh[key].item for key in sorted(fresh)]
                await self._listener.handle(connection, items)
        return len(fresh)

    async def _gives_up(
        self, incoming: Incoming, accepted: Accepted, error: str, why: Parked
    ) -> bool:
        """Count a try. True if it was the last; else returns after a pause that grows."""
        tries = await self._waiting_out_faults(lambda: self._count(incoming, error))
        if tries >= MAX_TRIES:
            await self._park(incoming, accepted.school_id, error, why)
            return True
        await asyncio.sleep(self._first_pause_seconds * 2 ** (tries - 1))
        return False

    async def _count(self, incoming: Incoming, error: str) -> int:
        async with self._transactions.transaction() as connection:
            tries: int = await connection.fetchval(
                "SELECT message_failed($1, $2, $3)", self._listener.queue, incoming.key, error
            )
            return tries

    async def _refuse(self, incoming: Incoming, refusal: Refused) -> None:
        refuse, reason = self._listener.refuse, str(refusal)
        if refuse is None:
            why: Parked = "contract" if isinstance(refusal, BreaksContract) else "refused"
            await self._park(incoming, school_named_in(incoming.body), reason, why)
        else:
            await self._waiting_out_faults(lambda: refuse(incoming, reason))
            self._figures.turned_away.inc()

    async def _park(
        self, incoming: Incoming, school_id: UUID | None, reason: str, why: Parked
    ) -> None:
        _log.error("dead_letter", queue=self._listener.queue, key=incoming.key, reason=reason)

        async def park() -> None:
            async with self._transactions.transaction() as connection:
                await connection.execute(
                    "SELECT message_parked($1, $2, $3, $4, $5, $6, $7)",
                    uuid7(),
                    self._listener.queue,
                    incoming.key,
                    incoming.routing_key,
                    school_id,
                    incoming.body,
                    reason,
                )

        await self._waiting_out_faults(park)
        self._figures.parked(why)

    async def _waiting_out_faults(self, work: Callable[[], Awaitable[T]]) -> T:
        async for attempt in AsyncRetrying(
            retry=retry_if_exception(is_passing),
            wait=wait_random_exponential(multiplier=0.1, max=_LONGEST_PAUSE_SECONDS),
            reraise=True,
            before_sleep=lambda _: self._figures.retried_away.inc(),
        ):
            with attempt:
                return await work()
        raise AssertionError("retrying without a limit ends by returning or raising")


def _sentence(error: Exception) -> str:
    """The first line: after it PostgreSQL repeats the values that it refuses."""
    said = str(error).partition("\n")[0]
    return f"{type(error).__name__}: {said}"[:2000]
