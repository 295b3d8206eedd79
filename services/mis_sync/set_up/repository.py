"""The SQL of the set-up guide's figures of the mapping."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from shared.database.pool import Connection

__all__ = ["Open", "count_open"]


@dataclass(frozen=True)
class Open:
    """What waits for a person. `pupils_not_here` are in the MIS, and not here."""

    differences: int
    pupils_not_here: int


async def count_open(connection: Connection, school_id: UUID) -> Open:
    row = await connection.fetchrow(
        """
        SELECT count(*) FILTER (WHERE alert) AS differences,
            count(*) FILTER (WHERE NOT alert AND mis_kind = 'pupil') AS pupils_not_here
        FROM differences WHERE school_id = $1 AND state = 'open'
        """,
        school_id,
    )
    return Open(**dict(row or {}))
