"""The rows of an import that were rejected, as a file to mend and to upload again (R10)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from shared.imports.uploads import Remark, Uploaded
from shared.tabular.columns import heading_key
from shared.web.spreadsheet import BOM, csv_lines

__all__ = ["WHAT_TO_MEND", "RejectedRows"]

WHAT_TO_MEND = "What to mend"


class RejectedRows:
    """CSV, piece by piece: the rows as they were uploaded, with what is wrong in each.

    Mended, the file can be uploaded as it is: what was wrong the last time is left out.
    """

    def __init__(self, of: Uploaded) -> None:
        self._of = of
        self._kept = [
            place
            for place, heading in enumerate(of.headings)
            if heading_key(heading.text) != heading_key(WHAT_TO_MEND)
        ]

    def beginning(self) -> bytes:
        headings = [self._of.headings[place].text for place in self._kept]
        return (BOM + csv_lines([[*headings, WHAT_TO_MEND]])).encode()

    def lines(self, rows: Iterable[tuple[Sequence[str], Sequence[Remark]]]) -> bytes:
        """`rows` are cells with what is wrong."""
        return csv_lines(self._line(cells, faults) for cells, faults in rows).encode()

    def _line(self, cells: Sequence[str], faults: Sequence[Remark]) -> list[str]:
        why = " ".join(map(self._sentence, faults))
        return [*(cells[place] for place in self._kept), why]

    def _sentence(self, fault: Remark) -> str:
        heading = self._of.column_of(fault.field) if fault.field else None
        return f"{heading.text}: {fault.detail}" if heading and heading.text else fault.detail
