"""In which academic year the MIS told of year groups and of who is where.

A snapshot of another year is taken over for its details only (R22). So the year of the last
snapshot can be another than the year of what is known of year groups, memberships and links, and
what is known of last year must not be applied in this one.
"""

from __future__ import annotations

from uuid import UUID

from services.mis_sync.links.repository import Link
from shared.database.pool import Connection

__all__ = ["year_of_comparison", "year_told"]

_YEAR = """
SELECT academic_year FROM runs
WHERE school_id = $1 AND snapshot_id IS NOT NULL AND NOT limited AND compared_at IS NOT NULL
ORDER BY compared_at DESC LIMIT 1
"""


async def year_told(connection: Connection, school_id: UUID) -> str | None:
    """The year of the last snapshot that was taken over whole."""
    year: str | None = await connection.fetchval(_YEAR, school_id)
    return year


async def year_of_comparison(
    connection: Connection, school_id: UUID, link: Link, own_year: str
) -> str | None:
    """The year of which the MIS speaks, where there is no new snapshot to say so.

    The last snapshot may have come before the roll-up and name the year after it: then it is of
    the school's year by now, and what it told of year groups was left aside all the same.
    """
    if link.academic_year != own_year:
        return link.academic_year
    return await year_told(connection, school_id) or link.academic_year
