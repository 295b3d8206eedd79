"""A table as rows of values: its columns found by their headings, its cells read by their fields.

A cell that is empty says nothing (R17), nor does one that cannot be read, which is remarked upon:
one pupil's fault does not keep all others behind. A line that does not say whom it is of is left
out, and its table is not whole then.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from services.mis_sync.connectors.csv_tables.columns import (
    REQUIRED,
    Table,
    first_heading,
    heading_key,
    recognise,
)
from services.mis_sync.connectors.csv_tables.text import Line, read_lines
from services.mis_sync.connectors.findings import Findings, Remark
from services.mis_sync.connectors.values import MAX_CODE, MAX_TEXT, can_be_birth, flag_of

__all__ = ["Dates", "Row", "Sheet", "read_sheet"]


class Dates(StrEnum):
    """The order in which a file writes its dates. ISO dates (2018-08-31) need none."""

    DMY = "dmy"
    MDY = "mdy"
    YMD = "ymd"


_ISO = re.compile(r"(\d{4})-(\d\d)-(\d\d)", re.ASCII)
_PARTS = re.compile(r"(\d{1,4})([./ -])(\d{1,2})\2(\d{1,4})", re.ASCII)
_MIDNIGHT = re.compile(r"[ T]0?0:00(?::00(?:\.0+)?)?$")


@dataclass(frozen=True)
class Row:
    """What one line says, by field; an empty cell is not there."""

    file: str
    line: int
    cells: dict[str, str]
    headings: dict[str, str]
    findings: Findings

    @property
    def place(self) -> str:
        return f"{self.file} line {self.line}"

    def text(self, name: str) -> str | None:
        cell = self.cells.get(name)
        if cell is not None and len(cell) > MAX_TEXT:
            self.remark(Remark.TEXT_TOO_LONG)
            return None
        return cell

    def name(self, name: str) -> str | None:
        """A surname, or a group's name."""
        cell = self.text(name)
        if cell is None:
            self.remark(Remark.NAME_BLANK)
        return cell

    def id(self, name: str) -> str | None:
        """Without one the line is left out."""
        cell = self.text(name)
        if cell is None:
            self.leave_out()
        return cell

    def leave_out(self, remark: Remark = Remark.ROW_NOT_TOLD, *, fault: bool = True) -> None:
        self.findings.left_out(remark, self.file, self.line, fault=fault)

    def birth_date(self, name: str, dates: Dates | None, today: date) -> date | None:
        cell = self.cells.get(name)
        if cell is None:
            return None
        born = self._day(name, cell, dates)
        if born is not None and not can_be_birth(born, today):
            self.remark(Remark.BIRTH_DATE_NOT_USED)
            return None
        return born

    def flag(self, name: str) -> bool | None:
        """Yes or no; other words are left out."""
        cell = self.cells.get(name)
        flag = None if cell is None else flag_of(cell)
        if cell is not None and flag is None:
            self.remark(Remark.FLAG_NOT_UNDERSTOOD)
        return flag

    def code(self, name: str) -> str | None:
        """A short text; what is too long for a code is left out."""
        cell = self.text(name)
        if cell is not None and len(cell) > MAX_CODE:
            self.remark(Remark.CODE_NOT_USED)
            return None
        return cell

    def problem(self, reason: str, name: str) -> None:
        self.findings.problem(reason, self.file, self.line, self.headings.get(name))

    def remark(self, remark: Remark) -> None:
        self.findings.remark(remark, self.place)

    def _day(self, name: str, cell: str, dates: Dates | None) -> date | None:
        plain = _MIDNIGHT.sub("", cell)
        iso, parts = _ISO.fullmatch(plain), _PARTS.fullmatch(plain)
        if iso is None and parts is not None and dates is None:
            reason = f"{cell} can be read in several ways: say which one with --dates."
            self.problem(reason, name)
            return None
        try:
            if iso is not None:
                return date.fromisoformat(plain)
            if parts is not None and dates is not None:
                return _ordered(parts[1], parts[3], parts[4], dates)
        except ValueError:
            pass
        if parts is not None and _is_date_in_some_order(parts[1], parts[3], parts[4]):
            # Then the other dates may be other days than they say: all of the file is in doubt.
            order = f" in the order {dates}" if dates is not None else ""
            self.problem(f"{cell[:60]} is not a date{order}, with four digits for the year.", name)
        else:
            self.remark(Remark.BIRTH_DATE_NOT_USED)
        return None


@dataclass(frozen=True)
class Sheet:
    """One table's rows; `there` is whether the export has its file at all."""

    table: Table
    file: str
    there: bool
    fields: frozenset[str]
    rows: tuple[Row, ...]


def read_sheet(table: Table, file: str, content: bytes | None, findings: Findings) -> Sheet:
    """Read a table's file, if there is one. Raises `ExportRefused` if it is no table at all."""
    if content is None:
        return Sheet(table, file, there=False, fields=frozenset(), rows=())
    lines = read_lines(file, content, lambda words: len(recognise(table, words)), findings)
    headings = next(lines)
    columns = recognise(table, headings.cells)
    _check_columns(table, file, headings, columns, findings)
    names = {name: headings.cells[column] for name, column in columns.items()}
    return Sheet(
        table, file, there=True, fields=frozenset(columns),
        rows=tuple(_rows(file, lines, columns, names, findings)),
    )  # fmt: skip


def _rows(
    file: str,
    lines: Iterator[Line],
    columns: dict[str, int],
    names: dict[str, str],
    findings: Findings,
) -> Iterator[Row]:
    for line in lines:
        cells = {name: line.cells[column] for name, column in columns.items() if line.cells[column]}
        yield Row(file, line.number, cells, names, findings)


def _check_columns(
    table: Table, file: str, headings: Line, columns: dict[str, int], findings: Findings
) -> None:
    if table is Table.PUPILS and "mis_id" not in columns and "upn" in columns:
        columns["mis_id"] = columns["upn"]  # the only other thing that tells pupils apart
    if table is Table.CONTACTS and "mis_id" not in columns and "email" in columns:
        columns["mis_id"] = columns["email"]
    for name in REQUIRED[table]:
        if name not in columns:
            _missing(file, headings, first_heading(table, name), findings)
    if table is Table.LINKS and not ({"pupil_id", "staff_id"} & columns.keys()):
        for name in ("person_id", "role"):
            if name not in columns:
                what = f"{first_heading(table, name)}, or Pupil ID and Staff ID"
                _missing(file, headings, what, findings)
    used = {column: heading_key(headings.cells[column]) for column in columns.values()}
    for column, heading in enumerate(headings.cells):
        if column in used:
            continue
        if heading_key(heading) in used.values():
            findings.problem("The column is there twice.", file, headings.number, heading)
        else:
            findings.remark(Remark.COLUMN_NOT_KNOWN, f"{file} column {heading[:60] or '(empty)'}")
    findings.stop_if_refused()


def _missing(file: str, headings: Line, what: str, findings: Findings) -> None:
    there = ", ".join(cell[:60] for cell in headings.cells[:20] if cell)
    findings.problem(
        f"The column is missing. The headings are: {there}.", file, headings.number, what
    )


def _is_date_in_some_order(one: str, two: str, three: str) -> bool:
    """Also with a year of two digits."""
    for year, month, day in ((three, two, one), (three, one, two), (one, two, three)):
        with suppress(ValueError):
            date(int(year) + (2000 if len(year) <= 2 else 0), int(month), int(day))
            return True
    return False


def _ordered(one: str, two: str, three: str, dates: Dates) -> date:
    """Raises `ValueError` for what is no day, or has not a year of four digits in its place."""
    match dates:
        case Dates.DMY:
            day, month, year = one, two, three
        case Dates.MDY:
            month, day, year = one, two, three
        case Dates.YMD:
            year, month, day = one, two, three
    if len(year) != 4:
        raise ValueError(year)
    return date(int(year), int(month), int(day))
