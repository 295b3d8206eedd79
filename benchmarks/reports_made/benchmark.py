"""Written reports a second, by the whole service: from asking for them until they can be had.

A new school for each run, with a year group that has everything recorded. It is asked over HTTP,
goes by outbox and broker through the service, and is over when the job says that it is done.
WeasyPrint takes turns with it, with fewer of the same reports in much the same layout, and so does
the engine alone, with the same documents, typefaces and layout and nothing else.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import aiohttp
import asyncpg

from benchmarks.interleaved import Measure, interleaved
from benchmarks.lines import Line, Side, line_of
from benchmarks.load import connected_to
from benchmarks.processes import running
from benchmarks.reports_made.school import TERM, add_school, record_everything
from benchmarks.servers import Servers
from benchmarks.sizes import Size
from shared.security.principals import (
    Kind,
    Principal,
    PrincipalSigner,
    Scope,
    new_signing_key,
    public_keys,
)

__all__ = ["measure_reports_made"]

_YEAR = "2026/27"
_LOOK_EVERY_SECONDS = 0.02
_CASES = ("pdf", "zip")
_GIVE_UP_SECONDS = 900


@dataclass(frozen=True)
class _Amount:
    pupils: int
    of_peer: int


_AMOUNTS = {
    Size.QUICK: _Amount(pupils=4, of_peer=2),
    Size.USUAL: _Amount(pupils=420, of_peer=60),
    Size.FULL: _Amount(pupils=420, of_peer=420),
}


@dataclass(frozen=True)
class _Us:
    http: aiohttp.ClientSession
    signer: PrincipalSigner
    database: asyncpg.Connection[asyncpg.Record]
    pupils: int
    documents: Path

    async def measure(self) -> Mapping[str, float]:
        """Reports a second, by case; the documents they were made of are kept for the others."""
        school = await add_school(self.database, self.pupils, _YEAR)
        await self._ask(school, "GET", "/settings", kind=Kind.ADMIN)
        await record_everything(self.database, school)
        choices = await self._ask(school, "GET", "/generated/choices")
        [template] = [one for one in choices["templates"] if one["kind"] == "written_report"]
        [term] = [one for one in choices["terms"] if one["name"] == TERM]
        body = {
            "template_id": template["id"],
            "term_id": term["id"],
            "scope": {"kind": "year_group", "year_group": "3"},
        }
        found = {form: await self._make(school, body | {"form": form}) for form in _CASES}
        rows = await self.database.fetch(
            "SELECT report FROM report_job_pupils WHERE school_id = $1 "
            "AND job_id = (SELECT id FROM report_jobs WHERE school_id = $1 LIMIT 1) "
            "ORDER BY position",
            school,
        )
        kept = json.dumps([json.loads(row["report"]) for row in rows])
        await asyncio.to_thread(self.documents.write_text, kept, "utf-8")
        return found

    async def _make(self, school: UUID, body: dict[str, Any]) -> float:
        began = time.perf_counter()
        job = await self._ask(school, "POST", "/generated", json=body)
        async with asyncio.timeout(_GIVE_UP_SECONDS):
            while job["state"] in ("waiting", "running"):
                await asyncio.sleep(_LOOK_EVERY_SECONDS)
                job = await self._ask(school, "GET", f"/generated/{job['id']}")
        seconds = time.perf_counter() - began
        if (job["state"], job["made"]) != ("done", self.pupils):
            raise RuntimeError(f"{body['form']}: {job}")
        return self.pupils / seconds

    async def _ask(
        self, school: UUID, method: str, path: str, *, kind: Kind = Kind.USER, **more: Any
    ) -> dict[str, Any]:
        role = "slt" if kind is Kind.USER else None
        who = Principal(UUID(int=3), school, kind, role, Scope.FULL, None, "Somebody")
        headers = {"Authorization": f"Bearer {self.signer.sign(who, 'reports')}"}
        async with self.http.request(method, path, headers=headers, **more) as answer:
            if not answer.ok:
                raise RuntimeError(f"{method} {path}: {answer.status} {await answer.text()}")
            return dict(await answer.json())


async def measure_reports_made(servers: Servers, runs: int, size: Size) -> list[Line]:
    """Cases `pdf`, all in one file, and `zip`, a file for each, which has no peer."""
    amount = _AMOUNTS[size]
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        documents = folder / "documents.json"
        us = await stack.enter_async_context(_service(servers, folder, documents, amount.pupils))
        if size is not Size.QUICK:
            await us.measure()  # the presses are warm, as those of the others

        async def limit() -> Mapping[str, float]:
            how = {"pdf": "together", "zip": "each"}
            return {
                form: amount.pupils / await _seconds_of("bare", str(documents), how[form])
                for form in _CASES
            }

        async def peer() -> Mapping[str, float]:
            seconds = await _seconds_of("peer", str(documents), str(amount.of_peer))
            return {"pdf": amount.of_peer / seconds}

        sides: dict[Side, Measure] = {"us": us.measure, "peer": peer, "limit": limit}
        found = await interleaved(sides, runs)
    return [line_of("B9", case, "1/s", found[case]) for case in _CASES]


@asynccontextmanager
async def _service(
    servers: Servers, folder: Path, documents: Path, pupils: int
) -> AsyncIterator[_Us]:
    key = new_signing_key()
    keys = folder / "keys.json"
    keys.write_text(json.dumps(public_keys(key)))
    async with servers.for_service("reports") as given:
        told = {
            "DATABASE_URL": given.database_url,
            "RELAY_DATABASE_URL": given.relay_database_url,
            "RABBITMQ_URL": given.rabbitmq_url,
            "PRINCIPAL_PUBLIC_KEY_FILE": str(keys),
            "FILES_URL": (folder / "files").as_uri(),
        }
        async with (
            running("services.reports", told, "/ready") as address,
            connected_to(address) as http,
        ):
            database = await asyncpg.connect(given.admin_url)
            try:
                yield _Us(http, PrincipalSigner(key), database, pupils, documents)
            finally:
                await database.close()


async def _seconds_of(module: str, *arguments: str) -> float:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", f"benchmarks.reports_made.{module}", *arguments),
        stdout=subprocess.PIPE,
    )
    printed, _ = await process.communicate()
    if process.returncode:
        raise RuntimeError(f"{module} ended with {process.returncode}")
    return float(printed)
