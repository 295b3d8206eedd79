"""A school is erased while a report of it is being made: the file goes with the rest (R27)."""

from __future__ import annotations

from pathlib import Path
from uuid import uuid4

from services.reports.files.store import FileStore
from shared.contracts.identity import SchoolErasing
from shared.database.pool import Database
from tests.eventually import eventually
from tests.roster.door import Door

MAKING = "reports.reports.generation.due.v1"
WAITS = """
SELECT FROM pg_stat_activity
WHERE (wait_event_type, wait_event, datname) = ('Lock', 'advisory', current_database())
"""
ERASED = "SELECT FROM erased_schools WHERE school_id = $1"


async def test_a_file_that_is_made_while_its_school_is_erased_does_not_stay(
    reports: Door, files: Path
) -> None:
    school, store = uuid4(), FileStore(files.as_uri())
    await store.put(school, "logos/one.png", b"of before")
    database = Database(reports.service_dsn, name="making", max_size=1)
    await database.open()
    try:
        async with database.transaction(school) as making:
            assert await making.fetch("SELECT inbox_accept($1, $2)", MAKING, [uuid4()])
            await reports.say(school, SchoolErasing())
            await eventually(lambda: reports.rows(WAITS))
            await store.put(school, "generated/a/reports.pdf", b"of a child")
    finally:
        await database.close()
    await eventually(lambda: reports.rows(ERASED, school))
    assert [one for one in (files / "schools" / str(school)).rglob("*") if one.is_file()] == []
