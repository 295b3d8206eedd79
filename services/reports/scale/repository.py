"""The SQL of a school's attainment scale."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from services.reports.scale.band import Band
from services.reports.school_settings.repository import keep_rows
from shared.database.pool import Connection

__all__ = ["bands_of_school", "keep_bands"]

_COLUMNS = ("position", "code", "name", "meaning", "expectation", "active")


async def bands_of_school(connection: Connection) -> list[Band]:
    """Inactive ones too, from the lowest to the highest."""
    rows = await connection.fetch(
        "SELECT id, name, active, code, meaning, expectation FROM scale_bands ORDER BY position, id"
    )
    return [Band(**row) for row in rows]


async def keep_bands(connection: Connection, school_id: UUID, bands: Sequence[Band]) -> None:
    """All of them, in their order."""
    rows = [
        {"id": str(band.id), "position": place, **band.values()} for place, band in enumerate(bands)
    ]
    await keep_rows(connection, "scale_bands", _COLUMNS, school_id, rows)
