"""The relay: sends what stands in the outbox, and marks it sent only on the broker's confirm.

Rows are taken with `FOR UPDATE SKIP LOCKED`, never by a cursor, which would pass over a transaction
that commits late. A publish that fails or times out may still have arrived, so the row's id is the
message id for ever and consumers know it again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack, ExitStack
from functools import partial
from typing import TYPE_CHECKING, Any

import aio_pika
import aiormq
import asyncpg
import structlog
from aio_pika.abc import AbstractChannel
from tenacity import AsyncRetrying, wait_random_exponential

from shared.kept import Lines, lines_of
from shared.messaging.connections import Connection, connect_broker, connect_database
from shared.messaging.ending import end
from shared.messaging.measures import measures_of
from shared.messaging.traces import sending
from shared.observability.metrics.asked import answering
from shared.observability.metrics.messaging import OfOutbox

if TYPE_CHECKING:
    from asyncpg.pool import PoolConnectionProxy

__all__ = ["Relay"]

_BATCH = 500
_AT_ONCE = 2
"""Passes over the outbox."""
_PUBLISH_TIMEOUT_SECONDS = 5.0
_POLL_SECONDS = 2.0
_CLOSE_SECONDS = 5.0
_STATEMENT_SECONDS = 15.0
"""Each is short: one that takes longer waits for a server that is gone and has not said so."""
_KEEP_HOUSE_SECONDS = 3600.0
_OLDEST_UNSENT_SECONDS = 60

_log = structlog.get_logger(__name__)

_TAKE = """
SELECT id, exchange, routing_key, mandatory, convert_to(body, 'UTF8') AS body FROM outbox
WHERE sent_at IS NULL AND next_try_at <= clock_timestamp()
ORDER BY id LIMIT $1 FOR UPDATE SKIP LOCKED
"""
_MARK_SENT = "UPDATE outbox SET sent_at = clock_timestamp() WHERE id = ANY($1::uuid[])"
_MARK_FAILED = """
UPDATE outbox SET tries = tries + 1, last_error = failed.error,
    next_try_at = clock_timestamp() + make_interval(secs => least(60, 0.2 * 2 ^ least(tries, 10)))
FROM unnest($1::uuid[], $2::text[]) AS failed(id, error) WHERE outbox.id = failed.id
"""


class Relay:
    """Empties one service's outbox. Several may run at once."""

    def __init__(self, *, service: str, dsn: str | Lines, rabbitmq_url: str | Lines) -> None:
        self._service = service
        self._dsns = lines_of(dsn)
        self._rabbitmq_urls = lines_of(rabbitmq_url)
        self._task: asyncio.Task[None] | None = None
        self._woken = asyncio.Event()
        self._answering = ExitStack()

    async def start(self) -> None:
        self._task = asyncio.create_task(self._run_for_ever())
        ask = partial(measures_of, self._dsns, self._service)
        self._answering.enter_context(answering("outbox and dead letters", ask))

    async def stop(self) -> None:
        self._answering.close()
        if self._task is not None:
            await end(self._task)
            self._task = None

    async def check(self) -> str | None:
        """What is wrong, if anything: events that have waited for more than a minute."""
        try:
            connection = await connect_database(self._dsns, timeout=5)
            try:
                row = await connection.fetchrow(
                    "SELECT count(*) AS unsent,"
                    " extract(epoch FROM clock_timestamp() - min(written_at)) AS seconds,"
                    " max(last_error) AS error FROM outbox WHERE sent_at IS NULL"
                )
            finally:
                await connection.close()
        except (OSError, TimeoutError, asyncpg.PostgresError) as error:
            return f"the outbox cannot be read: {error}"
        if row is None or (row["seconds"] or 0) <= _OLDEST_UNSENT_SECONDS:
            return None
        seconds = int(row["seconds"])
        return f"{row['unsent']} events unsent, the oldest for {seconds} s: {row['error']}"

    async def _run_for_ever(self) -> None:
        async for attempt in AsyncRetrying(wait=wait_random_exponential(multiplier=0.2, max=10)):
            with attempt:
                try:
                    await self._run()
                except Exception as error:
                    _log.warning("relay_interrupted", service=self._service, error=_sentence(error))
                    raise

    async def _run(self) -> None:
        async with AsyncExitStack() as stack:
            database = await self._open_pool()
            stack.push_async_callback(_close, database)
            broker = await connect_broker(self._rabbitmq_urls, timeout=10)
            stack.push_async_callback(broker.close)
            channel = await broker.channel(publisher_confirms=True, on_return_raises=True)
            # A connection hears nothing while it is in a transaction: this one only listens.
            listening = await stack.enter_async_context(database.acquire())
            await listening.add_listener("outbox", self._wake)
            stack.push_async_exit(partial(_leave, database, listening, self._wake))
            passes = await stack.enter_async_context(asyncio.TaskGroup())
            turns = asyncio.Semaphore(_AT_ONCE)
            keep_house_at = 0.0
            while True:
                await turns.acquire()
                self._woken.clear()
                one_pass = _Pass(database, channel, self._wake)
                passes.create_task(one_pass.run()).add_done_callback(lambda _: turns.release())
                await one_pass.taken.wait()
                now = asyncio.get_running_loop().time()
                if now >= keep_house_at:
                    await _keep_house(listening)
                    keep_house_at = now + _KEEP_HOUSE_SECONDS
                try:
                    await asyncio.wait_for(self._woken.wait(), _POLL_SECONDS)
                except TimeoutError:
                    if channel.is_closed or listening.is_closed():
                        raise ConnectionError("the broker or the database hung up") from None

    def _wake(self, *_: object) -> None:
        self._woken.set()

    async def _open_pool(self) -> asyncpg.Pool[asyncpg.Record]:
        return await asyncpg.create_pool(
            connect=self._connect,
            min_size=1,
            max_size=1 + _AT_ONCE,
            timeout=10,
            command_timeout=_STATEMENT_SECONDS,
            reset=_nothing_to_reset,
            server_settings={"application_name": f"{self._service}-relay"},
        )

    async def _connect(self, *_: Any, **how: Any) -> asyncpg.Connection[asyncpg.Record]:
        return await connect_database(self._dsns, **how)


class _Pass:
    """One pass over the outbox. The next may begin as soon as this one has taken its rows: until
    the broker has confirmed them all, what is written meanwhile would wait."""

    def __init__(
        self,
        database: asyncpg.Pool[asyncpg.Record],
        channel: AbstractChannel,
        wake: Callable[[], None],
    ) -> None:
        self._database = database
        self._channel = channel
        self._wake = wake
        self.taken = asyncio.Event()

    async def run(self) -> None:
        async with self._database.acquire(timeout=10) as connection, connection.transaction():
            rows = await connection.fetch(_TAKE, _BATCH)
            if len(rows) == _BATCH:
                self._wake()
            self.taken.set()
            if rows:
                await self._send(connection, rows)
        if self._channel.is_closed:
            raise ConnectionError("the broker closed the channel")

    async def _send(self, connection: Connection, rows: Sequence[asyncpg.Record]) -> None:
        with sending(rows) as not_sent:
            results = await _publish_all(self._channel, rows)
            for row, error in zip(rows, results, strict=True):
                if error:
                    not_sent(row["id"], error)
        confirmed = [row["id"] for row, error in zip(rows, results, strict=True) if not error]
        failed = [(row["id"], error) for row, error in zip(rows, results, strict=True) if error]
        OfOutbox.sent(confirmed=len(confirmed), failed=len(failed))
        if confirmed:
            await connection.execute(_MARK_SENT, confirmed)
        if failed:
            _log.warning("events_not_sent", count=len(failed), error=failed[0][1])
            await connection.execute(
                _MARK_FAILED, [key for key, _ in failed], [error for _, error in failed]
            )


async def _publish_all(
    channel: AbstractChannel, rows: Sequence[asyncpg.Record]
) -> list[str | None]:
    exchanges = {
        name: await channel.get_exchange(name, ensure=False)
        for name in {row["exchange"] for row in rows}
    }

    async def publish(row: asyncpg.Record) -> str | None:
        message = aio_pika.Message(
            body=row["body"],
            message_id=str(row["id"]),
            content_type="application/cloudevents+json",
            delivery_mode=aio_pika.DeliveryMode.PERSISTENT,
        )
        try:
            await exchanges[row["exchange"]].publish(
                message,
                row["routing_key"],
                mandatory=row["mandatory"],
                timeout=_PUBLISH_TIMEOUT_SECONDS,
            )
        except TimeoutError:
            return "not confirmed in time"
        except (aio_pika.exceptions.AMQPError, aiormq.exceptions.AMQPError, OSError) as error:
            return f"{type(error).__name__}: {error}"[:500]
        return None

    return list(await asyncio.gather(*(publish(row) for row in rows)))


async def _leave(
    database: asyncpg.Pool[asyncpg.Record],
    listening: PoolConnectionProxy[asyncpg.Record],
    wake: Callable[..., None],
    kind: type[BaseException] | None,
    *_: object,
) -> None:
    """After a fault nothing more is said on any connection: where it is dead, that waits again."""
    if kind is not None and issubclass(kind, Exception):
        database.terminate()
    else:
        await listening.remove_listener("outbox", wake)


async def _close(database: asyncpg.Pool[asyncpg.Record]) -> None:
    try:
        await asyncio.wait_for(database.close(), _CLOSE_SECONDS)
    except TimeoutError:
        database.terminate()


async def _nothing_to_reset(_: object) -> None:
    """A pass sets nothing that outlives its transaction, and asyncpg would ask at each."""


def _sentence(error: BaseException) -> str:
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return str(error)


async def _keep_house(database: Connection) -> None:
    """Sent events are kept for a week, the inbox for longer than anything can be replayed, and dead
    letters that somebody has settled, which hold all that the message said, for as long."""
    await database.execute("DELETE FROM outbox WHERE sent_at < now() - interval '7 days'")
    await database.execute("DELETE FROM inbox WHERE accepted_at < now() - interval '30 days'")
    await database.execute(
        "DELETE FROM message_attempts WHERE last_try_at < now() - interval '30 days'"
    )
    await database.execute("DELETE FROM dead_letters WHERE settled_at < now() - interval '30 days'")
