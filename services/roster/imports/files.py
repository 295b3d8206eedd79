"""The rows of an import that were rejected, as a file to mend and to upload again (R10)."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from uuid import UUID

from services.roster.imports.columns import WHAT_TO_MEND
from services.roster.imports.pupil_import import PupilImport, Remark, Result, StagedRow
from services.roster.imports.service import PupilImports
from shared.security.principals import Principal
from shared.tabular.columns import heading_key
from shared.web.spreadsheet import BOM, csv_lines

__all__ = ["rejected_rows"]


async def rejected_rows(
    imports: PupilImports, principal: Principal, import_id: UUID
) -> AsyncIterator[bytes]:
    """The rows as they were uploaded, with what is wrong in each, piece by piece.

    Mended, the file can be uploaded as it is. Raises `NoSuchImport` before the first piece.
    """
    found = await imports.get(principal, import_id)
    return _pieces(imports, found.the_import)


async def _pieces(imports: PupilImports, of: PupilImport) -> AsyncIterator[bytes]:
    """No transaction is open while somebody takes their time to receive a piece."""
    kept = [
        place
        for place, heading in enumerate(of.headings)
        if heading_key(heading.text) != heading_key(WHAT_TO_MEND)
    ]
    headings = [of.headings[place].text for place in kept]
    yield (BOM + csv_lines([[*headings, WHAT_TO_MEND]])).encode()
    after = 0
    while True:
        async with imports.database.transaction(of.school_id) as connection:
            rows = await imports.repository.rejected_after(connection, of, after)
        if not rows:
            return
        yield csv_lines(_line(row, result, kept, of) for row, result in rows).encode()
        after = rows[-1][0].number


def _line(row: StagedRow, result: Result, kept: Sequence[int], of: PupilImport) -> list[str]:
    why = " ".join(_sentence(fault, of) for fault in result.faults)
    return [*(row.cells[place] for place in kept), why]


def _sentence(fault: Remark, of: PupilImport) -> str:
    heading = of.column_of(fault.field) if fault.field else None
    return f"{heading.text}: {fault.detail}" if heading and heading.text else fault.detail
