"""The SQL of which sections were changed how often, and of the academic year they are of."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

from shared.database.pool import Connection

__all__ = ["SectionName", "Versions", "academic_year", "all_schools", "begin", "find",
           "keep_rows", "lock", "raise_version"]  # fmt: skip

SectionName = Literal["subjects", "terms", "scale"]


@dataclass(frozen=True)
class Versions:
    subjects: int
    terms: int
    scale: int


_FIND = "SELECT subjects, terms, scale FROM settings_versions"


async def find(connection: Connection) -> Versions | None:
    """`None` for a school that has no settings yet."""
    row = await connection.fetchrow(_FIND)
    return Versions(**row) if row else None


async def begin(connection: Connection, school_id: UUID) -> bool:
    """Whether this transaction is the one that gives the school its defaults."""
    added = await connection.fetchval(
        "INSERT INTO settings_versions (school_id) VALUES ($1) "
        "ON CONFLICT (school_id) DO NOTHING RETURNING true",
        school_id,
    )
    return added is True


async def lock(connection: Connection) -> Versions:
    """As `find`; no other transaction changes the school's settings until this one ends."""
    row = await connection.fetchrow(f"{_FIND} FOR NO KEY UPDATE")
    if row is None:
        raise LookupError("the settings were begun before they are locked")
    return Versions(**row)


async def raise_version(connection: Connection, section: SectionName) -> int:
    version: int = await connection.fetchval(
        f"UPDATE settings_versions SET {section} = {section} + 1 RETURNING {section}"
    )
    return version


async def academic_year(connection: Connection) -> str | None:
    """The year that roster told of; `None` before it has."""
    year: str | None = await connection.fetchval("SELECT academic_year FROM school_years")
    return year


async def all_schools(connection: Connection) -> list[UUID]:
    """Those that have settings; the one thing that is known without a tenant."""
    rows = await connection.fetch("SELECT school_ids() AS id")
    return [row["id"] for row in rows]


async def keep_rows(
    connection: Connection,
    table: str,
    columns: Sequence[str],
    school_id: UUID,
    rows: Sequence[Mapping[str, Any]],
) -> None:
    """Entries of a list, by their ids: new ones are added, those that are there are replaced."""
    names = ", ".join(columns)
    setters = ", ".join(f"{name} = excluded.{name}" for name in columns)
    await connection.execute(
        f"INSERT INTO {table} (school_id, id, {names}) "
        f"SELECT $1, id, {names} FROM jsonb_populate_recordset(NULL::{table}, $2::text::jsonb) "
        f"ON CONFLICT (school_id, id) DO UPDATE SET {setters}",
        school_id,
        json.dumps(rows),
    )
