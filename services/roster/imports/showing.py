"""How an import stands now, as a person sees it (R10)."""

from __future__ import annotations

from datetime import timedelta

from services.roster.clock import Clock
from services.roster.imports.columns import FIELD_NAMES, OPTIONAL_FIELDS, columns_of
from services.roster.imports.hiding import hidden_columns, hidden_names
from services.roster.imports.pupil_import import (
    READING_FOR,
    UNDO_FOR,
    Found,
    Progress,
    PupilImport,
    Shown,
)
from services.roster.imports.repository import ImportRepository
from services.roster.schools.repository import School
from shared.database.pool import Connection

__all__ = ["Showing", "notes_on"]

_APPLYING_FOR = timedelta(seconds=60)
"""Progress that was told longer ago is of a service that ended in the middle."""


class Showing:
    def __init__(self, repository: ImportRepository, now: Clock) -> None:
        self._repository = repository
        self._now = now

    async def of(
        self, connection: Connection, one: PupilImport, school: School, *, held: bool = False
    ) -> Found:
        """`held` says that it is locked by this transaction, so that nobody applies it now."""
        now = self._now()
        state: Shown = one.state
        progress = None
        if state == "reading":
            progress = Progress(one.row_count, None)
            state = "reading" if now - one.made_at <= READING_FOR else "interrupted"
        elif state == "previewed" and not held:
            since = now - _APPLYING_FOR
            progress = await self._repository.progress(connection, one.import_id, since)
            state = "applying" if progress else "previewed"
        undo_until = None
        if one.state == "confirmed" and one.confirmed_at:
            last = await self._repository.last_confirmed(connection)
            until = one.confirmed_at + UNDO_FOR
            undo_until = until if last == one.import_id and now <= until else None
        kept = school.kept_fields
        return Found(
            the_import=one,
            state=state,
            undo_until=undo_until,
            progress=progress,
            fields=tuple(f for f in FIELD_NAMES if f not in OPTIONAL_FIELDS or f in kept),
            column_notes=notes_on(one, OPTIONAL_FIELDS - kept),
            hidden_fields=(hidden := hidden_names(kept)),
            hidden_columns=hidden_columns(one, hidden),
        )


def notes_on(one: PupilImport, unkept: frozenset[str]) -> dict[int, str]:
    """Columns of fields that the school does not keep, with a word about that."""
    if not unkept:
        return {}
    return {
        column: f"The school does not keep ‘{FIELD_NAMES[field]}’, so this column is passed over."
        for column, field in columns_of(one.headings, {}).items()
        if field in unkept
    }
