"""All SQL about who is in a group, and what being in it gives. Rows are of one school only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from services.roster.listing import Column, Listed, ListOf, Parameters
from shared.database.pool import Connection
from shared.web.paging import PageRequest

__all__ = ["MemberFilter", "MemberRepository"]

ORDERS = {"surname": (Column("p.surname_key", str), Column("p.forename_key", str))}
"""The one order of a group's pupils."""

_LISTED = """
    p.id, p.active, p.active_reason, p.legal_forename, p.legal_surname, p.preferred_forename,
    p.preferred_surname, p.date_of_birth, p.upn, p.year_group,
    l.version, l.origin, l.override
"""
_SOURCE = """
    links l JOIN pupils p ON (p.school_id, p.id) = (l.school_id, l.person_id)
    JOIN groups g ON (g.school_id, g.id) = (l.school_id, l.group_id)
"""
_LIST = ListOf(
    selected=_LISTED,
    source=_SOURCE,
    id_sql="p.id",
    reached="($1::uuid IS NULL OR l.group_id IN (SELECT groups_of_teacher($1)))",
    orders=ORDERS,
    default_order="surname",
)

# A teacher sees a pupil by this group alone where no other active group shows them too (R14).
_SEEN_ELSEWHERE = """
    EXISTS (
        SELECT FROM links t2
        JOIN groups g2 ON (g2.school_id, g2.id) = (t2.school_id, t2.group_id) AND g2.active
        JOIN links m2 ON m2.school_id = t2.school_id AND m2.kind = 'member' AND m2.present
            AND m2.group_id = t2.group_id AND m2.person_id = m.person_id
        WHERE t2.school_id = t.school_id AND t2.kind = 'teacher' AND t2.present
          AND t2.person_id = t.person_id AND t2.group_id <> t.group_id)
"""
_TEACHERS = f"""
    SELECT u.id, concat_ws(' ', u.title, u.forename, u.surname) AS name,
        count(p.id) AS pupils, count(p.id) FILTER (WHERE NOT {_SEEN_ELSEWHERE}) AS only_here
    FROM links t
    JOIN users u ON (u.school_id, u.id) = (t.school_id, t.person_id)
        AND u.active AND u.role = 'teacher'
    LEFT JOIN links m ON m.school_id = t.school_id AND m.kind = 'member' AND m.present
        AND m.group_id = t.group_id
    LEFT JOIN pupils p ON (p.school_id, p.id) = (m.school_id, m.person_id) AND p.active
    WHERE t.kind = 'teacher' AND t.present AND t.group_id = $1
    GROUP BY u.id, u.title, u.forename, u.surname ORDER BY u.surname, u.forename, u.id
"""
_PUPILS = """
    SELECT count(*) AS members, count(*) FILTER (
        WHERE g.kind = 'class' AND NOT EXISTS (
            SELECT FROM links m2
            JOIN groups g2 ON (g2.school_id, g2.id) = (m2.school_id, m2.group_id)
            WHERE m2.school_id = m.school_id AND m2.kind = 'member' AND m2.present
              AND m2.person_id = m.person_id AND g2.active AND g2.kind = 'class' AND g2.id <> g.id)
        ) AS only_class
    FROM links m
    JOIN groups g ON (g.school_id, g.id) = (m.school_id, m.group_id)
    JOIN pupils p ON (p.school_id, p.id) = (m.school_id, m.person_id) AND p.active
    WHERE m.kind = 'member' AND m.present AND m.group_id = $1
"""


@dataclass(frozen=True, kw_only=True)
class MemberFilter:
    """Which of a group's pupils: those in it, or those who were taken out by hand."""

    group_id: UUID
    active: bool | None = True
    present: bool = True

    def condition(self, parameters: Parameters) -> str:
        value = parameters.add
        parts = ["l.kind = 'member'", f"l.group_id = {value(self.group_id)}"]
        if self.active is not None:
            parts.append(f"p.active = {value(self.active)}")
        if self.present:
            parts.append("l.present")
        else:
            # Who is in the group no more is nothing to its teachers.
            parts.append("NOT l.present AND l.override AND $1::uuid IS NULL")
        return " AND ".join(parts)


class MemberRepository:
    """The pupils in groups of the school whose transaction `connection` is in."""

    async def page(
        self,
        connection: Connection,
        *,
        teacher: UUID | None,
        wanted: MemberFilter,
        page: PageRequest,
    ) -> Listed:
        """Some of those that are wanted; `teacher` bounds what is seen to their groups (R14)."""
        return await _LIST.page(connection, teacher=teacher, wanted=wanted, page=page)

    async def teachers(self, connection: Connection, group_id: UUID) -> list[dict[str, Any]]:
        """Active teachers of the group: its pupils, and those they see by no other active group."""
        return [dict(row) for row in await connection.fetch(_TEACHERS, group_id)]

    async def pupils(self, connection: Connection, group_id: UUID) -> dict[str, int]:
        """How many are in it, and for how many it is the only active class."""
        row = await connection.fetchrow(_PUPILS, group_id)
        return dict(row or {})
