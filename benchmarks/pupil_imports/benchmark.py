"""Rows a second that are imported, by the whole service over HTTP: upload, preview, confirmation.

It runs as two processes, of which one answers people and the other tells the broker, as it is
deployed. Schools one after the other, each with its roll in a CSV file: all new, then all changed,
then one pupil in a hundred. django-import-export takes turns with it, with fewer schools, and so
does what the machine can do: read, check, copy, upsert. The peer's whole way is that of its admin:
a dry run, which is looked at, and then the import. `confirming: …` is the last step alone, from the
confirmation of what was looked through until it is committed with its events; the peer's is its
import alone, and the limit is the same.

That limit upserts every row. One pupil in a hundred is measured by a second limit too, of an
upsert that writes only the rows that differ: `one-percent: only what differs`, where ours and the
peer's figures are the same.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import aiohttp
import asyncpg

from benchmarks.django_peer.measured import seconds_of
from benchmarks.interleaved import interleaved
from benchmarks.lines import Line, line_of
from benchmarks.load import connected_to
from benchmarks.pupil_imports.bare import ONLY_WHAT_DIFFERS, import_bare
from benchmarks.pupil_imports.files import REVISIONS, file_of
from benchmarks.roster import (
    PROCESSES,
    RosterMeasured,
    add_schools,
    roster_running,
    roster_year_of,
)
from benchmarks.servers import Servers
from benchmarks.sizes import Size

__all__ = ["measure_pupil_imports"]


CONFIRMING = "confirming: "
_CASES = (*REVISIONS, ONLY_WHAT_DIFFERS)


@dataclass(frozen=True)
class _Amount:
    schools: int
    pupils: int
    of_peer: int


_AMOUNTS = {
    Size.QUICK: _Amount(schools=1, pupils=100, of_peer=1),
    Size.USUAL: _Amount(schools=10, pupils=1000, of_peer=2),
    Size.FULL: _Amount(schools=10, pupils=1000, of_peer=10),
}


@dataclass(frozen=True)
class _Us:
    roster: RosterMeasured
    database: asyncpg.Connection[asyncpg.Record]
    http: aiohttp.ClientSession
    amount: _Amount

    async def measure(self) -> Mapping[str, float]:
        """Rows a second, by case."""
        year = roster_year_of(datetime.now(UTC))
        schools = await add_schools(self.database, self.amount.schools, 0, year)
        found: dict[str, float] = {}
        for case in REVISIONS:
            found[case], found[CONFIRMING + case] = await self._import_all(schools, case)
        return _by_both_limits(found)

    async def _import_all(self, schools: Sequence[UUID], case: str) -> tuple[float, float]:
        """The whole way, and its last step."""
        file = file_of(case, self.amount.pupils).encode()
        confirming = 0.0
        began = time.perf_counter()
        for school_id in schools:
            counts, seconds = await self._import(school_id, file)
            confirming += seconds
            changed = "added" if case == "new" else "updated"
            if counts[changed] * 100 != self.amount.pupils * (REVISIONS[case] or 100):
                raise RuntimeError(f"{case}: {counts}")
        rows = len(schools) * self.amount.pupils
        return rows / (time.perf_counter() - began), rows / confirming

    async def _import(self, school_id: UUID, file: bytes) -> tuple[dict[str, int], float]:
        """The counts of the preview, which is what was confirmed, and how long that took."""
        path = "/pupil-imports"
        made = await self._ask(school_id, "POST", path, params={"file_name": "roll.csv"}, data=file)
        columns = [{"column": one["column"], "field": one["field"]} for one in made["columns"]]
        how = {"columns": columns, "scope": "partial", "date_order": "dmy"}
        path = f"{path}/{made['id']}"
        previewed = await self._ask(school_id, "PUT", f"{path}/preview", json=how)
        seen = {"expected_version": previewed["version"]}
        began = time.perf_counter()
        done = await self._ask(school_id, "POST", f"{path}/confirmation", json=seen)
        return dict(done["counts"]), time.perf_counter() - began

    async def _ask(self, school_id: UUID, method: str, path: str, **more: Any) -> dict[str, Any]:
        headers = self.roster.as_admin_of(school_id)
        async with self.http.request(method, path, headers=headers, **more) as answer:
            if not answer.ok:
                raise RuntimeError(f"{method} {path}: {answer.status} {await answer.text()}")
            return dict(await answer.json())


def _by_both_limits(found: dict[str, float]) -> dict[str, float]:
    """The figures of one pupil in a hundred stand beside the stricter limit, too."""
    again = {start + ONLY_WHAT_DIFFERS: found[f"{start}one-percent"] for start in ("", CONFIRMING)}
    return found | again


async def measure_pupil_imports(servers: Servers, runs: int, size: Size) -> list[Line]:
    """Cases `new`, `changed` and `one-percent`, the last by two limits; of each `confirming: …`."""
    amount = _AMOUNTS[size]
    rows = amount.schools * amount.pupils

    async def peer() -> Mapping[str, float]:
        told = (str(amount.of_peer), str(amount.pupils))
        seconds = iter(await seconds_of(servers, "benchmarks.django_peer.imports", *told))
        rows_of_peer = amount.of_peer * amount.pupils
        found: dict[str, float] = {}
        for case in REVISIONS:
            looked, imported = next(seconds), next(seconds)
            found[case] = rows_of_peer / (looked + imported)
            found[CONFIRMING + case] = rows_of_peer / imported
        return _by_both_limits(found)

    async with AsyncExitStack() as stack:
        roster = await stack.enter_async_context(
            roster_running(servers, processes=PROCESSES, looks_all_the_time=False)
        )
        http = await stack.enter_async_context(connected_to(roster.address))
        database = await asyncpg.connect(roster.admin_url)
        stack.push_async_callback(database.close)

        async def limit() -> Mapping[str, float]:
            year = roster_year_of(datetime.now(UTC))
            schools = await add_schools(database, amount.schools, 0, year)
            seconds = await import_bare(roster.admin_url, schools, amount.pupils)
            found = {case: rows / each for case, each in seconds.items()}
            return found | {CONFIRMING + case: figure for case, figure in found.items()}

        us = _Us(roster, database, http, amount)
        found = await interleaved({"us": us.measure, "peer": peer, "limit": limit}, runs)
    cases = (*_CASES, *(CONFIRMING + case for case in _CASES))
    return [line_of("B1", case, "1/s", found[case]) for case in cases]
