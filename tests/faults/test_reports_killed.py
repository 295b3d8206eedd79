"""Killed with -9 while the reports of a year group are made: each pupil is there, once (R27)."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from shared.security.principals import PrincipalSigner, new_signing_key, public_keys
from tests.broker import make_broker
from tests.eventually import eventually
from tests.faults.processes import ServiceProcess
from tests.reports.generation import ReportingSchool, names_in, pages_of
from tests.roster.door import Door
from tests.servers import Servers, make_database, with_database

PUPILS = [f"Amy Able{number:02}" for number in range(45)]
"""Three parts of a ZIP."""


@pytest.fixture
async def running(
    servers: Servers, tmp_path: Path
) -> AsyncIterator[tuple[ServiceProcess, ReportingSchool]]:
    """Alone on its queues, and with its own database."""
    broker = await make_broker(servers, "reports_killed")
    database = await make_database(servers, "reports", "killed")
    key = new_signing_key()
    (tmp_path / "keys").write_text(json.dumps(public_keys(key)))
    process = ServiceProcess(
        "services.reports",
        {
            "DATABASE_URL": database.service,
            "RELAY_DATABASE_URL": database.relay or "",
            "RABBITMQ_URL": broker.url,
            "PRINCIPAL_PUBLIC_KEY_FILE": str(tmp_path / "keys"),
            "FILES_URL": (tmp_path / "files").as_uri(),
            "LOG_LEVEL": "CRITICAL",
        },
    )
    await process.start()
    async with (
        httpx.AsyncClient(base_url=process.address, timeout=30) as client,
        Door.opened(
            service="reports",
            client=client,
            signer=PrincipalSigner(key),
            broker_url=broker.url,
            admin_dsn=with_database(servers.database_url, f"{servers.worker}_reports_killed"),
            service_dsn=database.service,
        ) as door,
    ):
        yield process, ReportingSchool(door)
        await process.kill()


async def test_no_page_is_missing_or_there_twice(
    running: tuple[ServiceProcess, ReportingSchool], tmp_path: Path
) -> None:
    process, school = running
    await school.begins_reports()
    await school.marks(await school.children(*PUPILS, year_group="4"))
    slt = school.as_slt()
    jobs = [school.body("year_group", "4", form) for form in ("zip", "pdf")]
    made = tmp_path / "files" / "schools" / str(school.id) / "generated"
    # What stands in their way, so that both are in the middle for as long as it does.
    in_the_way = (
        made / jobs[0]["id"] / "parts" / "0002.zip" / "x",
        made / jobs[1]["id"] / "reports.pdf" / "x",
    )
    for folder in in_the_way:
        folder.mkdir(parents=True)
    for body in jobs:
        await school.asked(body, slt)

    async def first_parts() -> int:
        return int((await school.get(f"/generated/{jobs[0]['id']}", slt))["made"])

    await eventually(first_parts, lambda count: count == 40)
    await process.kill()
    for folder in in_the_way:
        folder.rmdir()
        folder.parent.rmdir()
    written = (made / jobs[0]["id"] / "parts" / "0001.zip").stat().st_mtime_ns
    await process.start()

    zipped, pdf = [await school.ends(body["id"], slt) for body in jobs]
    assert zipped["made"] == len(PUPILS)
    names = names_in((await school.file(zipped["id"], slt)).content)
    assert names == [f"{name.split()[1]}, Amy.pdf" for name in PUPILS]
    pages = pages_of((await school.file(pdf["id"], slt)).content)
    assert [name for page in pages for name in PUPILS if name in page] == PUPILS
    assert (await school.logged()).count("report.made") == 2
    dead = await school.door.rows("SELECT reason FROM dead_letters")
    assert dead == []
    part = made / jobs[0]["id"] / "parts" / "0001.zip"
    assert not part.exists() or part.stat().st_mtime_ns == written, "what was made stays made"
