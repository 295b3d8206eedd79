"""The SQL of the hour that a school chose, and of the nights in which its MIS is asked."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from services.mis_sync.overnight.setting import SyncSetting
from shared.database.pool import Connection

__all__ = [
    "begin_nights",
    "coming_night",
    "find_setting",
    "keep_setting",
    "lock_setting",
    "move_night",
    "schools_due",
    "schools_without_night",
    "take_night",
]

_FIND = "SELECT hour, parents, version FROM sync_settings WHERE school_id = $1"


async def find_setting(connection: Connection, school_id: UUID) -> SyncSetting:
    """The default where the school chose nothing."""
    row = await connection.fetchrow(_FIND, school_id)
    return SyncSetting(**row) if row else SyncSetting()


async def lock_setting(connection: Connection, school_id: UUID, at: datetime) -> SyncSetting:
    """As `find_setting`; nobody else changes it until the transaction ends."""
    await connection.execute(
        "INSERT INTO sync_settings (school_id, version, changed_at) VALUES ($1, 0, $2) "
        "ON CONFLICT DO NOTHING",
        school_id,
        at,
    )
    row = await connection.fetchrow(f"{_FIND} FOR UPDATE", school_id)
    return SyncSetting(**row) if row else SyncSetting()


async def keep_setting(
    connection: Connection, school_id: UUID, setting: SyncSetting, at: datetime
) -> None:
    await connection.execute(
        "UPDATE sync_settings SET hour = $2, parents = $3, version = $4, changed_at = $5 "
        "WHERE school_id = $1",
        school_id,
        setting.hour,
        setting.parents,
        setting.version,
        at,
    )


async def schools_without_night(connection: Connection, most: int) -> list[UUID]:
    """Linked schools that nobody has planned a night for; without a tenant."""
    rows = await connection.fetch("SELECT schools_without_night($1) AS school_id", most)
    return [row["school_id"] for row in rows]


async def begin_nights(connection: Connection, school_id: UUID, night: date, at: datetime) -> None:
    """Whoever comes second changes nothing."""
    await connection.execute("SELECT begin_nights($1, $2, $3)", school_id, night, at)


async def schools_due(connection: Connection, now: datetime, most: int) -> list[UUID]:
    """Those whose moment has come, the longest due first; without a tenant."""
    rows = await connection.fetch("SELECT nights_due($1, $2) AS school_id", now, most)
    return [row["school_id"] for row in rows]


async def take_night(connection: Connection, school_id: UUID, now: datetime) -> date | None:
    """The night that is due, for this transaction alone; `None` where another has it."""
    night: date | None = await connection.fetchval("SELECT take_night($1, $2)", school_id, now)
    return night


async def coming_night(connection: Connection, school_id: UUID) -> date | None:
    """The night in which the school is asked next, for this transaction alone."""
    night: date | None = await connection.fetchval("SELECT coming_night($1)", school_id)
    return night


async def move_night(connection: Connection, school_id: UUID, night: date, at: datetime) -> None:
    """The school is asked in this night, at `at`."""
    await connection.execute("SELECT move_night($1, $2, $3)", school_id, night, at)
