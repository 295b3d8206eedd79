"""What operators are told of the making of reports: how many, and never whose (R27)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import asyncpg
import pytest

from services.reports.measures.repository import measures
from tests.figures import figure
from tests.reports.generation import ReportingSchool
from tests.reports.test_generated import one_press_held
from tests.roster.door import Door

JOBS = "classroom_report_jobs_total"


@pytest.fixture
async def school(reports: Door) -> ReportingSchool:
    school = ReportingSchool(reports)
    await school.begins_reports()
    return school


@pytest.fixture
def unfinished(reports: Door) -> Callable[[], Awaitable[float]]:
    """Of all schools."""

    async def look() -> float:
        connection = await asyncpg.connect(reports.service_dsn)
        try:
            told = await measures(connection)
        finally:
            await connection.close()
        return sum(each.value for each in told if each.gauge.name.endswith("jobs_unfinished"))

    return look


async def test_a_job_is_unfinished_until_its_file_is_there(
    school: ReportingSchool,
    unfinished: Callable[[], Awaitable[float]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pupils = await school.children("Zoë Adams", "Bo Baker")
    await school.marks(pupils)
    blue, slt = await school.a_class("3 Blue", *pupils), school.as_slt()
    before = await unfinished(), await figure(JOBS, outcome="done", kind="written_report") or 0
    with one_press_held(monkeypatch) as (begun, go_on):
        job = await school.asked(school.body("group", blue, "zip"), slt)
        await begun.wait()
        assert await unfinished() == before[0] + 1
        go_on.set()
        await school.ends(job["id"], slt)
    assert await unfinished() == before[0]
    assert await figure(JOBS, outcome="done", kind="written_report") == before[1] + 1
