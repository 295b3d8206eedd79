"""CSV as Excel and school systems write it: UTF-8, UTF-16 or Windows-1252; comma, semicolon, tab.

Which of these encodings it is needs no guess: UTF-8 and UTF-16 say so, or fail to decode. Guessing
by letters (charset-normalizer) takes Windows-1252 for Windows-1250 in short files, and `Siân` is
lost. The delimiter is what the headings are set apart by; only where they may be set apart by
several is it clevercsv's to find, since texts full of marks mislead it.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator
from typing import BinaryIO

from shared.tabular.table import Limits, Table, TableProblem, filled, table_of, without_titles

__all__ = ["read_text_table"]

_DELIMITERS = [",", ";", "\t"]
_SAMPLE_CHARACTERS = 16_384
_SAYS_ITS_DELIMITER = "sep="
_NOT_A_TABLE = (
    "This is neither an Excel workbook (.xlsx) nor a CSV file. In Excel, choose ‘Save as’ and "
    "‘CSV UTF-8’, and upload that."
)
_HOLDS_NUL = f"The file holds NUL characters, which no list has. {_NOT_A_TABLE}"


def read_text_table(file: BinaryIO, limits: Limits) -> Table:
    """Read line by line. Raises `TableProblem`."""
    text = io.TextIOWrapper(file, encoding=_encoding(file), newline="")
    delimiter = _delimiter(text)
    csv.field_size_limit(limits.cell + 1)
    return table_of(_cells(text, delimiter), limits)


def _encoding(file: BinaryIO) -> str:
    start = file.read(4)
    file.seek(0)
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encoding = "utf-16"
    elif _decodes(file, "utf-8-sig"):
        return "utf-8-sig"
    else:
        encoding = "cp1252"
    if not _decodes(file, encoding):
        raise TableProblem("not-a-table", _NOT_A_TABLE)
    return encoding


def _decodes(file: BinaryIO, encoding: str) -> bool:
    """Whole, so that no letter is ever lost; and no text holds NUL."""
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        while piece := file.read(1 << 16):
            if "\x00" in decoder.decode(piece):
                raise TableProblem("not-a-table", _HOLDS_NUL)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    finally:
        file.seek(0)
    return True


def _delimiter(text: io.TextIOWrapper) -> str:
    """Leaves the text where the table begins. A table of one column has none, so any will do."""
    first = text.readline(len(_SAYS_ITS_DELIMITER) + 3)
    if first.startswith(_SAYS_ITS_DELIMITER) and first[4:5] in _DELIMITERS:
        return first[4]
    text.seek(0)
    sample = text.read(_SAMPLE_CHARACTERS)
    text.seek(0)
    possible = [one for one in _DELIMITERS if _sets_headings_apart(sample, one)]
    if not possible:  # where a report's title stands above them
        possible = [one for one in _DELIMITERS if _makes_a_list(sample, one)]
    if len(possible) < 2:
        return possible[0] if possible else ","
    # Loading it takes longer than all else that is done with the usual file.
    from clevercsv.detect import Detector

    found = Detector().detect(sample, delimiters=possible)
    return found.delimiter if found and found.delimiter in possible else possible[0]


def _sets_headings_apart(sample: str, delimiter: str) -> bool:
    try:
        rows = csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter)
        return len(next((row for row in rows if any(row)), [])) > 1
    except csv.Error:
        return False


def _makes_a_list(sample: str, delimiter: str) -> bool:
    rows = csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter)
    try:
        return filled(without_titles(enumerate(rows, start=1))[0]) > 1
    except csv.Error:
        return False


def _cells(text: io.TextIOWrapper, delimiter: str) -> Iterator[list[str]]:
    rows = csv.reader(text, delimiter=delimiter)
    while True:
        try:
            row = next(rows, None)
        except csv.Error:
            raise TableProblem(
                "unusable-cell",
                f"Something is wrong in or below row {rows.line_num}: perhaps a quotation mark is "
                "never closed. Open the file in Excel, save it again and upload that.",
            ) from None
        if row is None:
            return
        yield row
