"""What the demo makes by hand before the first snapshot, and what is true of the export.

For the demo command and the tests, so that neither must look inside the generator.
"""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

from services.mis_sync.connectors.demo_school.model import Group, Night, Pupil, School
from services.mis_sync.connectors.demo_school.school import demo_school
from services.mis_sync.connectors.demo_school.staff import (
    DEPUTY_ID,
    DOMAIN,
    HAND_MADE_CLASS_ID,
    SAME_NAME_ID,
)

__all__ = ["DemoExpectations", "demo_expectations"]

SCHOOL_NAME = "Heron Park Primary School"
POSTCODE = "NG7 5PN"


class _Shape(BaseModel):
    model_config = ConfigDict(frozen=True)


class DemoSchool(_Shape):
    name: str
    postcode: str
    first_year_group: str
    last_year_group: str
    admin_email: str
    academic_year: str


class UserByHand(_Shape):
    """A user to be made by hand before; `mis_id` is who they are in the MIS."""

    title: str
    forename: str
    surname: str
    email: str
    role: str
    staff_code: str | None
    mis_id: str
    expected_match: str
    """`matched` by e-mail, or `may_match` by name."""


class GroupByHand(_Shape):
    """A class to be made by hand before, as `mis_id` is named in the MIS."""

    name: str
    kind: str
    year_group: str
    mis_id: str


class ExpectedGroup(_Shape):
    mis_id: str
    name: str
    kind: str
    year_group: str | None
    """`None` for a joint class."""
    pupil_ids: tuple[str, ...]
    """Those with a UPN, whom the sync brings in."""
    pupils_without_upn: tuple[str, ...]
    teacher_ids: tuple[str, ...]


class ExpectedCounts(_Shape):
    """Of the export. 'Valid' is a UPN that is right once its case and spaces are forgiven."""

    pupils: int
    pupils_with_valid_upn: int
    pupils_with_temporary_upn: int
    pupils_without_upn: int
    groups: int
    classes: int
    sets: int
    staff: int
    staff_teaching: int
    staff_not_teaching: int
    teachers_without_class: int
    guardians: int
    contacts: int
    """The guardians, and staff who are one as well."""
    relationships: int
    memberships: int
    memberships_with_valid_upn: int
    teachings: int


class ExpectedNight(_Shape):
    """Ids of who joined, left, changed class and got their UPN before one night's export."""

    day: int
    joined: str
    left: str
    moved: str
    upn_filled_in: str | None


class DemoExpectations(_Shape):
    school: DemoSchool
    users_by_hand: tuple[UserByHand, ...]
    groups_by_hand: tuple[GroupByHand, ...]
    counts: ExpectedCounts
    groups: tuple[ExpectedGroup, ...]
    pupils_without_upn: tuple[str, ...]
    staff_teaching: tuple[str, ...]
    staff_not_teaching: tuple[str, ...]
    nights: tuple[ExpectedNight, ...]


def demo_expectations(seed: int, starts: int, day: int = 0) -> DemoExpectations:
    """What holds for the export that is made with the same arguments."""
    school = demo_school(seed, starts, day)
    teaching = {id_ for group in school.groups for id_ in group.teacher_ids}
    return DemoExpectations(
        school=DemoSchool(
            name=SCHOOL_NAME,
            postcode=POSTCODE,
            first_year_group="R",
            last_year_group="6",
            admin_email=f"office@{DOMAIN}",
            academic_year=school.academic_year,
        ),
        users_by_hand=_users_by_hand(school),
        groups_by_hand=_groups_by_hand(school),
        counts=_counts(school, teaching),
        groups=tuple(_group(school, group) for group in school.groups),
        pupils_without_upn=tuple(sorted(p.id for p in school.pupils if p.upn is None)),
        staff_teaching=tuple(sorted(teaching)),
        staff_not_teaching=tuple(sorted({each.id for each in school.staff} - teaching)),
        nights=tuple(_night(night) for night in school.nights),
    )


def _users_by_hand(school: School) -> tuple[UserByHand, ...]:
    """The deputy by their own address; a teacher under another than the MIS has."""
    staff = {member.id: member for member in school.staff}
    deputy, teacher = staff[DEPUTY_ID], staff[SAME_NAME_ID]
    return (
        UserByHand(
            title=deputy.title,
            forename=deputy.forename,
            surname=deputy.surname,
            email=str(deputy.email),
            role="slt",
            staff_code=None,
            mis_id=deputy.id,
            expected_match="matched",
        ),
        UserByHand(
            title=teacher.title,
            forename=teacher.forename,
            surname=teacher.surname,
            email="priya.shah@mailbox.example",
            role="teacher",
            staff_code=None,
            mis_id=teacher.id,
            expected_match="may_match",
        ),
    )


def _groups_by_hand(school: School) -> tuple[GroupByHand, ...]:
    group = next(each for each in school.groups if each.id == HAND_MADE_CLASS_ID)
    year_group = group.year_group
    if year_group is None:
        raise LookupError(f"{group.name} is a joint class and cannot be matched by its year")
    return (GroupByHand(name=group.name, kind="class", year_group=year_group, mis_id=group.id),)


def _group(school: School, group: Group) -> ExpectedGroup:
    members = school.members(group)
    return ExpectedGroup(
        mis_id=group.id,
        name=group.name,
        kind="class" if group.is_class else "set",
        year_group=group.year_group,
        pupil_ids=tuple(sorted(pupil.id for pupil in members if pupil.upn)),
        pupils_without_upn=tuple(sorted(pupil.id for pupil in members if not pupil.upn)),
        teacher_ids=group.teacher_ids,
    )


def _counts(school: School, teaching: set[str]) -> ExpectedCounts:
    members = [pupil for group in school.groups for pupil in school.members(group)]
    classes = [group for group in school.groups if group.is_class]
    teachers = {member.id for member in school.staff if member.role == "teacher"}
    return ExpectedCounts(
        pupils=len(school.pupils),
        pupils_with_valid_upn=_with_upn(school.pupils),
        pupils_with_temporary_upn=sum(bool(p.upn and p.upn[-1].isalpha()) for p in school.pupils),
        pupils_without_upn=len(school.pupils) - _with_upn(school.pupils),
        groups=len(school.groups),
        classes=len(classes),
        sets=len(school.groups) - len(classes),
        staff=len(school.staff),
        staff_teaching=len(teaching),
        staff_not_teaching=len(school.staff) - len(teaching),
        teachers_without_class=len(teachers - teaching),
        guardians=len(school.guardians),
        contacts=len(school.guardians) + sum(m.second_role == "guardian" for m in school.staff),
        relationships=sum(len(pupil.guardian_ids) for pupil in school.pupils),
        memberships=len(members),
        memberships_with_valid_upn=_with_upn(members),
        teachings=sum(len(group.teacher_ids) for group in school.groups),
    )


def _with_upn(pupils: tuple[Pupil, ...] | list[Pupil]) -> int:
    """The generator makes no UPN that is wrong, only some that are missing."""
    return sum(pupil.upn is not None for pupil in pupils)


def _night(night: Night) -> ExpectedNight:
    return ExpectedNight(
        day=night.day,
        joined=night.joined,
        left=night.left,
        moved=night.moved,
        upn_filled_in=night.upn_filled_in,
    )
