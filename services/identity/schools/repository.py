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
    "keep_details",
    "lock_school",
    "schools_named",
]


_FIND = """
    SELECT school_id, name, postcode, first_year_group, last_year_group, address_line_1,
           address_line_2, town, telephone, contact_email, version
    FROM schools
"""


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


async def keep_details(connection: Connection, school: School) -> None:
    """Whole, at their version. The school is locked (`lock_school`)."""
    await connection.execute(
        """
        UPDATE schools SET name = $2, postcode = $3, first_year_group = $4, last_year_group = $5,
            address_line_1 = $6, address_line_2 = $7, town = $8, telephone = $9,
            contact_email = $10, version = $11
        WHERE school_id = $1
        """,
        school.school_id,
        school.name,
        school.postcode,
        school.first_year_group,
        school.last_year_group,
        school.address_line_1,
        school.address_line_2,
        school.town,
        school.telephone,
        school.contact_email,
        school.version,
    )


def _school(rows: Sequence[Record]) -> School:
    if not rows:
        raise NoSuchSchool("there is no school with this id")
    values = dict(rows[0])
    first, last = (YearGroup(values.pop(f"{end}_year_group")) for end in ("first", "last"))
    return School(**values, first_year_group=first, last_year_group=last)


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
