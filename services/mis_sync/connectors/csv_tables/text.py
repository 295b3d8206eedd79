"""A CSV file as Excel and school systems write it: the lines of cells of one table.

Nothing is guessed. UTF-8 and UTF-16 say what they are or fail to decode; what is neither is
Windows-1252. The delimiter is the one that parts the headings into such as are known: of 3,000
made-up tables clevercsv, which goes by shapes, took a quotation mark in a name for one.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from services.mis_sync.connectors.findings import Findings, Remark

__all__ = ["Line", "read_lines"]

_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_DELIMITERS = (",", ";", "\t")
_SAYS_ITS_DELIMITER = "sep="


@dataclass(frozen=True)
class Line:
    """A record that is not blank: the line of the file it starts on, and its cells."""

    number: int
    cells: tuple[str, ...]


def read_lines(
    file: str, content: bytes, known: Callable[[Sequence[str]], int], findings: Findings
) -> Iterator[Line]:
    """Headings first; all lines are as long as they are. Raises `ExportRefused`.

    A line of another length is left out: its cells may stand below any heading. `known` counts the
    headings among some words.
    """
    text = _text(file, content, findings)
    delimiter, skipped = _delimiter(text, known)
    lines = _records(file, text[skipped:], delimiter, 1 if skipped else 0, findings)
    headings = next(lines, None)
    if headings is None:
        findings.refuse("The file is empty; it needs at least its headings.", file, 1)
    while headings.cells and not headings.cells[-1]:
        headings = Line(headings.number, headings.cells[:-1])
    yield headings
    width = len(headings.cells)
    for line in lines:
        if len(line.cells) < width or any(line.cells[width:]):
            findings.left_out(Remark.ROW_NOT_TOLD, file, line.number)
        else:
            yield Line(line.number, line.cells[:width])


def _text(file: str, content: bytes, findings: Findings) -> str:
    encodings = ("utf-16",) if content.startswith(_UTF16) else ("utf-8-sig", "cp1252")
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if (place := text.find("\x00")) >= 0:
            findings.refuse("There is a NUL character.", file, text.count("\n", 0, place) + 1)
        return text
    return findings.refuse("The file is not text: save it as 'CSV UTF-8'.", file)


def _delimiter(text: str, known: Callable[[Sequence[str]], int]) -> tuple[str, int]:
    """The delimiter, and how many characters Excel's own line about it takes."""
    first, _, _ = text[:8].partition("\n")
    if first.lower().startswith(_SAYS_ITS_DELIMITER) and first[4:5] in _DELIMITERS:
        return first[4], text.find("\n") + 1 or len(text)
    return max(_DELIMITERS, key=lambda delimiter: known(_headings(text, delimiter))), 0


def _headings(text: str, delimiter: str) -> list[str]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        return next((cells for cells in reader if any(map(str.strip, cells))), [])
    except csv.Error:
        return []


def _records(
    file: str, text: str, delimiter: str, before: int, findings: Findings
) -> Iterator[Line]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    start = 1
    try:
        for cells in reader:
            plain = tuple(" ".join(cell.split()) for cell in cells)
            if any(plain):
                yield Line(start + before, plain)
            start = reader.line_num + 1
    except csv.Error as error:
        findings.refuse(f"The quotation marks are broken ({error}).", file, start + before)
