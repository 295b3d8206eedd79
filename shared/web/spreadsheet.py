"""CSV for people who open it in a spreadsheet: RFC 4180, with a BOM, and no cell is a formula.

What is stored is never changed; a cell that a spreadsheet would run is disarmed on its way out.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

__all__ = ["BOM", "as_given", "csv_lines"]

BOM = "\ufeff"
"""Without it, Excel reads UTF-8 as Windows-1252."""

_STARTS_A_FORMULA = frozenset("=+-@\t\r\0＝＋－＠")


def csv_lines(rows: Iterable[Sequence[object]]) -> str:
    """The rows as lines that end in CRLF. A number is none that a spreadsheet would run."""
    text = io.StringIO()
    csv.writer(text).writerows(
        [_disarmed(cell) if isinstance(cell, str) else cell for cell in row] for row in rows
    )
    return text.getvalue()


def as_given(cell: str) -> str:
    """What a cell was before it was disarmed: for files of ours that come back."""
    return cell[1:] if cell.startswith("'") and _disarmed(cell[1:]) == cell else cell


def _disarmed(cell: str) -> str:
    """Spreadsheets pass over spaces before a formula, so these do not hide it."""
    begins = {cell[:1], cell.lstrip(" ")[:1], cell.lstrip()[:1]}
    return f"'{cell}" if begins & _STARTS_A_FORMULA else cell
