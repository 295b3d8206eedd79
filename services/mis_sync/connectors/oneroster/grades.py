"""UK year groups from the `grades` column, for sources that are known to write them.

OneRoster's grades are US ones (CEDS): grade 1 is the UK's Year 2. So they are read only when asked
for, and refused when they are US ones after all.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from services.mis_sync.connectors.findings import Findings, Remark
from services.mis_sync.connectors.oneroster.export import Sheet
from services.mis_sync.connectors.oneroster.rows import Row
from services.mis_sync.connectors.values import year_group_of
from shared.contracts.vocabulary import YearGroup

__all__ = ["GradeReader", "Grades"]

_US_ONLY = {"IT", "PR", "PK", "TK", "KG", "PS", "UG"}


class Grades(StrEnum):
    """What the source writes into `grades`."""

    UK = "uk"


@dataclass(frozen=True)
class GradeReader:
    """Reads `grades` cells if the source is said to hold UK year groups, else ignores them."""

    grades: Grades | None
    findings: Findings

    def year_group(self, cells: tuple[str, ...], sheet: Sheet[Any], row: Row) -> YearGroup | None:
        """The one year group that the cells name; `None` for none or several."""
        if self.grades is None:
            return None
        found = {self._one(cell, sheet, row) for cell in cells}
        return found.pop() if len(found) == 1 else None

    def _one(self, cell: str, sheet: Sheet[Any], row: Row) -> YearGroup | None:
        text = re.sub(r"\s", "", cell).upper()
        if text in _US_ONLY:
            reason = f"{cell} is a US grade: leave out '--grades uk' for this source."
            sheet.problem(self.findings, reason, row, "grades")
            return None
        year_group = year_group_of(cell)
        if year_group is None:
            self.findings.remark(Remark.GRADE_NOT_UNDERSTOOD, sheet.place(row))
        return year_group
