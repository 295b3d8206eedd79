"""One export to one snapshot: chooses the school and the year, reads people, groups and links."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from services.mis_sync.connectors.findings import Findings, Remark
from services.mis_sync.connectors.oneroster.export import Export
from services.mis_sync.connectors.oneroster.families import read_families
from services.mis_sync.connectors.oneroster.grades import GradeReader, Grades
from services.mis_sync.connectors.oneroster.groups import Links, read_groups, read_links
from services.mis_sync.connectors.oneroster.people import People, read_people
from services.mis_sync.connectors.oneroster.roles import read_roles
from services.mis_sync.connectors.oneroster.school import (
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
from shared.contracts.mis import Collection

__all__ = ["Options", "snapshot_of"]

_OFTEN_NOT_GIVEN = {Collection.CONTACTS, Collection.RELATIONSHIPS}
"""Most sources have no families in them, which nobody need be told."""


@dataclass(frozen=True)
class Options:
    """What the export cannot tell: which school of several, and what its grades mean."""

    org: str | None = None
    grades: Grades | None = None


def snapshot_of(
    export: Export,
    taken_at: datetime,
    options: Options,
    findings: Findings,
    about: tuple[str, ...] = (),
) -> Snapshot:
    """The export as it stands at `taken_at` (aware).

    Raises `ExportRefused`, with every problem found, if any part of it cannot be trusted.
    """
    today = day_in_london(taken_at)
    school = choose_school(export, options.org, findings)
    year = school_year(export, school, today, findings)
    grades = GradeReader(options.grades, findings)
    roles = read_roles(export, school, today, findings)
    people = read_people(export, roles, grades, today, findings)
    families = read_families(export, people, findings)
    groups = read_groups(export, school, year, grades, findings)
    links = read_links(export, school, people, groups, today, findings)
    findings.stop_if_refused()
    records = in_stable_order(
        [
            *people.pupils.values(),
            *people.staff.values(),
            *people.contacts.values(),
            *families.values(),
            *groups.values(),
            *links.memberships.values(),
            *links.teachings.values(),
        ]
    )
    _check_size(export, records, findings)
    complete = _complete(export, people, records, findings)
    _remark_the_unplaced(people, links, complete, findings)
    return Snapshot(
        source=export.source,
        taken_at=taken_at,
        academic_year=None if year is None else academic_year(year),
        complete=complete,
        records=records,
        remarks=findings.remarks(),
        about=about,
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
        Collection.CONTACTS: people.complete,
        Collection.RELATIONSHIPS: people.complete,
    }
    there = {record.kind for record in records}
    for collection, is_whole in whole.items():
        if is_whole and collection.value not in there and collection not in _OFTEN_NOT_GIVEN:
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
