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
from dataclasses import replace
from typing import TypeVar
from uuid import UUID

import asyncpg
import structlog
from tenacity import AsyncRetrying, retry_if_exception, wait_random_exponential
from uuid_utils.compat import uuid7

from shared.messaging.batches import Batches
from shared.messaging.connections import Connection, Transactions
from shared.messaging.dead_letters import school_named_in
from shared.messaging.faults import is_passing
from shared.messaging.putting_off import Kept, PutOff, PuttingOff
from shared.messaging.subscription import Accepted, BreaksContract, Incoming, Listener, Refused
from shared.messaging.traces import consuming
from shared.observability.metrics.messaging import OfQueue, Parked

__all__ = ["MAX_TRIES", "Consumer"]

MAX_TRIES = 5
_LONGEST_PAUSE_SECONDS = 30.0
_SUSPICIOUS_DELIVERIES = 5
"""Delivered this often without an end: it may be what ends the process."""
_LOCK_SECONDS = 2.0
"""Whoever waits longer has a turn that other schools want."""

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
        turns_of_put_off: asyncio.Semaphore | None = None,
        first_pause_seconds: float = 0.5,
    ) -> None:
        """`turns` bounds how many batches are applied at once, by all consumers that share it.

        `turns_of_put_off` is the same of what was put off, which must take nobody else's.
        """
        self._listener = listener
        self._transactions = transactions
        self._turns = turns
        self._own_turns = asyncio.Semaphore(listener.at_once) if listener.at_once else None
        self._first_pause_seconds = first_pause_seconds
        self._turns_of_put_off = turns_of_put_off or asyncio.Semaphore(1)
        self._batches = Batches(self._apply_or_put_off)
        self.put_off = PuttingOff(listener.queue, transactions, self._try_again)
        self._figures = OfQueue(listener.queue)

    async def consume(self, incoming: Incoming) -> None:
        """Returns when the message may be acknowledged: applied, known already, parked, put off."""
        began = time.perf_counter()
        await self._consume(incoming, self._batches)
        self._figures.message_seconds.observe(time.perf_counter() - began)

    async def _consume(
        self, incoming: Incoming, batches: Batches, place: int | None = None
    ) -> bool:
        """Whether it came to its end, and was not put off."""
        try:
            accepted = await self._waiting_out_faults(lambda: self._listener.accept(incoming))
        except Refused as refusal:
            await self._refuse(incoming, refusal)
            await self._end_put_off(place)
            return True
        accepted = replace(accepted, incoming=incoming, place=place)
        structlog.contextvars.bind_contextvars(correlation_id=accepted.correlation_id)
        if incoming.deliveries >= _SUSPICIOUS_DELIVERIES and await self._gives_up(
            incoming, accepted, "was being applied when the process ended", "ended_process"
        ):
            return True
        while True:
            try:
                await self._waiting_out_faults(lambda: batches.submit(accepted))
            except Refused as refusal:
                await self._park(incoming, accepted.school_id, str(refusal), "refused")
                await self._end_put_off(place)
            except PutOff:
                self._figures.retried_locked.inc()
                return False
            except Exception as error:
                _log.exception("message_failed", queue=self._listener.queue, key=incoming.key)
                self._figures.failed.inc()
                if not await self._gives_up(incoming, accepted, _sentence(error), "failed"):
                    self._figures.retried_failed.inc()
                    continue
            else:
                self._figures.handled.inc()
            return True

    async def _apply_or_put_off(self, school_id: UUID | None, messages: Sequence[Accepted]) -> None:
        """Raises `PutOff` where something of the school is locked, or was just now."""
        if not self.put_off.holds(school_id) or not await self.put_off.keep(
            school_id, messages, only_behind=True
        ):
            try:
                await self._apply(school_id, messages, self._turns, _LOCK_SECONDS)
                return
            except asyncpg.LockNotAvailableError:
                await self.put_off.keep(school_id, messages)
        raise PutOff

    async def _try_again(self, kept: Sequence[Kept], lock_seconds: float) -> bool:
        """What was put off. Whether all of it came to its end."""

        async def apply(school_id: UUID | None, messages: Sequence[Accepted]) -> None:
            try:
                await self._apply(school_id, messages, self._turns_of_put_off, lock_seconds)
            except asyncpg.LockNotAvailableError as error:
                raise PutOff from error

        batches = Batches(apply)
        tried = (self._consume(each.incoming, batches, each.place) for each in kept)
        return all(await asyncio.gather(*tried))

    async def _apply(
        self,
        school_id: UUID | None,
        messages: Sequence[Accepted],
        turns: asyncio.Semaphore,
        lock_seconds: float,
    ) -> None:
        # Their own turn first, so that who waits for it keeps none from the others.
        own_turn = self._own_turns or nullcontext()
        async with own_turn, turns:
            began = time.perf_counter()
            with consuming(self._listener.queue, messages):
                new = await self._apply_in_one(school_id, messages, lock_seconds)
            self._figures.applied(
                messages=len(messages), new=new, seconds=time.perf_counter() - began
            )

    async def _apply_in_one(
        self, school_id: UUID | None, messages: Sequence[Accepted], lock_seconds: float
    ) -> int:
        """How many of them were new."""
        async with self._transactions.transaction(school_id) as connection:
            messages = await _still_put_off(connection, messages)
            rows = await connection.fetch(
                "WITH patience AS MATERIALIZED (SELECT set_config('lock_timeout', $3, true))"
                " SELECT inbox_accept($1, $2::uuid[]) AS key FROM patience",
                self._listener.queue,
                [message.key for message in messages],
                f"{lock_seconds * 1000:.0f}ms",
            )
            new = {row["key"] for row in rows}
            fresh = {message.key: message for message in messages if message.key in new}
            if fresh:
                items = [fresh[key].item for key in sorted(fresh)]
                await self._listener.handle(connection, items)
        return len(fresh)

    async def _end_put_off(self, place: int | None) -> None:
        async def end() -> None:
            async with self._transactions.transaction() as connection:
                await connection.execute("SELECT end_put_off($1)", [place])

        if place is not None:
            await self._waiting_out_faults(end)

    async def _gives_up(
        self, incoming: Incoming, accepted: Accepted, error: str, why: Parked
    ) -> bool:
        """Count a try. True if it was the last; else returns after a pause that grows."""
        tries = await self._waiting_out_faults(lambda: self._count(incoming, error))
        if tries >= MAX_TRIES:
            await self._park(incoming, accepted.school_id, error, why)
            await self._end_put_off(accepted.place)
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


async def _still_put_off(
    connection: Connection, messages: Sequence[Accepted]
) -> Sequence[Accepted]:
    """Without those that another process took meanwhile. The rest end with this transaction."""
    places = [message.place for message in messages if message.place is not None]
    if not places:
        return messages
    rows = await connection.fetch("SELECT end_put_off($1) AS place", places)
    taken = {row["place"] for row in rows}
    return [message for message in messages if message.place is None or message.place in taken]


def _sentence(error: Exception) -> str:
    """The first line: after it PostgreSQL repeats the values that it refuses."""
    said = str(error).partition("\n")[0]
    return f"{type(error).__name__}: {said}"[:2000]
