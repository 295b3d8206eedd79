"""FastStream as in its documentation: a message for each pupil, a transaction for each message.

`python -m benchmarks.pupil_sync.faststream_peer apply`, and `copy` beside it in another process.
"""

from __future__ import annotations

import asyncio
import os
import sys
from typing import Any

import asyncpg
from faststream import FastStream
from faststream.rabbit import Channel, RabbitBroker, RabbitQueue
from pydantic import BaseModel

from benchmarks.pupil_sync.peer_tables import COPY, UPSERT

__all__ = ["QUEUES"]

_PREFETCH = 100
_CONNECTIONS = 8
QUEUES = {role: RabbitQueue(f"peer.{role}", durable=True) for role in ("apply", "copy")}


class Pupil(BaseModel):
    school_id: str
    id: str
    upn: str
    legal_forename: str
    legal_surname: str
    date_of_birth: str
    sex: str
    year_group: str
    version: int = 1


async def _main(role: str) -> None:
    channel = Channel(prefetch_count=_PREFETCH)
    broker = RabbitBroker(
        os.environ["CLASSROOM_RABBITMQ_URL"], default_channel=channel, logger=None
    )
    pool = await asyncpg.create_pool(
        os.environ["CLASSROOM_DATABASE_URL"], min_size=1, max_size=_CONNECTIONS
    )
    app = FastStream(broker, logger=None)

    async def apply(pupil: Pupil) -> None:
        async with pool.acquire() as database, database.transaction():
            state = await database.fetchval(UPSERT.format(pupil="$1"), pupil.model_dump_json())
        await broker.publish(Pupil.model_validate_json(state), QUEUES["copy"], persist=True)

    async def copy(pupil: Pupil) -> None:
        async with pool.acquire() as database, database.transaction():
            await database.execute(COPY.format(pupil="$1"), pupil.model_dump_json())

    handlers: dict[str, Any] = {"apply": apply, "copy": copy}
    broker.subscriber(QUEUES[role])(handlers[role])
    await app.run()


if __name__ == "__main__":
    asyncio.run(_main(sys.argv[1]))
