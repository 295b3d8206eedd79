"""The rows of an import that were rejected, as a file to mend and to upload again (R10)."""

from __future__ import annotations

from uuid import UUID

from services.reports.mark_imports.mark_import import LIMITS
from services.reports.mark_imports.service import MarkImports
from shared.imports.rejected import RejectedRows
from shared.security.principals import Principal
from shared.web.paging import PageRequest

__all__ = ["rejected_rows"]


async def rejected_rows(imports: MarkImports, principal: Principal, import_id: UUID) -> bytes:
    """As they were uploaded, with what is wrong in each; `LIMITS` says how many these may be."""
    everything = PageRequest(limit=LIMITS.rows)
    found, page = await imports.rows(principal, import_id, "rejected", everything)
    file = RejectedRows(found)
    rows = [(row.cells, row.result.faults if row.result else ()) for row in page.rows]
    return file.beginning() + file.lines(rows)
