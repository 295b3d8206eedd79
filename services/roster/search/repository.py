"""The SQL of the search. The same conditions as the lists of pupils and of groups have."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from services.roster.groups.repository import GroupFilter
from services.roster.listing import Parameters
from services.roster.pupils.repository import PupilFilter
from shared.database.pool import Connection
from shared.school.names import search_key

__all__ = ["Hits", "SearchRepository"]

_PUPILS = """
    SELECT p.id, coalesce(p.preferred_forename, p.legal_forename) AS forename,
        coalesce(p.preferred_surname, p.legal_surname) AS surname, p.year_group, p.active,
        count(*) FILTER (WHERE p.active) OVER () AS count_active, count(*) OVER () AS count_all,
        (SELECT coalesce(jsonb_agg(jsonb_build_object(
            'id', g.id, 'name', g.name, 'kind', g.kind, 'year_group', g.year_group,
            'active', g.active) ORDER BY g.kind, g.name_key), '[]')
         FROM links l JOIN groups g ON (g.school_id, g.id) = (l.school_id, l.group_id)
         WHERE l.school_id = p.school_id AND l.kind = 'member' AND l.person_id = p.id
           AND l.present AND g.active
           AND ($1::uuid IS NULL OR g.id IN (SELECT groups_of_teacher($1)))) AS groups
    FROM pupils p
    WHERE {condition} AND ($1::uuid IS NULL OR p.id IN (SELECT pupils_of_teacher($1)))
    ORDER BY p.active DESC,
        (starts_with(p.surname_key, {begins}) OR starts_with(p.forename_key, {begins})) DESC,
        p.surname_key, p.forename_key, p.id
    LIMIT {limit}
"""
_GROUPS = """
    SELECT g.id, g.name, g.kind, g.year_group, g.active,
        count(*) FILTER (WHERE g.active) OVER () AS count_active, count(*) OVER () AS count_all
    FROM groups g
    WHERE {condition} AND ($1::uuid IS NULL OR g.id IN (SELECT groups_of_teacher($1)))
    ORDER BY g.active DESC, starts_with(g.name_key, {begins}) DESC, year_place(g.year_group),
        g.name_key, g.id
    LIMIT {limit}
"""


@dataclass(frozen=True)
class Hits:
    """The first of those that fit, and how many there are, on roll or in use, and not."""

    rows: list[dict[str, Any]]
    active: int
    inactive: int


class SearchRepository:
    """Of the school whose transaction `connection` is in; `teacher` bounds it further (R14)."""

    async def pupils(
        self, connection: Connection, text: str, teacher: UUID | None, most: int
    ) -> Hits:
        wanted = PupilFilter(active=None, search=text)
        return await _hits(connection, _PUPILS, wanted, text, teacher, most)

    async def groups(
        self, connection: Connection, text: str, teacher: UUID | None, most: int
    ) -> Hits:
        wanted = GroupFilter(active=None, search=text)
        return await _hits(connection, _GROUPS, wanted, text, teacher, most)


async def _hits(
    connection: Connection,
    statement: str,
    wanted: PupilFilter | GroupFilter,
    text: str,
    teacher: UUID | None,
    most: int,
) -> Hits:
    parameters = Parameters(teacher)
    filled = statement.format(
        condition=wanted.condition(parameters),
        begins=parameters.add(search_key(text)),
        limit=parameters.add(most),
    )
    rows = [dict(row) for row in await connection.fetch(filled, *parameters.values)]
    active = rows[0]["count_active"] if rows else 0
    return Hits(rows, active, rows[0]["count_all"] - active if rows else 0)
