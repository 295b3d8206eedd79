"""What the machine could do: the same rows changed by two statements a school, and nothing else.

No rule is looked at, nobody is told, nothing is kept to be undone by.
"""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Sequence
from uuid import UUID

import asyncpg

__all__ = ["update_bare"]

_FOLLOWING = "(VALUES ('R', '1'), ('1', '2'), ('2', '3'), ('3', '4'), ('4', '5'), ('5', '6'))"
_MEMBERSHIPS = f"""
    WITH ended AS (
        UPDATE links l SET present = false, version = l.version + 1
        FROM groups g
        JOIN {_FOLLOWING} AS y (year, next) ON y.year = g.year_group
        JOIN groups n ON n.school_id = g.school_id AND n.year_group = y.next
            AND split_part(n.name, ' ', 2) = split_part(g.name, ' ', 2)
        WHERE g.school_id = $1 AND (l.school_id, l.kind, l.group_id) = (g.school_id, 'member', g.id)
            AND l.present
        RETURNING l.school_id, n.id AS following, l.person_id, l.origin
    )
    INSERT INTO links
        (school_id, kind, group_id, person_id, version, present, waiting, origin, override)
    SELECT school_id, 'member', following, person_id, 1, true, false, origin, false FROM ended
"""  # noqa: S608 - no value of anybody's is in it
_PUPILS = f"""
    UPDATE pupils SET version = version + 1, active = year_group <> '6',
        active_reason = CASE year_group WHEN '6' THEN 'Left' END,
        year_group = coalesce(
            (SELECT next FROM {_FOLLOWING} AS y (year, next) WHERE year = year_group), '6')
    WHERE school_id = $1 AND active
"""  # noqa: S608


async def update_bare(admin_url: str, schools: Sequence[UUID]) -> float:
    """Seconds, with a connection per core that takes school after school, each a transaction."""
    left = list(schools)

    async def take(connection: asyncpg.Connection[asyncpg.Record]) -> None:
        while left:
            school_id = left.pop()
            async with connection.transaction():
                await connection.execute(_MEMBERSHIPS, school_id)
                await connection.execute(_PUPILS, school_id)

    connections = [await asyncpg.connect(admin_url) for _ in range(os.cpu_count() or 1)]
    try:
        began = time.perf_counter()
        await asyncio.gather(*(take(connection) for connection in connections))
        return time.perf_counter() - began
    finally:
        for connection in connections:
            await connection.close()
