"""One export to one snapshot: reads, checks, chooses the school and the year, and puts in order."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from services.mis_sync.connectors.findings import Findings, Remark
from services.mis_sync.connectors.oneroster_csv.export import Export, read_export
from services.mis_sync.connectors.oneroster_csv.grades import GradeReader, Grades
from services.mis_sync.connectors.oneroster_csv.groups import Links, read_groups, read_links
from services.mis_sync.connectors.oneroster_csv.people import People, read_people
from services.mis_sync.connectors.oneroster_csv.roles import read_roles
from services.mis_sync.connectors.oneroster_csv.school import (
    academic_year,
    choose_school,
    school_year,
)
from services.mis_sync.connectors.snapshot import (
    MAX_RECORDS,
    AnyRecord,
    Snapshot,
    day_in_london,
    in_stable_order,
)
from shared.contracts.mis import Collection, GroupRecord, Source

__all__ = ["CONNECTOR", "Grades", "Options", "read_oneroster_csv"]

CONNECTOR = "oneroster-csv"


@dataclass(frozen=True)
class Options:
    """What the export cannot tell: which school of several, and what its grades mean."""

    org: str | None = None
    grades: Grades | None = None


def read_oneroster_csv(path: Path, taken_at: datetime, options: Options | None = None) -> Snapshot:
    """Read a ZIP or a folder as it stands at `taken_at` (aware).

    Raises `ExportRefused`, with every problem found, if any part of it cannot be trusted.
    """
    options = options or Options()
    findings = Findings()
    export = read_export(path, findings)
    today = day_in_london(taken_at)
    school = choose_school(export, options.org, findings)
    year = school_year(export, school, today, findings)
    grades = GradeReader(options.grades, findings)
    roles = read_roles(export, school, today, findings)
    people = read_people(export, roles, grades, today, findings)
    groups = read_groups(export, school, year, grades, findings)
    links = read_links(export, school, people, groups, today, findings)
    findings.stop_if_refused()
    records = _records(people, groups, links)
    _check_size(export, records, findings)
    complete = _complete(export, people, records, findings)
    _remark_the_unplaced(people, links, complete, findings)
    return Snapshot(
        source=_source(export),
        taken_at=taken_at,
        academic_year=None if year is None else academic_year(year),
        complete=complete,
        records=records,
        remarks=findings.remarks(),
    )


def _source(export: Export) -> Source:
    manifest = export.manifest
    return Source(
        connector=CONNECTOR,
        format_version=manifest.version.value,
        system_name=manifest.system_name,
        instance_id=manifest.system_code,
    )


def _records(people: People, groups: dict[str, GroupRecord], links: Links) -> tuple[AnyRecord, ...]:
    return in_stable_order(
        [
            *people.pupils.values(),
            *people.staff.values(),
            *groups.values(),
            *links.memberships.values(),
            *links.teachings.values(),
        ]
    )


def _check_size(export: Export, records: tuple[AnyRecord, ...], findings: Findings) -> None:
    if len(records) > MAX_RECORDS:
        findings.refuse(f"The export has {len(records)} records; the most is {MAX_RECORDS}.")
    if not records and (export.users.bulk or export.classes.bulk or export.enrollments.bulk):
        findings.refuse("The export holds no pupil, no staff and no class of this school.")


def _complete(
    export: Export, people: People, records: tuple[AnyRecord, ...], findings: Findings
) -> frozenset[Collection]:
    """The collections in which absence means 'gone'; an empty list is never believed to mean it."""
    whole = {
        Collection.PUPILS: people.complete,
        Collection.STAFF: people.complete,
        Collection.GROUPS: export.classes.bulk,
        Collection.MEMBERSHIPS: export.enrollments.bulk,
        Collection.TEACHINGS: export.enrollments.bulk,
    }
    there = {record.kind for record in records}
    for collection, is_whole in whole.items():
        if is_whole and collection.value not in there:
            findings.remark(Remark.COLLECTION_EMPTY, collection.value)
    return frozenset(c for c, is_whole in whole.items() if is_whole and c.value in there)


def _remark_the_unplaced(
    people: People, links: Links, complete: frozenset[Collection], findings: Findings
) -> None:
    """People in no group, where the export is one that would say so."""
    if complete >= {Collection.PUPILS, Collection.MEMBERSHIPS}:
        placed = {pupil for pupil, _ in links.memberships}
        for pupil in sorted(set(people.pupils) - placed):
            findings.remark(Remark.PUPIL_WITHOUT_CLASS, people.places[pupil])
    if complete >= {Collection.STAFF, Collection.TEACHINGS}:
        teaching = {staff for staff, _ in links.teachings}
        for teacher in sorted(people.teachers - teaching):
            findings.remark(Remark.TEACHER_WITHOUT_CLASS, people.places[teacher])
