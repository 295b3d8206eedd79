"""Runs a peer: its processes, its database, its vhost; and sends it pupil after pupil."""

from __future__ import annotations

import asyncio
import json
import os
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from typing import Any

import aio_pika
import asyncpg

from benchmarks.pupil_sync.looking import until_copied
from benchmarks.pupil_sync.peer_tables import ALIKE, MANY, TABLES
from benchmarks.pupil_sync.pupils import Chunk
from benchmarks.servers import Servers

__all__ = ["carry_by_celery", "carry_by_faststream"]

_STOP_SECONDS = 20.0
_IN_FLIGHT = 200
_CELERY = "benchmarks.pupil_sync.celery_peer"
_Send = Callable[[str, Sequence[Mapping[str, Any]]], Coroutine[Any, Any, None]]


async def carry_by_celery(servers: Servers, chunks: Sequence[Chunk]) -> float:
    """Seconds until all are copied. As many worker processes as there are cores."""
    cores = str(os.cpu_count() or 1)
    worker = ("celery", "-A", _CELERY, "worker", "--concurrency", cores, "--loglevel", "ERROR")
    return await _carry(servers, chunks, [worker], _send_tasks)


async def carry_by_faststream(servers: Servers, chunks: Sequence[Chunk]) -> float:
    """Seconds until all are copied. A process that applies, and one that copies."""
    module = "benchmarks.pupil_sync.faststream_peer"
    return await _carry(servers, chunks, [(module, "apply"), (module, "copy")], _send_messages)


async def _carry(
    servers: Servers,
    chunks: Sequence[Chunk],
    processes: Sequence[Sequence[str]],
    send: _Send,
) -> float:
    rows = [row for chunk in chunks for row in chunk.rows()]
    async with AsyncExitStack() as stack:
        database_url = await stack.enter_async_context(servers.empty_database("peer"))
        rabbitmq_url = await stack.enter_async_context(servers.empty_vhost())
        database = await asyncpg.connect(database_url)
        stack.push_async_callback(database.close)
        await database.execute(TABLES)
        told = {
            "CLASSROOM_DATABASE_URL": database_url,
            "CLASSROOM_RABBITMQ_URL": rabbitmq_url,
            "PYTHONWARNINGS": "ignore",  # Celery's, of being root, which a test machine may be
        }
        for arguments in processes:
            await stack.enter_async_context(_started(arguments, told))
        schools = Counter(chunk.school_id for chunk in chunks for _ in chunk.event.data.proposals)
        until = partial(
            until_copied,
            many=lambda school: database.fetchval(MANY, school),
            is_alike=lambda school: database.fetchval(ALIKE, school),
        )
        first, *others = rows
        await send(rabbitmq_url, [first])
        await until({chunks[0].school_id: 1})
        began = time.perf_counter()
        sending = asyncio.create_task(send(rabbitmq_url, others))
        await until(schools)
        seconds = time.perf_counter() - began
        await sending
        return seconds


async def _send_tasks(url: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """By Celery's own client, in a process of its own."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "benchmarks.pupil_sync.celery_sender"),
        env=os.environ | {"CLASSROOM_RABBITMQ_URL": url},
        stdin=asyncio.subprocess.PIPE,
    )
    await process.communicate(json.dumps(rows).encode())
    if process.returncode:
        raise RuntimeError(f"the sender ended with {process.returncode}")


async def _send_messages(url: str, rows: Sequence[Mapping[str, Any]]) -> None:
    async with await aio_pika.connect(url) as connection:
        channel = await connection.channel(publisher_confirms=True)
        for name in ("peer.apply", "peer.copy"):
            # Else what is published before its consumer is there is gone without a word.
            await channel.declare_queue(name, durable=True)
        turns = asyncio.Semaphore(_IN_FLIGHT)

        async def publish(row: Mapping[str, Any]) -> None:
            async with turns:
                message = aio_pika.Message(
                    json.dumps(row).encode(),
                    content_type="application/json",
                    delivery_mode=aio_pika.DeliveryMode.PERSISTENT,
                )
                await channel.default_exchange.publish(message, "peer.apply")

        await asyncio.gather(*(publish(row) for row in rows))


@asynccontextmanager
async def _started(arguments: Sequence[str], told: Mapping[str, str]) -> AsyncIterator[None]:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", *arguments),
        env=os.environ | told,
        stdout=asyncio.subprocess.DEVNULL,
    )
    try:
        yield
    finally:
        process.terminate()
        try:
            await asyncio.wait_for(process.wait(), _STOP_SECONDS)
        except TimeoutError:
            process.kill()
            await process.wait()
