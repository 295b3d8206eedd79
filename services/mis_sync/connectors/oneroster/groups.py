"""Classes and sets of the chosen school, and who is in them and who teaches them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from services.mis_sync.connectors.findings import Findings, Remark
from services.mis_sync.connectors.oneroster.export import Export, Sheet
from services.mis_sync.connectors.oneroster.grades import GradeReader
from services.mis_sync.connectors.oneroster.people import People
from services.mis_sync.connectors.oneroster.rows import ClassRow, ClassType, EnrollmentRow
from services.mis_sync.connectors.oneroster.school import School
from services.mis_sync.connectors.oneroster.validity import When, when
from shared.contracts.mis import GroupRecord, MembershipRecord, TeachingRecord
from shared.contracts.vocabulary import GroupKind

__all__ = ["Links", "read_groups", "read_links"]

_KINDS = {ClassType.HOMEROOM: GroupKind.CLASS, ClassType.SCHEDULED: GroupKind.SET}
_NO_LINK = {"aide", "administrator", "proctor"}


def read_groups(
    export: Export, school: School, year: int | None, grades: GradeReader, findings: Findings
) -> dict[str, GroupRecord]:
    """The school's groups of this school year by their ids. Problems go to `findings`."""
    years = {row.sourced_id: row.school_year for row in export.sessions.rows}
    groups = {}
    for row in export.classes.rows:
        place = export.classes.place(row)
        its_years = {years.get(term, year) for term in row.term_sourced_ids}
        if not school.has(row.school_sourced_id):
            findings.remark(Remark.NOT_THIS_SCHOOL, place)
        elif its_years and year is not None and year not in its_years:
            findings.remark(Remark.OTHER_SCHOOL_YEAR, place)
        elif not row.removed:
            groups[row.sourced_id] = _group(export.classes, row, grades, findings)
        elif export.classes.bulk:
            findings.remark(Remark.REMOVED_IN_BULK, place)
        else:
            groups[row.sourced_id] = GroupRecord(mis_id=row.sourced_id, removed=True)
    return groups


def _group(
    classes: Sheet[ClassRow], row: ClassRow, grades: GradeReader, findings: Findings
) -> GroupRecord:
    if row.title is None:
        findings.remark(Remark.NAME_BLANK, classes.place(row))
    if row.class_type is None:
        classes.problem(findings, "The cell is empty.", row, "classType")
    return GroupRecord(
        mis_id=row.sourced_id,
        name=row.title,
        group_kind=None if row.class_type is None else _KINDS[row.class_type],
        year_group=grades.year_group(row.grades, classes, row),
        subject=row.subjects,
    )


@dataclass
class Links:
    """Memberships by (pupil, group), teachings by (staff, group)."""

    memberships: dict[tuple[str, str], MembershipRecord] = field(default_factory=dict)
    teachings: dict[tuple[str, str], TeachingRecord] = field(default_factory=dict)


def read_links(
    export: Export,
    school: School,
    people: People,
    groups: dict[str, GroupRecord],
    today: date,
    findings: Findings,
) -> Links:
    """Who is in which group today. Someone enrolled twice is in it if one enrolment counts."""
    links = Links()
    for row in _of_school(export, school, groups):
        place = export.enrollments.place(row)
        if row.role not in ("student", "teacher"):
            if row.role in _NO_LINK or row.role.startswith("ext:"):
                findings.remark(Remark.ENROLMENT_NOT_USED, place)
            else:
                reason = f"{row.role} is not a role that OneRoster knows."
                export.enrollments.problem(findings, reason, row, "role")
            continue
        known = people.pupils if row.role == "student" else people.staff
        time = when(row.begin_date, row.end_date, today)
        ended = row.removed or time is When.ENDED
        if people.complete and row.user_sourced_id not in known:
            findings.remark(Remark.ENROLMENT_OF_OTHERS, place)
        elif time is When.LATER or (ended and export.enrollments.bulk):
            findings.remark(Remark.ENROLMENT_NOT_NOW, place)
        elif row.role == "student":
            _add_membership(links, row, removed=ended)
        else:
            _add_teaching(links, row, removed=ended)
    return links


def _of_school(
    export: Export, school: School, groups: dict[str, GroupRecord]
) -> Iterator[EnrollmentRow]:
    """A bulk file of classes knows which are the school's; else the enrolment says it."""
    for row in export.enrollments.rows:
        if export.classes.bulk:
            if row.class_sourced_id in groups:
                yield row
        elif school.has(row.school_sourced_id):
            yield row


def _add_membership(links: Links, row: EnrollmentRow, *, removed: bool) -> None:
    key = row.user_sourced_id, row.class_sourced_id
    before = links.memberships.get(key)
    if before is None or before.removed:
        links.memberships[key] = MembershipRecord(
            pupil_mis_id=row.user_sourced_id, group_mis_id=row.class_sourced_id, removed=removed
        )


def _add_teaching(links: Links, row: EnrollmentRow, *, removed: bool) -> None:
    key = row.user_sourced_id, row.class_sourced_id
    before = links.teachings.get(key)
    main = None if removed else row.primary
    if before is not None and not before.removed:
        if removed:
            return
        main = _either(before.main, main)
    links.teachings[key] = TeachingRecord(
        staff_mis_id=row.user_sourced_id,
        group_mis_id=row.class_sourced_id,
        main=main,
        removed=removed,
    )


def _either(one: bool | None, other: bool | None) -> bool | None:
    return one or other if None not in (one, other) else (one if other is None else other)
