"""Classes, sets and registration groups as Wonde has them, who is in them and who teaches them.

A registration group is a class, and a class of Wonde's is a set; where a school has no registration
groups there, as many primaries, a class without a subject is a class.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from services.mis_sync.connectors.findings import Remark
from services.mis_sync.connectors.values import academic_year_from, year_group_of
from services.mis_sync.connectors.wonde.items import Item
from shared.contracts.mis import GroupRecord, MembershipRecord, TeachingRecord
from shared.contracts.vocabulary import GroupKind

__all__ = ["Groups", "academic_year_of", "read_groups"]

_REGISTRATION = re.compile(r"reg|form|tutor", re.IGNORECASE)
_YEAR = re.compile(r"(20\d\d)\D{1,3}(?:20)?(\d\d)", re.ASCII)


@dataclass
class Groups:
    members_whole: bool = True
    teachers_whole: bool = True
    """Whether each group told who is in it, and who teaches it."""
    groups: dict[str, GroupRecord] = field(default_factory=dict)
    memberships: dict[tuple[str, str], MembershipRecord] = field(default_factory=dict)
    teachings: dict[tuple[str, str], TeachingRecord] = field(default_factory=dict)


def academic_year_of(item: Item) -> str | None:
    """The school year that a class says it is of: `2026/27`."""
    found = _YEAR.search(item.text("academic_year") or "")
    if found is None or int(found[2]) != (int(found[1]) + 1) % 100:
        return None
    return academic_year_from(int(found[1]))


def read_groups(
    classes: list[Item],
    groups: list[Item] | None,
    year: str | None,
    gone: AbstractSet[str],
) -> Groups:
    """Those of this school year. Links to people who are `gone` are left out."""
    found = Groups()
    registration = list(_registration(groups or []))
    for item in _of_year(registration, year):
        _add(found, item, GroupKind.CLASS, gone)
    for item in _of_year(classes, year):
        is_class = not registration and item.inside("subject").text("id", "name") is None
        _add(found, item, GroupKind.CLASS if is_class else GroupKind.SET, gone)
    return found


def _of_year(items: list[Item], year: str | None) -> Iterator[Item]:
    for item in items:
        if year is None or academic_year_of(item) in (None, year):
            yield item
        else:
            item.remark(Remark.OTHER_SCHOOL_YEAR)


def _registration(groups: list[Item]) -> Iterator[Item]:
    for item in groups:
        if _REGISTRATION.search(item.text("type") or ""):
            yield item
        else:
            item.remark(Remark.GROUP_NOT_USED)


def _add(found: Groups, item: Item, kind: GroupKind, gone: AbstractSet[str]) -> None:
    mis_id = item.id()
    if mis_id is None:
        return
    found.groups[mis_id] = GroupRecord(
        mis_id=mis_id,
        name=item.text("name", "code"),
        group_kind=kind,
        year_group=year_group_of(item.text("year_group") or ""),
        subject=item.inside("subject").text("name"),
    )
    students, employees = item.several("students"), item.several("employees")
    found.members_whole = found.members_whole and students is not None
    found.teachers_whole = found.teachers_whole and employees is not None
    for pupil, _ in _here(students, gone):
        found.memberships[mis_id, pupil] = MembershipRecord(pupil_mis_id=pupil, group_mis_id=mis_id)
    for teacher, employee in _here(employees, gone):
        main = employee.inside("meta").flag("is_main_teacher")
        found.teachings[mis_id, teacher] = TeachingRecord(
            staff_mis_id=teacher, group_mis_id=mis_id, main=main
        )


def _here(people: list[Item] | None, gone: AbstractSet[str]) -> Iterator[tuple[str, Item]]:
    for person in people or []:
        mis_id = person.id()
        if mis_id in gone:
            person.remark(Remark.LINK_OF_LEAVER)
        elif mis_id is not None:
            yield mis_id, person
