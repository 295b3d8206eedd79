"""All SQL about schools."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from asyncpg import Record

from services.identity.schools.school import School
from shared.contracts.vocabulary import YearGroup
from shared.database.pool import Connection

__all__ = [
    "ListedSchool",
    "NoSuchSchool",
    "find_school",
    "insert_school",
    "lock_school",
    "schools_named",
]


_FIND = "SELECT school_id, name, postcode, first_year_group, last_year_group, version FROM schools"


class NoSuchSchool(LookupError):
    """Nothing here is of this school."""


@dataclass(frozen=True)
class ListedSchool:
    """What an operator sees of every school."""

    school_id: UUID
    name: str
    postcode: str
    first_year_group: YearGroup
    last_year_group: YearGroup


async def insert_school(connection: Connection, school: School, now: datetime) -> None:
    await connection.execute(
        """
        INSERT INTO schools (school_id, name, postcode, first_year_group, last_year_group, version,
                             created_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7)
        """,
        school.school_id,
        school.name,
        school.postcode,
        school.first_year_group,
        school.last_year_group,
        school.version,
        now,
    )


async def find_school(connection: Connection) -> School:
    """The school whose transaction this is. Raises `NoSuchSchool`."""
    return _school(await connection.fetch(_FIND))


async def lock_school(connection: Connection) -> School:
    """As `find_school`; its details and settings change by this transaction only until it ends."""
    return _school(await connection.fetch(f"{_FIND} FOR UPDATE"))


def _school(rows: Sequence[Record]) -> School:
    if not rows:
        raise NoSuchSchool("there is no school with this id")
    row = rows[0]
    return School(
        school_id=row["school_id"],
        name=row["name"],
        postcode=row["postcode"],
        first_year_group=YearGroup(row["first_year_group"]),
        last_year_group=YearGroup(row["last_year_group"]),
        version=row["version"],
    )


async def schools_named(connection: Connection, name: str | None) -> list[ListedSchool]:
    """Those of all tenants with this name, case aside; all of them for `None`. For operators."""
    rows = await connection.fetch("SELECT * FROM schools_named($1)", name)
    return [
        ListedSchool(
            school_id=row["school_id"],
            name=row["name"],
            postcode=row["postcode"],
            first_year_group=YearGroup(row["first_year_group"]),
            last_year_group=YearGroup(row["last_year_group"]),
        )
        for row in rows
    ]
