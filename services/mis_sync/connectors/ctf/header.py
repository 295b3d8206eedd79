"""What a CTF says that it is: who wrote it, from which school to which, of which year.

A file of pupils who come from another school looks just like one of pupils who leave. Which it is
can be told once it is known which school is 'here'.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from services.mis_sync.connectors.ctf.document import Block, Value
from services.mis_sync.connectors.findings import Findings
from services.mis_sync.connectors.values import academic_year_from, year_starting

__all__ = ["Header", "School", "read_header"]

_YEAR = re.compile(r"(20\d\d)(?:[/-](?:20)?(\d\d))?", re.ASCII)
_DFE_NUMBER = re.compile(r"(\d{3})[ /-]?(\d{4})", re.ASCII)
_NEXT_YEARS_FILES = range(6, 9)
"""Months in which a file may be of the year that comes."""


@dataclass(frozen=True)
class School:
    """`number` is the DfE's, `823/2001`; `None` where the file names an authority or nobody."""

    number: str | None
    name: str | None

    def __str__(self) -> str:
        return ", ".join(part for part in (self.name, self.number) if part) or "no named school"


@dataclass(frozen=True)
class Header:
    version: str | None
    supplier: str | None
    academic_year: str | None
    source: School
    destination: School
    about: tuple[str, ...]
    written: date | None


def read_header(block: Block, file: str, org: str | None, findings: Findings) -> Header:
    """Read the header and hold it against `org`, the DfE number of the school that is here."""
    name = block.one("DocumentName")
    if name is not None and "common transfer" not in name.text.lower():
        reason = f"This is not a Common Transfer File but {name.text}."
        findings.refuse(reason, file, name.line, "DocumentName")
    source, destination = _school(block, "SourceSchool"), _school(block, "DestSchool")
    return Header(
        version=block.text("CTFversion"),
        supplier=block.text("SupplierID"),
        academic_year=_academic_year(block, file, findings),
        source=source,
        destination=destination,
        about=(
            _kind_of_file(block),
            f"From {source}; for {destination}.",
            _meaning(source, destination, org, file, findings),
        ),
        written=_written(block),
    )


def _school(block: Block, which: str) -> School:
    authority, number = block.text(f"{which}/LEA"), block.text(f"{which}/Estab")
    whole = _DFE_NUMBER.fullmatch(f"{authority or ''}{number or ''}")
    return School(
        number=f"{whole[1]}/{whole[2]}" if whole else None, name=block.text(f"{which}/SchoolName")
    )


def _kind_of_file(block: Block) -> str:
    written = block.text("DateTime")
    descriptor = block.text("DataDescriptor")
    parts = [
        block.text("DocumentQualifier"),
        f"written {written}" if written else None,
        f"described as '{descriptor}'" if descriptor else None,
    ]
    told = ", ".join(part for part in parts if part) or "without a word on when or why"
    return f"The file: {told}."


def _meaning(
    source: School, destination: School, org: str | None, file: str, findings: Findings
) -> str:
    if org is None:
        if source.number == destination.number or destination.number is None:
            return "It may be a school's own file; --org with the DfE number has that checked."
        return (
            "It takes pupils from one school to another: publish it only where they arrive. "
            "--org with this school's DfE number has that checked."
        )
    whole = _DFE_NUMBER.fullmatch(org.strip())
    if whole is None:
        findings.refuse("For a CTF, --org is the school's DfE number, such as 823/2001.")
    here = f"{whole[1]}/{whole[2]}"
    if destination.number == here and source.number != here:
        return f"Its pupils come to this school ({here}) from another."
    if source.number == here and destination.number in (None, here):
        return f"It is this school's own file ({here})."
    if source.number == here:
        findings.refuse(
            f"The pupils in it go from this school to {destination}: publishing them would bring "
            "leavers back.",
            file,
        )
    if destination.number is not None:
        findings.refuse(f"The file is for {destination}, and this school is {here}.", file)
    return "It names no school that its pupils come to."


def _academic_year(block: Block, file: str, findings: Findings) -> str | None:
    """CTF names a school year by the year in which it STARTS, OneRoster by its end (R22)."""
    value = block.one("SourceSchool/AcademicYear", "DestSchool/AcademicYear")
    if value is None:
        return None
    found = _YEAR.fullmatch(value.text)
    if found is None or (found[2] and int(found[2]) != (int(found[1]) + 1) % 100):
        reason = f"{value.text} is not a year; CTF writes the year in which the school year starts."
        findings.problem(reason, file, value.line, "AcademicYear")
        return None
    start = int(found[1])
    _check_year(start, value, _written(block), file, findings)
    return academic_year_from(start)


def _written(block: Block) -> date | None:
    try:
        return date.fromisoformat((block.text("DateTime") or "")[:10])
    except ValueError:
        return None


def _check_year(
    start: int, value: Value, written: date | None, file: str, findings: Findings
) -> None:
    """A program that writes the year of the end would put every pupil into the wrong year."""
    if written is None:
        return
    latest = year_starting(written) + (written.month in _NEXT_YEARS_FILES)
    if start > latest:
        reason = (
            f"The school year is given as {start}, but the file was written on {written}, in "
            f"{academic_year_from(year_starting(written))}; CTF names it by the year it starts."
        )
        findings.problem(reason, file, value.line, "AcademicYear")
