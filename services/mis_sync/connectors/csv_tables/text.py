"""A CSV file as Excel and school systems write it: the lines of cells of one table.

UTF-8 and UTF-16 say what they are or fail to decode, so no encoding is guessed by its letters; what
is neither is Windows-1252. The delimiter is clevercsv's to find.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass

from clevercsv.detect import Detector

from services.mis_sync.connectors.findings import Findings

__all__ = ["Line", "read_lines"]

_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_DELIMITERS = [",", ";", "\t"]
_SAMPLE_CHARACTERS = 16_384
_SAYS_ITS_DELIMITER = "sep="


@dataclass(frozen=True)
class Line:
    """A record that is not blank: the line of the file it starts on, and its cells."""

    number: int
    cells: tuple[str, ...]


def read_lines(file: str, content: bytes, findings: Findings) -> Iterator[Line]:
    """Headings first; all lines are as long as they are. Raises `ExportRefused`."""
    text = _text(file, content, findings)
    delimiter, skipped = _delimiter(text)
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
            reason = f"There are {width} headings, but this line has {len(line.cells)} cells."
            findings.problem(reason, file, line.number)
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


def _delimiter(text: str) -> tuple[str, int]:
    """The delimiter, and how many characters Excel's own line about it takes."""
    first, _, _ = text[:8].partition("\n")
    if first.lower().startswith(_SAYS_ITS_DELIMITER) and first[4:5] in _DELIMITERS:
        return first[4], text.find("\n") + 1 or len(text)
    sample = text[:_SAMPLE_CHARACTERS]
    found = Detector().detect(sample, delimiters=_DELIMITERS) if sample.strip() else None
    return (found.delimiter if found and found.delimiter in _DELIMITERS else ","), 0


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
