"""The SQL of what stands in reports, and goes when its time is over, but what parents see (R27)."""

from __future__ import annotations

from uuid import UUID

from shared.database.pool import Connection

__all__ = ["are_there", "forget", "pupils_no_parent_sees"]


async def pupils_no_parent_sees(connection: Connection, job_id: UUID) -> list[UUID]:
    """Whose reports were published once, and are not any more."""
    rows = await connection.fetch(
        "SELECT pupil_id FROM online_report_pupils WHERE job_id = $1 AND state <> 'published' "
        "ORDER BY pupil_id",
        job_id,
    )
    return [row["pupil_id"] for row in rows]


async def forget(connection: Connection, job_id: UUID) -> int:
    """Of how many pupils there was something to forget."""
    done: str = await connection.execute(
        """
        UPDATE report_job_pupils p SET report = '' WHERE job_id = $1 AND report <> ''
            AND NOT EXISTS (SELECT FROM online_report_pupils o
                WHERE (o.job_id, o.pupil_id) = (p.job_id, p.pupil_id) AND o.state = 'published')
        """,
        job_id,
    )
    return int(done.rpartition(" ")[2])


async def are_there(connection: Connection, job_id: UUID) -> bool:
    """All of them."""
    found: bool = await connection.fetchval(
        "SELECT NOT EXISTS (SELECT FROM report_job_pupils WHERE job_id = $1 AND report = '')",
        job_id,
    )
    return found
