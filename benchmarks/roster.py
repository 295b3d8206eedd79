"""Roster as a process, and schools with pupils, classes and memberships put into its tables."""

from __future__ import annotations

import json
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import asyncpg

from benchmarks.processes import running
from benchmarks.servers import Servers
from shared.school.academic_year import academic_year_of, school_day
from shared.security.principals import (
    Kind,
    Principal,
    PrincipalSigner,
    Scope,
    new_signing_key,
    public_keys,
)

__all__ = ["PROCESSES", "RosterMeasured", "add_schools", "roster_running", "roster_year_of"]

PROCESSES = ("http", "consumer,relay,scheduler")
"""As Compose and Kubernetes part it, so that whoever asks does not wait for one that computes."""
_LOOK_EVERY_SECONDS = 0.05
_BEFORE_SEPTEMBER = timedelta(days=6)

_SCHOOLS = """
INSERT INTO schools
    (school_id, version, name, postcode, first_year_group, last_year_group, academic_year)
SELECT id, 1, 'Heron Park Primary School', 'NG7 5PN', 'R', '6', $2 FROM unnest($1::uuid[]) AS id
"""
_CLASSES = """
INSERT INTO groups
    (school_id, id, version, active, name, name_key, kind, year_group, origin, overrides)
SELECT s, gen_random_uuid(), 1, true, y || ' ' || colour, lower(y || ' ' || colour), 'class', y,
    'mis', '{}'
FROM unnest($1::uuid[]) AS s, unnest('{R,1,2,3,4,5,6}'::text[]) AS y,
    unnest('{Blue,Red,Green,Gold,Oak}'::text[]) AS colour
"""
_PUPILS = """
INSERT INTO pupils
    (school_id, id, version, active, upn, former_upns, legal_forename, legal_surname,
     date_of_birth, sex, year_group, origin, overrides, seen_in_mis,
     surname_key, forename_key, search_text)
SELECT s, gen_random_uuid(), 1, true, 'A' || lpad(n::text, 12, '0'), '{}', 'Zoë', 'Pupil ' || n,
    date '2016-09-01' + n % 365, CASE n % 2 WHEN 0 THEN 'F' ELSE 'M' END,
    ('{R,1,2,3,4,5,6}'::text[])[1 + n % 7], 'mis', '{}', true,
    'pupil ' || n, 'zoe', 'zoe pupil ' || n
FROM unnest($1::uuid[]) AS s, generate_series(1, $2) AS n
"""
_MEMBERSHIPS = """
INSERT INTO links
    (school_id, kind, group_id, person_id, version, present, waiting, origin, override)
SELECT p.school_id, 'member', g.id, p.id, 1, true, false, 'mis', false
FROM (SELECT *, row_number() OVER (PARTITION BY school_id, year_group ORDER BY upn) AS place
      FROM pupils WHERE school_id = ANY ($1::uuid[])) AS p
JOIN groups g ON (g.school_id, g.year_group) = (p.school_id, p.year_group)
    AND split_part(g.name, ' ', 2) =
        ('{Blue,Red,Green,Gold,Oak}'::text[])[1 + p.place % 5]
"""


@dataclass(frozen=True)
class RosterMeasured:
    """Where it answers, who may ask, and its database past row security."""

    address: str
    signer: PrincipalSigner
    admin_url: str

    def as_admin_of(self, school_id: UUID) -> dict[str, str]:
        admin = Principal(UUID(int=2), school_id, Kind.ADMIN, None, Scope.FULL, None, "Admin")
        return {"Authorization": f"Bearer {self.signer.sign(admin, 'roster')}"}


@asynccontextmanager
async def roster_running(
    servers: Servers, *, processes: Sequence[str] = ("",), looks_all_the_time: bool = True
) -> AsyncIterator[RosterMeasured]:
    """The service: a process for each of these lists of roles, of which the first answers people;
    all of it in one process by default. It looks for what is due all the time, or as seldom as
    ever."""
    key = new_signing_key()
    async with servers.for_service("roster") as given:
        with tempfile.TemporaryDirectory() as folder:
            keys = Path(folder) / "keys.json"
            keys.write_text(json.dumps(public_keys(key)))
            told = {
                "DATABASE_URL": given.database_url,
                "RELAY_DATABASE_URL": given.relay_database_url,
                "RABBITMQ_URL": given.rabbitmq_url,
                "PRINCIPAL_PUBLIC_KEY_FILE": str(keys),
            }
            if looks_all_the_time:
                told["LOOK_EVERY_SECONDS"] = str(_LOOK_EVERY_SECONDS)
            async with AsyncExitStack() as stack:
                addresses = [
                    await stack.enter_async_context(
                        running("services.roster", told | {"ROLES": roles}, "/ready")
                    )
                    for roles in processes
                ]
                yield RosterMeasured(addresses[0], PrincipalSigner(key), given.admin_url)


def roster_year_of(moment: datetime) -> str:
    """A roster's year turns on 26 August."""
    return academic_year_of(school_day(moment) + _BEFORE_SEPTEMBER)


async def add_schools(
    connection: asyncpg.Connection[asyncpg.Record], schools: int, pupils: int, year: str
) -> Sequence[UUID]:
    """New schools in this academic year, each with so many pupils in 35 classes from R to 6."""
    ids = [uuid4() for _ in range(schools)]
    await connection.execute(_SCHOOLS, ids, year)
    await connection.execute(_CLASSES, ids)
    await connection.execute(_PUPILS, ids, pupils)
    await connection.execute(_MEMBERSHIPS, ids)
    await connection.execute("VACUUM ANALYZE schools, groups, pupils, links")
    return ids
