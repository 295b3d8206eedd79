"""The SQL of what operators watch: counts over all schools, by functions that give nothing else."""

from __future__ import annotations

from datetime import datetime, timedelta

from services.identity.measures.figures import MAILS_OLDEST, MAILS_WAITING, SESSIONS_LIVE
from shared.database.pool import Connection
from shared.observability.metrics.asked import Answer

__all__ = ["measures"]


async def measures(connection: Connection, now: datetime, idle: timedelta) -> list[Answer]:
    """Without a tenant. `idle` is how long a session lives unused."""
    sessions = await connection.fetch("SELECT * FROM sessions_live($1, $2)", now, idle)
    mails = await connection.fetchrow("SELECT * FROM mails_waiting($1)", now)
    assert mails is not None  # noqa: S101 - a count has one row
    return [
        *(SESSIONS_LIVE.of(row["sessions"], row["scope"]) for row in sessions),
        MAILS_WAITING.of(mails["mails"]),
        MAILS_OLDEST.of(mails["oldest"]),
    ]
