"""Files as Excel and others write them, and some that nobody should."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from functools import cache
from typing import Any

import xlsxwriter

__all__ = ["as_csv", "as_xlsx", "bomb", "lying_bomb"]


def as_csv(
    rows: Sequence[Sequence[str]], *, delimiter: str = ",", encoding: str = "utf-8"
) -> bytes:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows(rows)
    return text.getvalue().encode(encoding)


def as_xlsx(
    rows: Sequence[Sequence[Any]], change: Callable[[Any, Any], None] | None = None
) -> bytes:
    """`change` is given the workbook and its one sheet, called Staff."""
    file = io.BytesIO()
    workbook = xlsxwriter.Workbook(file, {"strings_to_formulas": False, "strings_to_urls": False})
    sheet = workbook.add_worksheet("Staff")
    days = workbook.add_format({"num_format": "dd/mm/yyyy"})
    for number, row in enumerate(rows):
        for column, cell in enumerate(row):
            if isinstance(cell, datetime):
                sheet.write_datetime(number, column, cell, days)
            elif isinstance(cell, str) and cell:
                sheet.write_string(number, column, cell)
            elif cell != "":
                sheet.write(number, column, cell)
    if change:
        change(workbook, sheet)
    workbook.close()
    return file.getvalue()


def _parts(workbook: bytes) -> Iterator[tuple[str, bytes]]:
    with zipfile.ZipFile(io.BytesIO(workbook)) as parts:
        for name in parts.namelist():
            yield name, parts.read(name)


@cache
def bomb(megabytes: int, part: str = "xl/worksheets/sheet1.xml") -> bytes:
    """A small workbook of which one part unpacks to so much, as its ZIP says."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in _parts(as_xlsx([["Forename", "Surname"], ["Jo", "Smith"]])):
            with made.open(name, "w") as opened:
                if name == part:
                    head, _, rest = content.partition(b"<sheetData>")
                    opened.write(head + b"<sheetData>")
                    row = b'<row><c t="inlineStr"><is><t>aaaaaaaaaa</t></is></c></row>' * 1000
                    for _ in range(megabytes * 1024 * 1024 // len(row)):
                        opened.write(row)
                    opened.write(rest)
                else:
                    opened.write(content)
    return file.getvalue()


def lying_bomb(megabytes: int) -> bytes:
    """One whose ZIP says that it is small."""
    true = bomb(megabytes)
    with zipfile.ZipFile(io.BytesIO(true)) as parts:
        size = parts.getinfo("xl/worksheets/sheet1.xml").file_size
    small = (1000).to_bytes(4, "little")
    return true.replace(size.to_bytes(4, "little"), small)
