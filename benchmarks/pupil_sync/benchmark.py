"""20,000 pupils whom a night has brought: from the broker into roster and one read model of it.

They come as mis_sync sends them on, in chunks; roster applies them with its rules, history, events
and answers, and reports' copy hears of them. Timed from the first message until roster and the copy
hold the same, told by a hash over both. The peers carry the same pupils one by one.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID, uuid4

import aio_pika
import asyncpg
from aio_pika.abc import AbstractChannel

from benchmarks.interleaved import interleaved
from benchmarks.lines import Line, line_of
from benchmarks.night.stack import Stack, stack_running
from benchmarks.pupil_sync.bare import carry_bare
from benchmarks.pupil_sync.looking import until_copied
from benchmarks.pupil_sync.peers import carry_by_celery, carry_by_faststream
from benchmarks.pupil_sync.pupils import Chunk, chunks_of
from benchmarks.roster import roster_year_of
from benchmarks.servers import Servers
from benchmarks.sizes import Size
from shared.contracts.topology import EVENTS_EXCHANGE

__all__ = ["measure_pupil_sync"]

_SCHOOLS = """
INSERT INTO schools
    (school_id, version, name, postcode, first_year_group, last_year_group, academic_year)
SELECT id, 1, 'Heron Park Primary School', 'NG7 5PN', 'R', '6', $2 FROM unnest($1::uuid[]) AS id
"""
_MANY = "SELECT count(*) FROM pupils WHERE school_id = $1"
_HASH = """
SELECT count(*), bit_xor(hashtextextended(concat_ws('|', school_id, id, version, active, upn,
    legal_forename, legal_surname, date_of_birth, sex, year_group), 0))
FROM pupils WHERE school_id = $1
"""


@dataclass(frozen=True)
class _Amount:
    schools: int
    pupils: int
    of_peers: int
    """Schools of the peers, at whose pace all of them would take too long."""


_AMOUNTS = {
    Size.QUICK: _Amount(schools=2, pupils=20, of_peers=1),
    Size.USUAL: _Amount(schools=20, pupils=1000, of_peers=2),
    Size.FULL: _Amount(schools=20, pupils=1000, of_peers=20),
}


@dataclass(frozen=True)
class _Sides:
    servers: Servers
    stack: Stack
    amount: _Amount
    year: str

    async def us(self) -> Mapping[str, float]:
        roster, reports = (self.stack.databases[each] for each in ("roster", "reports"))
        schools, chunks = await self._new(roster, self.amount.schools)

        async def is_alike(school: UUID) -> bool:
            both = (database.fetchrow(_HASH, school) for database in (roster, reports))
            held, copied = await asyncio.gather(*both)
            return bool(held == copied)

        async with await aio_pika.connect(self.stack.proposals_url) as connection:
            channel = await connection.channel(publisher_confirms=True, on_return_raises=True)
            began = time.perf_counter()
            await _publish(channel, chunks)
            await until_copied(
                dict.fromkeys(schools, self.amount.pupils),
                lambda school: reports.fetchval(_MANY, school),
                is_alike,
            )
            seconds = time.perf_counter() - began
        await self.stack.all_is_heard()
        return self._per_second(seconds, self.amount.schools)

    async def limit(self) -> Mapping[str, float]:
        roster = self.stack.databases["roster"]
        _, chunks = await self._new(roster, self.amount.schools)
        seconds = await carry_bare(self.servers, self.stack.admin_urls["roster"], chunks)
        await roster.execute("DELETE FROM outbox WHERE exchange = 'bare'")
        return self._per_second(seconds, self.amount.schools)

    async def peers(self) -> Mapping[str, float]:
        many = self.amount.of_peers
        chunks = chunks_of([uuid4() for _ in range(many)], self.amount.pupils, self.year)
        by_celery = await carry_by_celery(self.servers, chunks)
        by_faststream = await carry_by_faststream(self.servers, chunks)
        return {
            "celery": self._per_second(by_celery, many)["celery"],
            "faststream": self._per_second(by_faststream, many)["faststream"],
        }

    async def _new(
        self, roster: asyncpg.Connection[asyncpg.Record], many: int
    ) -> tuple[Sequence[UUID], Sequence[Chunk]]:
        """New schools, known to roster, and what is to be told of each."""
        schools = [uuid4() for _ in range(many)]
        await roster.execute(_SCHOOLS, schools, self.year)
        return schools, chunks_of(schools, self.amount.pupils, self.year)

    def _per_second(self, seconds: float, schools: int) -> Mapping[str, float]:
        """Pupils, the same for both cases."""
        return dict.fromkeys(("celery", "faststream"), schools * self.amount.pupils / seconds)


async def _publish(channel: AbstractChannel, chunks: Sequence[Chunk]) -> None:
    """As mis_sync's relay does: persistent, mandatory, with many confirms in flight."""
    exchange = await channel.get_exchange(EVENTS_EXCHANGE, ensure=False)
    await asyncio.gather(
        *(
            exchange.publish(
                aio_pika.Message(
                    chunk.body,
                    message_id=str(chunk.event.id),
                    content_type="application/cloudevents+json",
                    delivery_mode=aio_pika.DeliveryMode.PERSISTENT,
                ),
                chunk.event.type,
                mandatory=True,
            )
            for chunk in chunks
        )
    )


async def measure_pupil_sync(servers: Servers, runs: int, size: Size) -> list[Line]:
    """Cases `celery` and `faststream`, which differ in the peer only."""
    async with AsyncExitStack() as stack:
        running = await stack.enter_async_context(stack_running(servers, ("roster", "reports")))
        sides = _Sides(servers, running, _AMOUNTS[size], roster_year_of(datetime.now(UTC)))
        found = await interleaved({"us": sides.us, "peer": sides.peers, "limit": sides.limit}, runs)
    return [line_of("B2", case, "1/s", of_case) for case, of_case in found.items()]
