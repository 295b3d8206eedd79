"""The SQL of what operators watch: counts over all schools, by functions that give nothing else."""

from __future__ import annotations

from datetime import datetime

from services.mis_sync.measures.figures import (
    NIGHTS_OLDEST,
    NIGHTS_WAITING,
    RUNS_OLDEST,
    RUNS_OPEN,
    SCHOOLS,
)
from shared.database.pool import Connection
from shared.observability.metrics.asked import Answer

__all__ = ["measures"]


async def measures(connection: Connection, now: datetime) -> list[Answer]:
    """Without a tenant."""
    schools = await connection.fetch("SELECT * FROM schools_by_lateness($1)", now)
    runs = await connection.fetch("SELECT * FROM open_runs_by_state()")
    nights = await connection.fetchrow("SELECT * FROM nights_waiting($1)", now)
    assert nights is not None  # noqa: S101 - a count has one row
    return [
        *(SCHOOLS.of(row["schools"], row["late"], row["pupils"]) for row in schools),
        *(RUNS_OPEN.of(row["runs"], row["state"]) for row in runs),
        *(RUNS_OLDEST.of(row["oldest"], row["state"]) for row in runs),
        NIGHTS_WAITING.of(nights["schools"]),
        NIGHTS_OLDEST.of(nights["oldest"]),
    ]
