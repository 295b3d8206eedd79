"""All SQL about imports of users, besides what every import has."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from services.identity.user_imports.user_import import Result, UserImport
from shared.database.pool import Connection
from shared.imports.tables import UploadTables

__all__ = ["TABLES", "forget_at", "forget_due"]

TABLES = UploadTables("user", UserImport, Result, how=("keep_over_mis", "add_namesakes"))


async def forget_at(connection: Connection, import_id: UUID, moment: datetime) -> None:
    await connection.execute("SELECT user_import_due($1, $2)", import_id, moment)


async def forget_due(connection: Connection, now: datetime) -> int:
    """Some of those of all schools whose time is over; how many they were."""
    return int(await connection.fetchval("SELECT user_imports_forget($1)", now))
