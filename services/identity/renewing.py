"""`python -m services.identity.renewing seals|hashes`: what still needs a key that is to go.

`seals` seals every authenticator's secret with the newest key. `hashes` counts, as JSON, what is
hashed with a pepper that is not the newest: only who signs in can renew it.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from pathlib import Path

from services.identity.passwords.peppers import PepperSet, parted
from services.identity.passwords.repository import hashes_of_school
from services.identity.schools.repository import schools_named
from services.identity.two_step.repository import all_secrets, reseal
from services.identity.two_step.sealing import Sealing
from shared.database.pool import Database
from shared.kept import lines
from shared.settings import FromSurroundings

__all__ = ["HashesLeft", "count_hashes", "main", "seal_anew"]

HashesLeft = dict[str, int]
"""How many, by what they open: `password`, `default`, `starting_code`, `recovery_code`."""


class _Settings(FromSurroundings):
    database_url: str
    pepper_file: Path
    two_step_keys_file: Path


async def seal_anew(database: Database, sealing: Sealing) -> int:
    """How many were sealed with another key than the newest. Raises `UnknownSeal`."""
    done = 0
    async with database.transaction() as connection:
        schools = await schools_named(connection, None)
    for school in schools:
        async with database.transaction(school.school_id) as connection:
            for one in await all_secrets(connection):
                if sealing.is_old(one.secret):
                    secret = sealing.open(one.secret, one.authenticator_id)
                    again = sealing.seal(secret, one.authenticator_id)
                    await reseal(connection, one.authenticator_id, again)
                    done += 1
    return done


async def count_hashes(database: Database, peppers: PepperSet) -> HashesLeft:
    """Those of a pepper that is not the newest, whether or not it is still there."""
    left: HashesLeft = {}
    async with database.transaction() as connection:
        schools = await schools_named(connection, None)
    for school in schools:
        async with database.transaction(school.school_id) as connection:
            for opens, stored in await hashes_of_school(connection):
                name, _ = parted(stored)
                if peppers.of(name) is not peppers.newest:
                    left[opens] = left.get(opens, 0) + 1
    return left


async def _run(what: str) -> str:
    settings = _Settings()
    database = Database(settings.kept("database_url"), name="identity-renewing", max_size=1)
    await database.open()
    try:
        if what == "seals":
            keys = lines(settings.two_step_keys_file.read_text(encoding="utf-8"))
            return json.dumps({"sealed_anew": await seal_anew(database, Sealing(keys))})
        keys = lines(settings.pepper_file.read_text(encoding="utf-8"))
        peppers = PepperSet([key.encode() for key in keys])
        return json.dumps(await count_hashes(database, peppers))
    finally:
        await database.close()


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m services.identity.renewing")
    parser.add_argument("what", choices=["seals", "hashes"])
    sys.stdout.write(asyncio.run(_run(parser.parse_args().what)) + "\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
