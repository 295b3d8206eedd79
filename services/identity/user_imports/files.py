"""Files about an import that open in a spreadsheet: a template, and the rows to be mended (R10)."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from uuid import UUID

from services.identity.context import Identity
from services.identity.user_imports import repository
from services.identity.user_imports.rows import EXAMPLE_EMAIL, FIELD_NAMES
from services.identity.user_imports.service import get_import
from services.identity.user_imports.user_import import StagedRow, UserImport
from shared.tabular.columns import heading_key
from shared.web.spreadsheet import BOM, csv_lines

__all__ = ["rejected_rows", "template"]

_TEMPLATE_FIELDS = ("title", "forename", "surname", "email", "role", "staff_code")
_EXAMPLE = ("Ms", "Example", "Delete-this-row", EXAMPLE_EMAIL, "Teacher", "EXA")
_WHAT = "What to mend"
_ROWS_AT_ONCE = 1_000


def template() -> bytes:
    """Headings that are recognised, and one example, which is never imported."""
    headings = [FIELD_NAMES[field] for field in _TEMPLATE_FIELDS]
    return (BOM + csv_lines([headings, _EXAMPLE])).encode()


async def rejected_rows(
    identity: Identity, school_id: UUID, import_id: UUID
) -> AsyncIterator[bytes]:
    """The rows as they were uploaded, with what is wrong in each, piece by piece.

    Mended, the file can be uploaded as it is. Raises `NoSuchImport` before the first piece.
    """
    async with identity.database.transaction(school_id) as connection:
        found = await get_import(connection, import_id)
    return _pieces(identity, found)


async def _pieces(identity: Identity, found: UserImport) -> AsyncIterator[bytes]:
    kept = [
        place
        for place, heading in enumerate(found.headings)
        if heading_key(heading.text) != heading_key(_WHAT)
    ]
    headings = [found.headings[place].text for place in kept]
    yield (BOM + csv_lines([[*headings, _WHAT]])).encode()
    after = 0
    while True:
        async with identity.database.transaction(found.school_id) as connection:
            rows = await repository.rows_after(
                connection, found.import_id, after, outcome="rejected", limit=_ROWS_AT_ONCE
            )
        if rows:
            yield csv_lines(_line(row, kept, found) for row in rows).encode()
        if len(rows) < _ROWS_AT_ONCE:
            return
        after = rows[-1].number


def _line(row: StagedRow, kept: Sequence[int], found: UserImport) -> list[str]:
    faults = row.result.faults if row.result else ()
    why = " ".join(_sentence(fault.field, fault.detail, found) for fault in faults)
    return [*(row.cells[place] for place in kept), why]


def _sentence(field: str | None, detail: str, found: UserImport) -> str:
    heading = found.column_of(field) if field else None
    return f"{heading.text}: {detail}" if heading and heading.text else detail
