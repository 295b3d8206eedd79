"""A table that somebody uploaded: headings and rows of text, and why a file can be no table.

Every value is text, as it stands in the file: what it means is for the caller to say.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, islice
from typing import NamedTuple

__all__ = [
    "FORMULA_ERRORS",
    "Heading",
    "Limits",
    "Row",
    "Table",
    "TableProblem",
    "filled",
    "letter",
    "not_worked_out",
    "table_of",
    "without_titles",
]

_NUL = "\x00"
FORMULA_ERRORS = frozenset(
    {"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#SPILL!", "#CALC!"}
)
"""What a spreadsheet shows where a formula has no value; it saves them into CSV files too."""


@dataclass(frozen=True)
class Limits:
    """What a file may hold. No school's file comes near; what does is a mistake or an attack.

    `bytes` is of the upload, `unpacked` of what a workbook holds once unpacked; `rows` are those
    below the headings that hold anything; `cell` is Excel's own limit, in characters.
    """

    bytes: int = 20 * 1024 * 1024
    unpacked: int = 64 * 1024 * 1024
    rows: int = 50_000
    columns: int = 100
    cell: int = 32_767


@dataclass(frozen=True)
class Heading:
    """`column` counts from 0, as the spreadsheet has it; `text` may be empty."""

    column: int
    text: str


class Row(NamedTuple):
    """A row that holds something. `number` counts from 1, as the spreadsheet has it.

    There are as many cells as headings; `surplus` says that the row held more than that.
    """

    number: int
    cells: tuple[str, ...]
    surplus: bool = False


_MOST_TITLES = 10
_AS_WIDE_AS_A_LIST = 3


@dataclass(frozen=True)
class Table:
    """Read as it is asked for. `rows` raises `TableProblem` where the file goes wrong."""

    headings: tuple[Heading, ...]
    rows: Iterator[Row]


class TableProblem(Exception):
    """Why a file is no table that can be read, in a sentence that an office can act on."""

    def __init__(self, slug: str, detail: str) -> None:
        super().__init__(detail)
        self.slug = slug
        self.detail = detail


def table_of(cells: Iterable[list[str]], limits: Limits, *, first_column: int = 0) -> Table:
    """The first row that holds anything, below a report's title, is the headings.

    Raises `TableProblem`.
    """
    top, rows = without_titles(_numbered(cells, limits))
    if not top:
        raise TableProblem("empty-file", "The file is empty.")
    if len(top) > limits.columns:
        raise TableProblem(
            "too-many-columns",
            f"The file has more than {limits.columns} columns. Delete those that are not needed "
            "and upload it again.",
        )
    headings = tuple(
        Heading(first_column + place, " ".join(text.split())) for place, text in enumerate(top)
    )
    _refuse_twins(headings)
    return Table(headings, _below(rows, len(headings), limits))


def not_worked_out(cell: str) -> str:
    """Of one of the `FORMULA_ERRORS`: what is wrong, as a sentence."""
    return (
        f"{cell} stands where a formula in the list could not be worked out. Write the value "
        "itself, or leave the cell empty."
    )


def letter(column: int) -> str:
    """`0` → `A`, `26` → `AA`."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def without_titles(
    rows: Iterator[tuple[int, list[str]]],
) -> tuple[list[str], Iterator[tuple[int, list[str]]]]:
    """The headings and what is below them.

    Lines of one cell are a title where a row as wide as a list follows soon: under a heading of one
    column such a row could not be taken anyway.
    """
    above: list[tuple[int, list[str]]] = []
    for one in islice(rows, _MOST_TITLES + 1):
        width = filled(one[1])
        if width >= _AS_WIDE_AS_A_LIST or (width > 1 and not above):
            return one[1], rows
        if not width:
            continue
        above.append(one)
        if width > 1:
            break
    if not above:
        return [], rows
    return above[0][1], chain(above[1:], rows)


def filled(row: Iterable[str]) -> int:
    """How many cells hold anything."""
    return sum(1 for cell in row if cell.strip())


def _numbered(cells: Iterable[list[str]], limits: Limits) -> Iterator[tuple[int, list[str]]]:
    """Rows that hold anything, without the empty cells at their end."""
    most = limits.cell
    for number, row in enumerate(cells, start=1):
        length = len(row)
        while length and not row[length - 1].strip():
            length -= 1
        if not length:
            continue
        kept = row if length == len(row) else row[:length]
        if max(map(len, kept)) > most or _NUL in "".join(kept):
            raise TableProblem(
                "unusable-cell",
                f"Row {number} holds a character that cannot be used, or a cell that is too long. "
                "Open the file in Excel, save it as ‘CSV UTF-8’ and upload that.",
            )
        yield number, kept


def _refuse_twins(headings: tuple[Heading, ...]) -> None:
    seen: dict[str, Heading] = {}
    for heading in headings:
        key = heading.text.casefold()
        other = seen.setdefault(key, heading) if key else heading
        if other is not heading:
            raise TableProblem(
                "same-headings",
                f"Columns {letter(other.column)} and {letter(heading.column)} have the same "
                f"heading, ‘{heading.text}’. Give one of them another and upload the file again.",
            )


def _below(rows: Iterator[tuple[int, list[str]]], width: int, limits: Limits) -> Iterator[Row]:
    count = 0
    for number, cells in rows:
        count += 1
        if count > limits.rows:
            raise TableProblem(
                "too-many-rows",
                f"The file has more than {limits.rows:,} rows. Upload it in parts.",
            )
        surplus = len(cells) - width
        if surplus > 0:
            cells = cells[:width]  # noqa: PLW2901 - what fits of it
        elif surplus:
            cells = [*cells, *[""] * -surplus]  # noqa: PLW2901 - filled up
        yield Row(number, tuple(cells), surplus > 0)
    if not count:
        raise TableProblem("no-rows", "The file has headings and no rows below them.")
