"""The rows of an import that were rejected, as a file to mend and to upload again (R10)."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from services.reports.mark_imports.mark_import import LIMITS, MarkImport, StagedRow
from services.reports.mark_imports.service import MarkImports
from shared.security.principals import Principal
from shared.tabular.columns import heading_key
from shared.web.paging import PageRequest
from shared.web.spreadsheet import BOM, csv_lines

__all__ = ["rejected_rows"]

_WHAT = "What to mend"


async def rejected_rows(imports: MarkImports, principal: Principal, import_id: UUID) -> bytes:
    """As they were uploaded, with what is wrong in each; `LIMITS` says how many these may be."""
    everything = PageRequest(limit=LIMITS.rows)
    found, page = await imports.rows(principal, import_id, "rejected", everything)
    kept = [
        place
        for place, heading in enumerate(found.headings)
        if heading_key(heading.text) != heading_key(_WHAT)
    ]
    headings = [found.headings[place].text for place in kept]
    rows = [_line(row, kept, found) for row in page.rows]
    return (BOM + csv_lines([[*headings, _WHAT], *rows])).encode()


def _line(row: StagedRow, kept: Sequence[int], found: MarkImport) -> list[str]:
    faults = row.result.faults if row.result else ()
    why = " ".join(_sentence(fault.field, fault.detail, found) for fault in faults)
    return [*(row.cells[place] for place in kept), why]


def _sentence(field: str | None, detail: str, found: MarkImport) -> str:
    heading = found.column_of(field) if field else None
    return f"{heading.text}: {detail}" if heading and heading.text else detail
