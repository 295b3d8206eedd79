"""All SQL about a school's settings."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from services.identity.school_settings.school_settings import SchoolSettings
from shared.database.pool import Connection

__all__ = ["find_settings", "keep_settings"]


async def find_settings(connection: Connection) -> SchoolSettings:
    """The settings of the school whose transaction this is."""
    rows = await connection.fetch("SELECT first_passwords, two_step, version FROM school_settings")
    return SchoolSettings(**dict(rows[0])) if rows else SchoolSettings()


async def keep_settings(
    connection: Connection, school_id: UUID, settings: SchoolSettings, now: datetime
) -> None:
    """Whole, at their version. The school is locked (`lock_school`)."""
    await connection.execute(
        """
        INSERT INTO school_settings (school_id, first_passwords, two_step, version, changed_at)
        VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (school_id) DO UPDATE SET
            first_passwords = excluded.first_passwords,
            two_step = excluded.two_step,
            version = excluded.version,
            changed_at = excluded.changed_at
        """,
        school_id,
        settings.first_passwords,
        settings.two_step,
        settings.version,
        now,
    )
