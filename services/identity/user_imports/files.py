"""Files about an import that open in a spreadsheet: a template, and the rows to be mended (R10)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from uuid import UUID

from services.identity.context import Identity
from services.identity.user_imports.repository import TABLES
from services.identity.user_imports.rows import EXAMPLE_EMAIL, FIELD_NAMES
from services.identity.user_imports.service import get_import
from services.identity.user_imports.user_import import UserImport
from shared.imports.rejected import RejectedRows
from shared.web.spreadsheet import BOM, csv_lines

__all__ = ["rejected_rows", "template"]

_TEMPLATE_FIELDS = ("title", "forename", "surname", "email", "role", "staff_code")
_EXAMPLE = ("Ms", "Example", "Delete-this-row", EXAMPLE_EMAIL, "Teacher", "EXA")
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
    file = RejectedRows(found)
    yield file.beginning()
    after = 0
    while True:
        async with identity.database.transaction(found.school_id) as connection:
            rows = await TABLES.rows_after(
                connection, found.import_id, after, outcome="rejected", limit=_ROWS_AT_ONCE
            )
        if rows:
            yield file.lines((row.cells, row.result.faults if row.result else ()) for row in rows)
        if len(rows) < _ROWS_AT_ONCE:
            return
        after = rows[-1].number
