"""The tables of one export to one snapshot.

A table changes what is in it and no more, unless it is said to be complete: a report with a filter
looks just like one of the whole school (R18).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from services.mis_sync.connectors.archive import ExportFiles, Layout, open_export
from services.mis_sync.connectors.csv_tables.columns import FILES, Table
from services.mis_sync.connectors.csv_tables.contacts import Contacts, read_contacts
from services.mis_sync.connectors.csv_tables.records import (
    Known,
    Links,
    read_groups,
    read_links,
    read_pupils,
    read_staff,
)
from services.mis_sync.connectors.csv_tables.rows import Dates, Sheet, read_sheet
from services.mis_sync.connectors.findings import Findings, Remark
from services.mis_sync.connectors.snapshot import (
    MAX_RECORDS,
    AnyRecord,
    Snapshot,
    day_in_london,
    in_stable_order,
)
from shared.contracts.mis import Collection, GroupRecord, PupilRecord, Source, StaffRecord

__all__ = ["CONNECTOR", "Options", "read_csv_tables"]

CONNECTOR = "csv"
_FORGIVEN = 5
"""Lines of a table that may be left out; more, and more than a tenth, are no one pupil's fault."""
_LAYOUT = Layout(
    marks=frozenset(FILES),
    none="There is none of the tables: pupils.csv, staff.csv, groups.csv, links.csv.",
    several="There are tables in more than one folder: give one export only.",
)
_COLLECTIONS = {
    Table.PUPILS: (Collection.PUPILS,),
    Table.STAFF: (Collection.STAFF,),
    Table.GROUPS: (Collection.GROUPS,),
    Table.LINKS: (Collection.MEMBERSHIPS, Collection.TEACHINGS),
    Table.CONTACTS: (Collection.CONTACTS, Collection.RELATIONSHIPS),
}


@dataclass(frozen=True)
class Options:
    """What tables cannot tell: which are whole, the order of dates, and the school year."""

    complete: frozenset[Table] = frozenset()
    dates: Dates | None = None
    academic_year: str | None = None


@dataclass(frozen=True)
class _Read:
    pupils: dict[str, PupilRecord]
    staff: dict[str, StaffRecord]
    groups: dict[str, GroupRecord]
    links: Links
    contacts: Contacts

    def records(self) -> tuple[AnyRecord, ...]:
        return in_stable_order(
            [
                *self.pupils.values(),
                *self.staff.values(),
                *self.groups.values(),
                *self.links.memberships.values(),
                *self.links.teachings.values(),
                *self.contacts.contacts.values(),
                *self.contacts.relationships.values(),
            ]
        )


def read_csv_tables(path: Path, taken_at: datetime, options: Options | None = None) -> Snapshot:
    """Read a ZIP or a folder as it stands at `taken_at` (aware).

    Raises `ExportRefused`, with every problem found, if any part of it cannot be trusted.
    """
    options = options or Options()
    findings = Findings()
    files = open_export(path, _LAYOUT, FILES)
    sheets = _sheets(files, path, options.complete, findings)
    read = _read(sheets, options, day_in_london(taken_at), findings)
    findings.stop_if_refused()
    whole = _whole(options.complete, sheets, findings)
    records = read.records()
    if not records:
        findings.refuse("The tables hold no pupil, no staff and no group.", path.name)
    if len(records) > MAX_RECORDS:
        findings.refuse(f"The tables have {len(records)} records; the most is {MAX_RECORDS}.")
    complete = _complete(whole, records, findings)
    _remark_the_unplaced(sheets, read, complete, findings)
    return Snapshot(
        source=Source(connector=CONNECTOR),
        taken_at=taken_at,
        academic_year=options.academic_year,
        complete=complete,
        records=records,
        remarks=findings.remarks(),
        about=tuple(_about(sheet, options.complete, whole) for sheet in sheets.values()),
    )


def _sheets(
    files: ExportFiles, path: Path, complete: frozenset[Table], findings: Findings
) -> dict[Table, Sheet]:
    names: dict[Table, str] = {}
    for name in sorted(files.names):
        table = FILES.get(name)
        if table is None:
            findings.remark(Remark.FILE_NOT_KNOWN, name[:60])
        elif table in names:
            findings.problem(f"There is {names[table]} as well, which is the same table.", name)
        else:
            names[table] = name
    for table in sorted(complete - names.keys()):
        findings.problem(f"There is no table of {table}, which is said to be complete.", path.name)
    findings.stop_if_refused()
    return {
        table: read_sheet(table, name, files.contents.get(name), findings)
        for table in Table
        for name in [names.get(table, f"{table}.csv")]
    }


def _read(
    sheets: Mapping[Table, Sheet], options: Options, today: date, findings: Findings
) -> _Read:
    said = options.complete
    pupils = read_pupils(
        sheets[Table.PUPILS], whole=Table.PUPILS in said, dates=options.dates, today=today
    )
    staff = read_staff(sheets[Table.STAFF])
    groups = read_groups(sheets[Table.GROUPS])
    whole = _whole(said, sheets, findings)
    known = Known(
        pupils=frozenset(pupils) if Table.PUPILS in whole else None,
        staff=frozenset(staff) if Table.STAFF in whole else None,
        groups=frozenset(groups) if Table.GROUPS in whole else None,
    )
    links = read_links(sheets[Table.LINKS], known)
    contacts = read_contacts(sheets[Table.CONTACTS], known, whole=Table.CONTACTS in said)
    _refuse_if_many_were_left_out(sheets, findings)
    return _Read(pupils, staff, groups, links, contacts)


def _whole(
    said: frozenset[Table], sheets: Mapping[Table, Sheet], findings: Findings
) -> frozenset[Table]:
    """The tables that are complete but for those of which a line was left out that names nobody: it
    may be anybody's, who is not gone for that."""
    return frozenset(table for table in said if sheets[table].file not in findings.not_whole)


def _refuse_if_many_were_left_out(sheets: Mapping[Table, Sheet], findings: Findings) -> None:
    for sheet in sheets.values():
        faults = findings.not_whole.get(sheet.file, 0)
        if faults > max(_FORGIVEN, len(sheet.rows) // 10):
            reason = f"{faults} lines do not say whom or what they are of, or cannot be read."
            findings.problem(reason, sheet.file)


def _complete(
    said: frozenset[Table], records: tuple[AnyRecord, ...], findings: Findings
) -> frozenset[Collection]:
    """The collections in which absence means 'gone'; an empty one is never believed to mean it."""
    there = {record.kind for record in records}
    whole = [collection for table in sorted(said) for collection in _COLLECTIONS[table]]
    for collection in whole:
        if collection.value not in there:
            findings.remark(Remark.COLLECTION_EMPTY, collection.value)
    return frozenset(collection for collection in whole if collection.value in there)


def _remark_the_unplaced(
    sheets: Mapping[Table, Sheet], read: _Read, complete: frozenset[Collection], findings: Findings
) -> None:
    """People in no group, where the tables are ones that would say so."""
    if complete >= {Collection.PUPILS, Collection.MEMBERSHIPS}:
        placed = {pupil for _, pupil in read.links.memberships}
        for _ in read.pupils.keys() - placed:
            findings.remark(Remark.PUPIL_WITHOUT_CLASS, sheets[Table.PUPILS].file)
    if complete >= {Collection.STAFF, Collection.TEACHINGS}:
        teaching = {staff for _, staff in read.links.teachings}
        for _ in read.staff.keys() - teaching:
            findings.remark(Remark.STAFF_WITHOUT_CLASS, sheets[Table.STAFF].file)


def _about(sheet: Sheet, said: frozenset[Table], complete: frozenset[Table]) -> str:
    if not sheet.there:
        return f"{sheet.table}: no file, so nothing is said of them."
    whole = "said to be complete" if sheet.table in said else "changes only"
    if sheet.table in said - complete:
        whole += ", but not taken to be"
    return f"{sheet.table}: {len(sheet.rows)} rows in {sheet.file}, {whole}."
