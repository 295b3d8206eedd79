"""One CSV file as lines of cells: RFC 4180 in UTF-8, as OneRoster asks, and nothing guessed.

Forgiven: a byte order mark, any line ends, blank lines, the case and order of the columns, empty
cells past the last column. Anything else that is out of shape is a problem with its place.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass

from services.mis_sync.connectors.findings import Findings

__all__ = ["Line", "Table", "read_table"]

_UTF16 = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True)
class Line:
    """A record: the line of the file it starts on, and its cells that are not blank.

    Columns are in lower case; cells are without the spaces around them.
    """

    number: int
    cells: dict[str, str]


@dataclass(frozen=True)
class Table:
    file: str
    columns: tuple[str, ...]
    lines: tuple[Line, ...]

    def renamed(self, column: str, name: str) -> Table:
        """The same table with another name for a column."""
        names = {column: name}
        columns = tuple(names.get(each, each) for each in self.columns)
        lines = tuple(
            Line(line.number, {names.get(each, each): cell for each, cell in line.cells.items()})
            for line in self.lines
        )
        return Table(self.file, columns, lines)


def read_table(file: str, content: bytes, findings: Findings) -> Table:
    """Read a file's bytes. Raises `ExportRefused` if they are not a table at all."""
    records = _records(file, _text(file, content, findings), findings)
    header = next(records, None)
    if header is None:
        findings.refuse("The file is empty; it needs at least its column names.", file, 1)
    columns = _columns(file, header[1], findings)
    lines = []
    for number, cells in records:
        extra = [cell for cell in cells[len(columns) :] if cell.strip()]
        if len(cells) < len(columns) or extra:
            count = f"{len(columns)} columns, but this line has {len(cells)}"
            last = columns[min(len(cells), len(columns)) - 1]
            findings.problem(f"The file has {count}.", file, number, last)
            continue
        pairs = zip(columns, map(str.strip, cells), strict=False)
        lines.append(Line(number, {column: cell for column, cell in pairs if cell}))
    return Table(file, columns, tuple(lines))


def _text(file: str, content: bytes, findings: Findings) -> str:
    if content.startswith(_UTF16):
        findings.refuse("The file is in UTF-16; save it as UTF-8.", file, 1)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = content[: error.start].decode("utf-8-sig")
        findings.refuse(
            f"The byte 0x{content[error.start]:02X} is not UTF-8. If the file was saved by Excel, "
            "save it again as 'CSV UTF-8'.",
            file,
            before.count("\n") + 1,
            _column_at_end(before),
        )
    if (place := text.find("\x00")) >= 0:
        line = text.count("\n", 0, place) + 1
        findings.refuse("There is a NUL character.", file, line, _column_at_end(text[:place]))
    return text


def _records(file: str, text: str, findings: Findings) -> Iterator[tuple[int, list[str]]]:
    """Records that are not blank, each with the line it starts on."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    start = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield start, cells
            start = reader.line_num + 1
    except csv.Error as error:
        lines = list(io.StringIO(text, newline=""))
        upto = "".join(lines[: start - 1]) + _until_broken("".join(lines[start - 1 :]))
        findings.refuse(
            f"The quotation marks are broken ({error}).", file, start, _column_at_end(upto)
        )


def _columns(file: str, header: list[str], findings: Findings) -> tuple[str, ...]:
    names = [name.strip() for name in header]
    while names and not names[-1]:
        names.pop()
    columns = tuple(name.lower() for name in names)
    before = len(findings.problems)
    for name in names:
        if columns.count(name.lower()) > 1:
            findings.problem("The column is there twice.", file, 1, name)
        if not name:
            findings.problem("A column has no name.", file, 1)
    if len(columns) == 1 and (";" in columns[0] or "\t" in columns[0]):
        findings.problem("The columns must be separated by commas.", file, 1, names[0])
    if len(findings.problems) > before:
        findings.stop_if_refused()
    return columns


def _until_broken(text: str) -> str:
    """The text up to the quotation mark that makes it broken."""
    quoted = False
    opened = 0
    for place, character in enumerate(text):
        if character == '"' and quoted:
            quoted = False
            if text[place + 1 : place + 2] not in ('"', ",", "\r", "\n", ""):
                return text[:place]
        elif character == '"' and (place == 0 or text[place - 1] in ',\n\r"'):
            quoted, opened = True, place
    return text[:opened]


def _column_at_end(text: str) -> str | None:
    """The name of the column in which the text breaks off, if its header can be read."""
    try:
        records = list(csv.reader(io.StringIO(text + ".", newline="")))
    except csv.Error:
        return None
    header, last = records[0], records[-1]
    if len(records) == 1:
        return last[-1].removesuffix(".") or None
    return header[len(last) - 1].strip() if len(last) <= len(header) else None
