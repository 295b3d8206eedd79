"""`python -m services.reports.republish [--school ID]`: says again what reports owns.

That is the subjects, terms and attainment scale of each school, at the versions they have.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Sequence
from uuid import UUID

from services.reports.announcements import Announcements
from services.reports.clock import system_clock
from services.reports.school_settings.repository import all_schools
from services.reports.school_settings.service import SchoolSettings
from shared.database.pool import Database
from shared.messaging.outbox import Outbox
from shared.settings import FromSurroundings

__all__ = ["main", "republish"]


async def republish(database: Database, schools: Sequence[UUID] | None = None) -> int:
    """Through the outbox, school by school; how many events there are."""
    announcements = Announcements(Outbox("reports"))
    settings = SchoolSettings(announcements, system_clock)
    if schools is None:
        async with database.transaction() as connection:
            schools = await all_schools(connection)
    count = 0
    for school_id in schools:
        async with database.transaction(school_id) as connection:
            states = (await settings.read_to_change(connection, school_id)).states()
            await announcements.say(connection, school_id, *states)
            count += len(states)
    return count


class _Settings(FromSurroundings):
    database_url: str


async def _run(school_id: UUID | None) -> int:
    database = Database(_Settings().database_url, name="reports-republish", max_size=1)
    await database.open()
    try:
        return await republish(database, [school_id] if school_id else None)
    finally:
        await database.close()


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m services.reports.republish")
    parser.add_argument("--school", type=UUID, help="the id of the one school to tell of")
    count = asyncio.run(_run(parser.parse_args().school))
    sys.stdout.write(f"{count} event{'' if count == 1 else 's'} written to the outbox\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
