"""The SQL of what can be chosen: year groups with their pupils, and terms."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from shared.database.pool import Connection

__all__ = ["TermSoFar", "pupils_by_year_group", "pupils_of_year_group", "terms_so_far"]


@dataclass(frozen=True)
class TermSoFar:
    id: UUID
    name: str
    academic_year: str
    first_day: date


_OF_YEAR_GROUP = """
    SELECT p.id, coalesce(p.preferred_surname, p.legal_surname) || ', '
        || coalesce(p.preferred_forename, p.legal_forename) AS name
    FROM pupils p LEFT JOIN LATERAL (
        SELECT min(lower(g.name)) AS name FROM links m
        JOIN groups g ON g.id = m.group_id AND g.active AND g.kind = 'class'
        WHERE m.kind = 'member' AND m.present AND m.person_id = p.id
    ) class ON true
    WHERE p.active AND p.year_group = $1
    ORDER BY class.name NULLS LAST, lower(coalesce(p.preferred_surname, p.legal_surname)),
        lower(coalesce(p.preferred_forename, p.legal_forename)), p.id
"""


async def pupils_of_year_group(connection: Connection, year_group: str) -> list[tuple[UUID, str]]:
    """Active ones with their names, class by class, as reports are given out; then by name."""
    rows = await connection.fetch(_OF_YEAR_GROUP, year_group)
    return [(row["id"], row["name"]) for row in rows]


async def pupils_by_year_group(connection: Connection) -> dict[str, int]:
    """How many active ones there are, the youngest first."""
    rows = await connection.fetch(
        "SELECT year_group, count(*) AS pupils FROM pupils "
        "WHERE active AND year_group IS NOT NULL "
        "GROUP BY year_group ORDER BY year_place(year_group)"
    )
    return {row["year_group"]: row["pupils"] for row in rows}


async def terms_so_far(connection: Connection, most: int) -> list[TermSoFar]:
    """Active ones, of earlier academic years too, the newest first."""
    rows = await connection.fetch(
        "SELECT id, name, academic_year, first_day FROM terms WHERE active "
        "ORDER BY first_day DESC, id LIMIT $1",
        most,
    )
    return [TermSoFar(**row) for row in rows]
