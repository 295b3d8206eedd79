"""All SQL about imports of marks, besides what every import has."""

from __future__ import annotations

from datetime import datetime

from services.reports.mark_imports.mark_import import MarkImport, Result
from shared.database.pool import Connection
from shared.imports.tables import UploadTables

__all__ = ["TABLES", "forget_until"]

TABLES = UploadTables(
    "mark", MarkImport, Result, mine=("account_id", "group_id", "subject_id", "term_id")
)


async def forget_until(connection: Connection, now: datetime) -> datetime | None:
    """Those of the school whose time is over; when the next one's is."""
    await connection.execute("DELETE FROM mark_imports WHERE forget_at <= $1", now)
    following: datetime | None = await connection.fetchval(
        "SELECT min(forget_at) FROM mark_imports"
    )
    return following
