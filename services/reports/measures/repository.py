"""The SQL of what operators watch: counts over all schools, by functions that give nothing else."""

from __future__ import annotations

from services.reports.measures.figures import JOBS_OLDEST, JOBS_UNFINISHED
from shared.database.pool import Connection
from shared.observability.metrics.asked import Answer

__all__ = ["measures"]


async def measures(connection: Connection) -> list[Answer]:
    """Without a tenant."""
    jobs = await connection.fetch("SELECT * FROM unfinished_report_jobs_by_state()")
    return [
        *(JOBS_UNFINISHED.of(row["jobs"], row["state"]) for row in jobs),
        *(JOBS_OLDEST.of(row["oldest"], row["state"]) for row in jobs),
    ]
