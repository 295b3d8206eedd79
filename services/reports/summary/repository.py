"""The SQL of the summary."""

from __future__ import annotations

from typing import Any

from shared.database.pool import Connection

__all__ = ["figures"]

_LINKED = """
    SELECT count(*) FROM links l
    JOIN groups g ON (g.school_id, g.id) = (l.school_id, l.group_id) AND g.active
    JOIN {people} p ON (p.school_id, p.id) = (l.school_id, l.person_id) AND p.active
    WHERE l.present AND l.kind = '{kind}'
"""


async def figures(connection: Connection) -> dict[str, Any]:
    """The figures of the school whose transaction `connection` is in."""
    row = await connection.fetchrow(
        "SELECT (SELECT academic_year FROM school_years) AS academic_year, "
        "(SELECT count(*) FROM pupils WHERE active) AS pupils, "
        "(SELECT count(*) FROM groups WHERE active) AS groups, "
        "(SELECT count(*) FROM users WHERE active) AS users, "
        f"({_LINKED.format(people='pupils', kind='member')}) AS memberships, "
        f"({_LINKED.format(people='users', kind='teacher')}) AS teachings"
    )
    return dict(row or {})
