"""`python -m services.identity.republish [--school UUID]`: tell the full state once more.

For those who lost their copy. It goes through the outbox, at the versions that are current, so that
whoever has them already sees repeats and does nothing.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from uuid import UUID

from services.identity.accounts.events import USERS_PER_EVENT, publish_users
from services.identity.accounts.repository import users_after
from services.identity.parents.events import PARENTS_PER_EVENT, publish_parents
from services.identity.parents.repository import parents_after
from services.identity.schools.repository import NoSuchSchool, find_school, schools_named
from shared.database.pool import Database
from shared.messaging.outbox import Outbox
from shared.settings import FromSurroundings

__all__ = ["main", "republish"]


class _Settings(FromSurroundings):
    database_url: str


async def republish(database: Database, outbox: Outbox, school_id: UUID | None = None) -> int:
    """Tell of one school, or of all; how many. Raises `NoSuchSchool`."""
    if school_id is not None:
        await _republish_school(database, outbox, school_id)
        return 1
    async with database.transaction() as connection:
        schools = await schools_named(connection, None)
    for school in schools:
        await _republish_school(database, outbox, school.school_id)
    return len(schools)


async def _republish_school(database: Database, outbox: Outbox, school_id: UUID) -> None:
    after: UUID | None = None
    async with database.transaction(school_id) as connection:
        school = await find_school(connection)
        await outbox.publish(connection, school_id, school.for_others())
        while users := await users_after(connection, after, USERS_PER_EVENT):
            await publish_users(outbox, connection, users)
            after = users[-1].account_id
        after = None
        while parents := await parents_after(connection, after, PARENTS_PER_EVENT):
            await publish_parents(outbox, connection, parents)
            after = parents[-1].account_id


async def _run(school_id: UUID | None) -> int:
    database = Database(_Settings().database_url, name="identity-republish", max_size=1)
    await database.open()
    try:
        return await republish(database, Outbox("identity"), school_id)
    finally:
        await database.close()


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m services.identity.republish")
    parser.add_argument("--school", type=UUID, help="the id of the one school to tell of")
    try:
        count = asyncio.run(_run(parser.parse_args().school))
    except NoSuchSchool as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(f"{count} school{'' if count == 1 else 's'} written to the outbox\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
