"""Schools a second whose night is over: snapshot staged, compared, applied, and heard by all.

Timed from the first message of the first connector until every run is closed and every event has
been taken by every service that hears it. There is neither a peer nor a limit: what counts is that
a school costs the same among 1,000 as among 10.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass

from uuid_utils.compat import uuid7

from benchmarks.lines import Line, Run, line_of
from benchmarks.night.school import PUPILS, PUPILS_MOVED, PUPILS_RENAMED, Night, night
from benchmarks.night.schools import LinkedSchool, copies_of, first_school
from benchmarks.night.sending import send
from benchmarks.night.stack import Stack, stack_running
from benchmarks.servers import Servers
from benchmarks.sizes import Size

__all__ = ["measure_night"]

_LOOK_SECONDS = 0.05
_ENDED = """
SELECT count(*) FILTER (WHERE state = 'closed') AS closed,
    count(*) FILTER (WHERE state NOT IN ('receiving', 'waiting', 'applying', 'closed')) AS wrong
FROM runs WHERE snapshot_id = ANY($1::uuid[])
"""
_CHANGED = """
SELECT DISTINCT (counts ->> 'pupils_applied')::int AS pupils,
    (counts ->> 'links_applied')::int AS links
FROM runs WHERE snapshot_id = ANY($1::uuid[])
"""


@dataclass(frozen=True)
class _Amount:
    schools: Mapping[str, int]
    """By case."""
    pupils: int
    nights: Mapping[str, int]
    """How many nights, one after the other, are one run: few schools are through in no time."""


_AMOUNTS = {
    Size.QUICK: _Amount({"10": 2, "100": 2, "1000": 2}, 35, {"10": 1, "100": 1, "1000": 1}),
    Size.USUAL: _Amount(
        {"10": 10, "100": 100, "1000": 1000}, PUPILS, {"10": 10, "100": 2, "1000": 1}
    ),
}
_AMOUNTS[Size.FULL] = _AMOUNTS[Size.USUAL]


@dataclass
class _Schools:
    """A stack with so many schools, and which night was the last."""

    stack: Stack
    schools: Sequence[LinkedSchool]
    pupils: int
    nights: int
    number: int = 0

    async def measure(self) -> float:
        """Schools a second."""
        to_come = [night(self.number + 1 + each, self.pupils) for each in range(self.nights)]
        began = time.perf_counter()
        for each in to_come:
            self.number += 1
            await self._pass(each)
        return self.nights * len(self.schools) / (time.perf_counter() - began)

    async def _pass(self, snapshot: Night) -> None:
        """Raises where a school did not come to rest, or not all that changed was applied."""
        addressed = [(school.broker_user, uuid7()) for school in self.schools]
        ids = [snapshot_id for _, snapshot_id in addressed]
        await send(self.stack.connectors_url, self.schools[0].key, snapshot, addressed)
        runs = self.stack.databases["mis_sync"]
        while True:
            row = await runs.fetchrow(_ENDED, ids)
            if row is None or row["wrong"]:
                raise RuntimeError("there are schools whose night came to nothing")
            if row["closed"] == len(ids):
                break
            await asyncio.sleep(_LOOK_SECONDS)
        await self.stack.all_is_heard()
        applied = {(row["pupils"], row["links"]) for row in await runs.fetch(_CHANGED, ids)}
        if applied != {(PUPILS_RENAMED, 2 * PUPILS_MOVED)}:
            raise RuntimeError(f"pupils and links applied were {applied}")


async def measure_night(servers: Servers, runs: int, size: Size) -> list[Line]:
    """Cases `10`, `100` and `1000`: so many schools there are, and all have their night."""
    amount = _AMOUNTS[size]
    found: dict[str, list[Run]] = {case: [] for case in amount.schools}
    async with AsyncExitStack() as stack:
        cases: dict[str, _Schools] = {}
        for case, many in amount.schools.items():
            alike = [each for each in cases.values() if len(each.schools) == many]
            if alike:  # with the tiny sizes only
                cases[case] = alike[0]
                continue
            running = await stack.enter_async_context(stack_running(servers))
            model = await first_school(running, night(0, amount.pupils))
            others = await copies_of(running, model, many - 1)
            cases[case] = _Schools(running, [model, *others], amount.pupils, amount.nights[case])
            await cases[case].measure()
        for _ in range(runs):
            for case, schools in cases.items():
                found[case].append({"us": await schools.measure()})
    return [line_of("B8", case, "schools/s", of_case) for case, of_case in found.items()]
