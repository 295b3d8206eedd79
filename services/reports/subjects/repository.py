"""The SQL of a school's subjects."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from services.reports.school_settings.repository import keep_rows
from services.reports.subjects.subject import Subject
from shared.contracts.vocabulary import YearGroup
from shared.database.pool import Connection

__all__ = ["keep_subjects", "subjects_of_school"]

_COLUMNS = ("position", "name", "year_groups", "active")


async def subjects_of_school(connection: Connection) -> list[Subject]:
    """Inactive ones too, in the school's order."""
    rows = await connection.fetch(
        "SELECT id, name, active, year_groups FROM subjects ORDER BY position, id"
    )
    return [
        Subject(row["id"], row["name"], row["active"], tuple(map(YearGroup, row["year_groups"])))
        for row in rows
    ]


async def keep_subjects(
    connection: Connection, school_id: UUID, subjects: Sequence[Subject]
) -> None:
    """All of them, in their order."""
    rows = [
        {"id": str(subject.id), "position": place, **subject.values()}
        for place, subject in enumerate(subjects)
    ]
    await keep_rows(connection, "subjects", _COLUMNS, school_id, rows)
