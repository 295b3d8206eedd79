"""The rows of an import that were rejected, as a file to mend and to upload again (R10)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from uuid import UUID

from services.roster.imports.hiding import without_cells, without_remarks
from services.roster.imports.pupil_import import Found
from services.roster.imports.service import PupilImports
from shared.imports.rejected import RejectedRows
from shared.security.principals import Principal

__all__ = ["rejected_rows"]


async def rejected_rows(
    imports: PupilImports, principal: Principal, import_id: UUID
) -> AsyncIterator[bytes]:
    """Piece by piece. Raises `NoSuchImport` before the first."""
    found = await imports.get(principal, import_id)
    return _pieces(imports, found)


async def _pieces(imports: PupilImports, found: Found) -> AsyncIterator[bytes]:
    """No transaction is open while somebody takes their time to receive a piece."""
    of = found.the_import
    file = RejectedRows(of)
    yield file.beginning()
    after = 0
    while True:
        async with imports.database.transaction(of.school_id) as connection:
            rows = await imports.repository.rejected_after(connection, of, after)
        if not rows:
            return
        yield file.lines(
            (
                without_cells(of, row.cells, found.hidden_columns),
                without_remarks(result.faults, found.hidden_fields),
            )
            for row, result in rows
        )
        after = rows[-1][0].number
