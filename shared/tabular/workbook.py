"""XLSX workbooks: the first sheet that is not hidden.

calamine reads a sheet whole, so a hostile workbook must be read where memory and time are limited:
`shared.tabular.apart`. What can be seen from outside is refused here first.
"""

from __future__ import annotations

import datetime
import zipfile
from collections.abc import Iterator
from typing import Any, BinaryIO

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from shared.tabular.table import Limits, Table, TableProblem, table_of

__all__ = ["read_workbook"]

_MOST_PARTS = 1_000
_BROKEN = "The workbook cannot be read. Open it in Excel, save it as ‘CSV UTF-8’ and upload that."


def read_workbook(file: BinaryIO, limits: Limits) -> Table:
    """Raises `TableProblem`."""
    _look_at_parts(file, limits)
    try:
        sheet = _first_sheet(CalamineWorkbook.from_filelike(file))
    except CalamineError as error:
        raise TableProblem("broken-workbook", _BROKEN) from error
    if sheet is None or sheet.start is None:
        raise TableProblem("empty-file", "The first sheet of the workbook is empty.")
    return table_of(_cells(sheet, limits), limits, first_column=sheet.start[1])


def _look_at_parts(file: BinaryIO, limits: Limits) -> None:
    """What the ZIP says of itself; what it hides is stopped by the limits on memory and time."""
    try:
        parts = zipfile.ZipFile(file).infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise TableProblem("broken-workbook", _BROKEN) from error
    finally:
        file.seek(0)
    if not any(part.filename == "xl/workbook.xml" for part in parts):
        raise TableProblem(
            "not-a-table",
            "This is not an Excel workbook (.xlsx). Save the list as .xlsx or as ‘CSV UTF-8’ and "
            "upload that.",
        )
    if len(parts) > _MOST_PARTS or sum(part.file_size for part in parts) > limits.unpacked:
        raise TableProblem(
            "too-large",
            "The workbook holds too much. Copy the list into a new workbook and upload that.",
        )


def _first_sheet(workbook: CalamineWorkbook) -> CalamineSheet | None:
    for sheet in workbook.sheets_metadata:
        if sheet.visible == SheetVisibleEnum.Visible and sheet.typ == SheetTypeEnum.WorkSheet:
            return workbook.get_sheet_by_name(sheet.name)
    return None


def _cells(sheet: CalamineSheet, limits: Limits) -> Iterator[list[str]]:
    # One more than is allowed, so that it is seen to be too many.
    for row in sheet.iter_rows():
        yield [_text(cell) for cell in row[: limits.columns + 1]]


def _text(cell: Any) -> str:
    """As it would stand in a CSV file; days in ISO order, which nobody can misread."""
    match cell:
        case bool():
            return "TRUE" if cell else "FALSE"
        case float() if cell.is_integer():
            return str(int(cell))
        case datetime.datetime() if cell.time() == datetime.time():
            return cell.date().isoformat()
    return str(cell)
