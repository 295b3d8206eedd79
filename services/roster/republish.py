"""`python -m services.roster.republish [--school UUID]`: say the full state again.

For read models that were lost or are new. Every record goes out at the version it has, so whoever
is up to date changes nothing. Prints one line per school.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Sequence
from uuid import UUID

from services.roster.announcements import Announcements
from services.roster.groups.repository import GroupRepository
from services.roster.links.repository import LinkRepository
from services.roster.pupils.repository import PupilRepository
from services.roster.schools.repository import School, SchoolRepository
from shared.contracts.roster import MAX_STATES_PER_EVENT, PupilFieldsChanged, SchoolYearChanged
from shared.database.pool import Connection, Database
from shared.messaging.outbox import Outbox
from shared.settings import FromSurroundings

__all__ = ["main", "republish"]


class _Settings(FromSurroundings):
    database_url: str


class _Republication:
    def __init__(self) -> None:
        self._announcements = Announcements(Outbox("roster"))
        self._schools = SchoolRepository()
        self._pupils = PupilRepository()
        self._groups = GroupRepository()
        self._links = LinkRepository()

    async def all_schools(self, connection: Connection) -> list[UUID]:
        return await self._schools.all_ids(connection)

    async def school(self, connection: Connection, school_id: UUID) -> int:
        """Everything of one school, while nobody changes it; how many records there were."""
        school = await self._schools.lock(connection, school_id)
        if school is None:
            raise LookupError(f"roster knows no school {school_id}")
        year = SchoolYearChanged(version=school.year_version, academic_year=school.academic_year)
        await self._announcements.school_year(connection, school_id, year)
        if school.kept_fields_version:
            fields = PupilFieldsChanged(version=school.kept_fields_version, kept=school.kept_fields)
            await self._announcements.pupil_fields(connection, school_id, fields)
        records = await self._groups_of(connection, school_id)
        records += await self._pupils_of(connection, school)
        return records + await self._links_of(connection, school_id)

    async def _groups_of(self, connection: Connection, school_id: UUID) -> int:
        count, last = 0, None
        while page := await self._groups.after(connection, last, MAX_STATES_PER_EVENT):
            states = [group.state() for group in page]
            await self._announcements.groups(connection, school_id, states)
            count, last = count + len(page), page[-1].id
        return count

    async def _pupils_of(self, connection: Connection, school: School) -> int:
        count, last = 0, None
        while page := await self._pupils.after(connection, last, MAX_STATES_PER_EVENT):
            states = [pupil.state(school.kept_fields) for pupil in page]
            await self._announcements.pupils(connection, school.id, states)
            count, last = count + len(page), page[-1].id
        return count

    async def _links_of(self, connection: Connection, school_id: UUID) -> int:
        count, last = 0, None
        while page := await self._links.after(connection, last, MAX_STATES_PER_EVENT):
            states = [link.state() for link in page]
            await self._announcements.links(connection, school_id, states)
            count, last = count + len(page), page[-1].key
        return count


async def republish(database: Database, school_id: UUID | None = None) -> dict[UUID, int]:
    """Say the state of one school, or of all, again: school → records. One transaction each."""
    republication = _Republication()
    if school_id is None:
        async with database.transaction() as connection:
            schools = await republication.all_schools(connection)
    else:
        schools = [school_id]
    said = {}
    for school in schools:
        async with database.transaction(school) as connection:
            said[school] = await republication.school(connection, school)
    return said


async def _run(school_id: UUID | None) -> int:
    database = Database(_Settings().database_url, name="roster-republish", max_size=2)
    await database.open()
    try:
        said = await republish(database, school_id)
    except LookupError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    finally:
        await database.close()
    for school, records in said.items():
        sys.stdout.write(f"{school}: {records} records\n")
    return 0


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="services.roster.republish", description=__doc__)
    parser.add_argument("--school", type=UUID, help="only this school")
    return asyncio.run(_run(parser.parse_args(arguments).school))


if __name__ == "__main__":
    raise SystemExit(main())
