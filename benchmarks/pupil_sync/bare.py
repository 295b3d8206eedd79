"""What the machine could do: the same chunks through raw aio-pika, one set-based transaction each.

Inbox, upsert into roster's own table with its own indexes, outbox; no rule is looked at, nothing is
sent on, nothing is kept of who changed what. PostgreSQL reads the chunk, so that Python need not.
"""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Sequence
from uuid import UUID

import aio_pika
import asyncpg
from aio_pika.abc import AbstractIncomingMessage, AbstractQueue

from benchmarks.pupil_sync.pupils import Chunk
from benchmarks.servers import Servers

__all__ = ["carry_bare"]

_INBOX = """
INSERT INTO inbox (consumer, message_key) VALUES ('bare', $1) ON CONFLICT DO NOTHING
RETURNING message_key
"""
_UPSERT = """
INSERT INTO pupils (school_id, id, version, active, upn, former_upns, legal_forename,
    legal_surname, date_of_birth, sex, year_group, origin, overrides, seen_in_mis,
    surname_key, forename_key, search_text)
SELECT $1, p.pupil_id, 1, true, d.upn, '{}', d.legal_forename, d.legal_surname, d.date_of_birth,
    d.sex, d.year_group, 'mis', '{}', true, lower(d.legal_surname), lower(d.legal_forename),
    lower(d.legal_forename || ' ' || d.legal_surname)
FROM jsonb_to_recordset($2::text::jsonb -> 'data' -> 'proposals')
        AS p(pupil_id uuid, details jsonb)
CROSS JOIN jsonb_to_record(p.details) AS d(upn text, legal_forename text, legal_surname text,
    date_of_birth date, sex text, year_group text)
ON CONFLICT (school_id, id) DO UPDATE SET version = pupils.version + 1, upn = excluded.upn,
    legal_forename = excluded.legal_forename, legal_surname = excluded.legal_surname,
    date_of_birth = excluded.date_of_birth, sex = excluded.sex, year_group = excluded.year_group,
    surname_key = excluded.surname_key, forename_key = excluded.forename_key,
    search_text = excluded.search_text
"""
# Written as sent, so that the service, which stands idle beside, leaves it alone.
_OUTBOX = """
INSERT INTO outbox (id, school_id, exchange, routing_key, mandatory, body, sent_at)
VALUES (gen_random_uuid(), $1, 'bare', 'pupils.changed', true, $2, clock_timestamp())
"""


async def carry_bare(servers: Servers, admin_url: str, chunks: Sequence[Chunk]) -> float:
    """Seconds from the first message until the last is acknowledged, a connection per core."""
    async with servers.empty_vhost() as url:
        connection = await aio_pika.connect(url)
        pool = await asyncpg.create_pool(admin_url, min_size=_CORES, max_size=_CORES)
        async with connection, pool:
            channel = await connection.channel()
            await channel.set_qos(prefetch_count=2 * _CORES)
            queue = await channel.declare_queue(
                "bare", durable=True, arguments={"x-queue-type": "quorum"}
            )
            began = time.perf_counter()
            taking = asyncio.create_task(_take(queue, pool, len(chunks)))
            sender = await connection.channel(publisher_confirms=True)
            for chunk in chunks:
                persistent = aio_pika.DeliveryMode.PERSISTENT
                message = aio_pika.Message(
                    chunk.body,
                    message_id=str(chunk.event.id),
                    headers={"school": str(chunk.school_id)},
                    delivery_mode=persistent,
                )
                await sender.default_exchange.publish(message, "bare")
            await taking
            return time.perf_counter() - began


_CORES = os.cpu_count() or 1


async def _take(queue: AbstractQueue, pool: asyncpg.Pool[asyncpg.Record], chunks: int) -> None:
    left = asyncio.Semaphore(0)

    async def apply(message: AbstractIncomingMessage) -> None:
        school_id, body = UUID(str(message.headers["school"])), message.body.decode()
        async with pool.acquire() as database, database.transaction():
            if await database.fetchval(_INBOX, UUID(message.message_id or "")):
                await database.execute(_UPSERT, school_id, body)
                await database.execute(_OUTBOX, school_id, body)
        await message.ack()
        left.release()

    await queue.consume(apply)
    for _ in range(chunks):
        await left.acquire()
