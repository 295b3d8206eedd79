"""All SQL about a school's settings."""

from __future__ import annotations

from services.identity.school_settings.school_settings import SchoolSettings
from shared.database.pool import Connection

__all__ = ["find_settings"]


async def find_settings(connection: Connection) -> SchoolSettings:
    """The settings of the school whose transaction this is."""
    rows = await connection.fetch("SELECT first_passwords, two_step, version FROM school_settings")
    return SchoolSettings(**dict(rows[0])) if rows else SchoolSettings()
