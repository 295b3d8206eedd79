"""XLSX workbooks: the first sheet that is not hidden.

calamine reads a sheet whole, so a hostile workbook must be read where memory and time are limited:
`shared.tabular.apart`. What can be seen from outside is refused here first.
"""

from __future__ import annotations

import datetime
import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from typing import IO, Any, BinaryIO

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
_SHEETS = "xl/worksheets/"
_ERROR_CELL = re.compile(rb"""(<(?:\w+:)?c\s[^<>]*?\bt=)(["'])e\2""")
_AT_ONCE = 1 << 20
_LONGEST_TAG = 1 << 16
_UNREADABLE = (CalamineError, zipfile.BadZipFile, zlib.error, EOFError, RuntimeError)
"""`RuntimeError` is what `zipfile` says of a password, or of a way of packing it does not know."""
_BROKEN = "The workbook cannot be read. Open it in Excel, save it as ‘CSV UTF-8’ and upload that."


def read_workbook(file: BinaryIO, limits: Limits) -> Table:
    """Raises `TableProblem`."""
    _look_at_parts(file, limits)
    try:
        sheet = _first_sheet(CalamineWorkbook.from_filelike(_with_errors_as_text(file)))
    except _UNREADABLE as error:
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
            "The workbook holds too much. Copy the list into a new workbook, or save it as ‘CSV "
            "UTF-8’, and upload that.",
        )


def _with_errors_as_text(file: BinaryIO) -> BinaryIO:
    """The workbook with `#N/A` and its like as the text that a CSV file would have.

    calamine reads them as empty (python-calamine, issue 105): a list whose formulas went wrong
    would lose what it should have said without a word. Few workbooks hold one.
    """
    with zipfile.ZipFile(file) as parts:
        sheets = [part for part in parts.infolist() if part.filename.startswith(_SHEETS)]
        if not any(_holds_error(parts, part) for part in sheets):
            file.seek(0)
            return file
        mended = io.BytesIO()
        with zipfile.ZipFile(mended, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as made:
            for part in parts.infolist():
                with parts.open(part) as old, made.open(part.filename, "w") as new:
                    for piece in _whole_tags(old):
                        new.write(_ERROR_CELL.sub(rb'\1"str"', piece) if part in sheets else piece)
    mended.seek(0)
    return mended


def _holds_error(parts: zipfile.ZipFile, part: zipfile.ZipInfo) -> bool:
    with parts.open(part) as sheet:
        return any(_ERROR_CELL.search(piece) for piece in _whole_tags(sheet))


def _whole_tags(part: IO[bytes]) -> Iterator[bytes]:
    """All of it, in pieces that end where a tag begins, so that none is cut in two."""
    rest = b""
    while piece := part.read(_AT_ONCE):
        rest += piece
        cut = rest.rfind(b"<")
        if cut <= 0:
            cut = 0 if len(rest) < _LONGEST_TAG else len(rest)
        yield rest[:cut]
        rest = rest[cut:]
    yield rest


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
