"""Pupils a second that roll up, by the whole service: rules, history, events and all.

It runs as two processes, of which one answers people and the other does all else.
Timed from the moment that the schools are due until the last of them is in its new year; then until
the last event has been confirmed by the broker. Bare UPDATEs and Django take turns with it, the
latter with fewer schools. Readers ask meanwhile, beside the bare UPDATEs too, since they take from
the same cores; they are timed beside ours, and while nothing happens.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import cycle
from uuid import UUID

import aiohttp
import asyncpg

from benchmarks.django_peer.measured import seconds_of
from benchmarks.interleaved import interleaved
from benchmarks.lines import Line, line_of
from benchmarks.load import Answers, connected_to, percentile, while_it_lasts
from benchmarks.roll_up.bare import update_bare
from benchmarks.roster import (
    PROCESSES,
    RosterMeasured,
    add_schools,
    roster_running,
    roster_year_of,
)
from benchmarks.servers import Servers
from benchmarks.sizes import Size
from shared.school.academic_year import previous_academic_year

__all__ = ["measure_roll_up"]

_FOUND = 200
_READS_PER_SECOND = 10.0
_LOOK_SECONDS = 0.05

_ARE_DUE = "UPDATE schools SET academic_year = $2 WHERE school_id = ANY ($1::uuid[])"
_ARE_IN = """
SELECT count(*) FROM schools WHERE school_id = ANY ($1::uuid[]) AND academic_year = $2
"""
_TORN = """
SELECT EXISTS (
    SELECT FROM schools s JOIN pupils p USING (school_id)
    WHERE school_id = $1 AND (p.version = 1) <> (s.academic_year = $2))
"""
_UNSENT = "SELECT EXISTS (SELECT FROM outbox WHERE sent_at IS NULL)"


@dataclass(frozen=True)
class _Amount:
    schools: int
    pupils: int
    of_peer: int
    """Schools of the peer, at whose pace all of them would take too long."""


_AMOUNTS = {
    Size.QUICK: _Amount(schools=2, pupils=35, of_peer=1),
    Size.USUAL: _Amount(schools=50, pupils=1000, of_peer=3),
    Size.FULL: _Amount(schools=500, pupils=1000, of_peer=10),
}


@dataclass(frozen=True)
class _Us:
    roster: RosterMeasured
    database: asyncpg.Connection[asyncpg.Record]
    http: aiohttp.ClientSession
    amount: _Amount
    year: str

    async def schools(self) -> Sequence[UUID]:
        amount = self.amount
        return await add_schools(self.database, amount.schools, amount.pupils, self.year)

    async def measure(self) -> Mapping[str, float]:
        schools = await self.schools()
        began = time.perf_counter()
        waited = await self.read_while(self._roll_up(schools), schools)
        rolled_up = waited.lasted
        await self._all_is_told()
        pupils = len(schools) * self.amount.pupils
        told = time.perf_counter() - began
        return {"pupils": pupils / rolled_up, "told": pupils / told, **_p99(waited)}

    async def limit(self) -> Mapping[str, float]:
        schools = await self.schools()
        idle = await self.read_while(asyncio.sleep(5 * _LOOK_SECONDS * len(schools)), schools)
        changing = asyncio.ensure_future(update_bare(self.roster.admin_url, schools))
        await self.read_while(changing, schools)
        return {"pupils": len(schools) * self.amount.pupils / changing.result(), **_p99(idle)}

    async def read_while(self, work: Awaitable[object], schools: Sequence[UUID]) -> Answers:
        """Lists of pupils, of all these schools in turn."""

        async def read(number: int) -> int:
            headers = self.roster.as_admin_of(schools[number % len(schools)])
            async with self.http.get("/pupils", headers=headers) as answer:
                await answer.read()
                return answer.status

        return await while_it_lasts(read, work, wanted=_FOUND, per_second=_READS_PER_SECOND)

    async def _roll_up(self, schools: Sequence[UUID]) -> None:
        """They are due, and are looked at until the last is in its new year.

        Raises where one is seen that is neither wholly in the one year nor in the other. One at
        each look, in turn, since looking takes from the same cores.
        """
        before = previous_academic_year(self.year)
        looked_at = cycle(schools)
        await self.database.execute(_ARE_DUE, schools, before)
        while await self.database.fetchval(_ARE_IN, schools, before):
            if await self.database.fetchval(_TORN, next(looked_at), before):
                raise RuntimeError("A school was seen in the middle of its roll-up")
            await asyncio.sleep(_LOOK_SECONDS)

    async def _all_is_told(self) -> None:
        while await self.database.fetchval(_UNSENT):  # noqa: ASYNC110 - another process tells it
            await asyncio.sleep(_LOOK_SECONDS)


def _p99(answers: Answers) -> dict[str, float]:
    """Of readers, in milliseconds."""
    return {"reads": percentile(answers.seconds, 0.99) * 1000}


async def measure_roll_up(servers: Servers, runs: int, size: Size) -> list[Line]:
    """Cases `pupils` (until the last school is in its new year), `told` (until the last event is at
    the broker) and `reads` (a list of pupils meanwhile; its limit is the same in quiet)."""
    amount = _AMOUNTS[size]
    year = roster_year_of(datetime.now(UTC))

    async def peer() -> Mapping[str, float]:
        told = (str(amount.of_peer), str(amount.pupils))
        (seconds,) = await seconds_of(servers, "benchmarks.django_peer.roll_up", *told)
        return {"pupils": amount.of_peer * amount.pupils / seconds}

    async with AsyncExitStack() as stack:
        roster = await stack.enter_async_context(roster_running(servers, processes=PROCESSES))
        http = await stack.enter_async_context(connected_to(roster.address))
        database = await asyncpg.connect(roster.admin_url)
        stack.push_async_callback(database.close)
        us = _Us(roster, database, http, amount, year)
        found = await interleaved({"us": us.measure, "peer": peer, "limit": us.limit}, runs)
    return [
        line_of("B7", "pupils", "1/s", found["pupils"]),
        line_of("B7", "told", "1/s", found["told"]),
        line_of("B7", "reads", "ms (p99)", found["reads"], less_is_better=True),
    ]
