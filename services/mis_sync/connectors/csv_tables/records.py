"""The rows of the tables as records, each table with what it needs to be trusted (R17)."""

from __future__ import annotations

import re
from collections.abc import Container
from dataclasses import dataclass, field
from datetime import date

from services.mis_sync.connectors.csv_tables.rows import Dates, Row, Sheet
from services.mis_sync.connectors.findings import Remark
from services.mis_sync.connectors.values import (
    email_of,
    has_upn_form,
    sen_of,
    sex_of,
    upn_as_id,
    year_group_of,
)
from shared.contracts.mis import (
    GroupRecord,
    MembershipRecord,
    PupilRecord,
    StaffRecord,
    TeachingRecord,
)
from shared.contracts.vocabulary import GroupKind, Sex, YearGroup

__all__ = [
    "Known",
    "Links",
    "email_in",
    "must_be_known",
    "one_way",
    "read_groups",
    "read_links",
    "read_pupils",
    "read_staff",
]

_CLASS = ("class", "registration", "registration group", "reg", "form", "tutor group", "homeroom")
_SET = ("set", "teaching group", "teaching", "scheduled", "group", "subject", "intervention")
_KINDS = {**dict.fromkeys(_CLASS, GroupKind.CLASS), **dict.fromkeys(_SET, GroupKind.SET)}
_PUPIL = ("pupil", "student", "learner", "member", "membership")
_TEACHER = ("teacher", "staff", "teaching")
_UPNS = re.compile(r"[,;/\s]+(?=[A-Za-z]\d{11})", re.ASCII)


def read_pupils(
    sheet: Sheet, *, whole: bool, dates: Dates | None, today: date
) -> dict[str, PupilRecord]:
    """By id. Without a column of ids the UPN is the id, and who has none cannot be told."""
    found: dict[str, PupilRecord] = {}
    for row in sheet.rows:
        mis_id = _pupil_id(row, whole=whole)
        if mis_id is None or _twice(row, mis_id, found):
            continue
        found[mis_id] = PupilRecord(
            mis_id=mis_id,
            upn=row.text("upn"),
            former_upns=_former_upns(row),
            legal_forename=row.text("legal_forename"),
            legal_surname=row.required("legal_surname"),
            preferred_forename=row.text("preferred_forename"),
            preferred_surname=row.text("preferred_surname"),
            middle_names=row.text("middle_names"),
            date_of_birth=row.birth_date("date_of_birth", dates, today),
            sex=_sex(row),
            year_group=_year_group(row),
            ethnicity=row.code("ethnicity"),
            first_language=row.code("first_language"),
            sen_provision=_sen_provision(row),
            free_school_meals=row.flag("free_school_meals"),
            pupil_premium=row.flag("pupil_premium"),
            in_care=row.flag("in_care"),
        )
        _remark_gaps(row)
    return found


def _pupil_id(row: Row, *, whole: bool) -> str | None:
    if not _known_by_upn(row):
        mis_id = row.required("mis_id")
        return None if mis_id is None else one_way(mis_id)
    upn = row.text("upn")
    if upn is not None:
        return one_way(upn)
    if whole:
        row.problem("A pupil without a UPN, in a complete table without a column of ids.", "upn")
    else:
        row.remark(Remark.LEFT_OUT_WITHOUT_UPN)
    return None


def _sen_provision(row: Row) -> str | None:
    """A code, or the words for one."""
    known = sen_of(row.text("sen_provision") or "")
    return known or row.code("sen_provision")


def one_way(mis_id: str) -> str:
    """An id that is a UPN in one way of writing, so that links and pupils agree on it."""
    return upn_as_id(mis_id) if has_upn_form(mis_id) else mis_id


def _known_by_upn(row: Row) -> bool:
    return row.headings.get("mis_id") == row.headings.get("upn")


def _former_upns(row: Row) -> tuple[str, ...]:
    text = row.text("former_upn")
    return () if text is None else tuple(dict.fromkeys(_UPNS.split(text)))


def _sex(row: Row) -> Sex | None:
    text = row.text("sex")
    sex = None if text is None else sex_of(text)
    if text is not None and sex is None:
        row.remark(Remark.SEX_NOT_UNDERSTOOD)
    return sex


def _year_group(row: Row) -> YearGroup | None:
    text = row.text("year_group")
    year_group = None if text is None else year_group_of(text)
    if text is not None and year_group is None:
        row.remark(Remark.YEAR_GROUP_NOT_USED)
    return year_group


def _remark_gaps(row: Row) -> None:
    for name, remark in (
        ("upn", Remark.PUPIL_WITHOUT_UPN),
        ("date_of_birth", Remark.PUPIL_WITHOUT_BIRTH_DATE),
        ("legal_forename", Remark.BLANK_GIVEN_NAME),
    ):
        if name not in row.cells:
            row.remark(remark)


def read_staff(sheet: Sheet) -> dict[str, StaffRecord]:
    """By id."""
    found: dict[str, StaffRecord] = {}
    for row in sheet.rows:
        mis_id = row.required("mis_id")
        if mis_id is None or _twice(row, mis_id, found):
            continue
        found[mis_id] = StaffRecord(
            mis_id=mis_id,
            staff_code=row.text("staff_code"),
            title=row.text("title"),
            forename=row.text("forename"),
            surname=row.required("surname"),
            email=email_in(row),
        )
    return found


def email_in(row: Row) -> str | None:
    given = row.text("email")
    email = None if given is None else email_of(given)
    if given is not None and email is None:
        row.remark(Remark.EMAIL_NOT_UNDERSTOOD)
    return email


def read_groups(sheet: Sheet) -> dict[str, GroupRecord]:
    """By id."""
    found: dict[str, GroupRecord] = {}
    for row in sheet.rows:
        mis_id = row.required("mis_id")
        if mis_id is None or _twice(row, mis_id, found):
            continue
        kind = (row.text("group_kind") or "").lower()
        if kind and kind not in _KINDS:
            row.problem(f"{kind} is neither a class nor a set.", "group_kind")
        found[mis_id] = GroupRecord(
            mis_id=mis_id,
            name=row.required("name"),
            group_kind=_KINDS.get(kind),
            year_group=_year_group(row),
            subject=row.text("subject"),
        )
    return found


def _twice(row: Row, mis_id: str, found: Container[str]) -> bool:
    if mis_id in found:
        row.problem("The id is there twice.", "mis_id")
    return mis_id in found


@dataclass
class Links:
    """By group and person, each once."""

    memberships: dict[tuple[str, str], MembershipRecord] = field(default_factory=dict)
    teachings: dict[tuple[str, str], TeachingRecord] = field(default_factory=dict)


@dataclass(frozen=True)
class Known:
    """The ids of the tables that are complete; of the others any may be meant."""

    pupils: frozenset[str] | None
    staff: frozenset[str] | None
    groups: frozenset[str] | None


def read_links(sheet: Sheet, known: Known) -> Links:
    """A row may name a pupil, a member of staff, or both; or a person, and which they are."""
    links = Links()
    for row in sheet.rows:
        group = row.required("group_id")
        pupil, staff = _people(row)
        main = row.yes_or_no("main")
        if group is None:
            continue
        must_be_known(row, "group_id", group, known.groups, "group")
        if pupil is not None:
            pupil = one_way(pupil)
            must_be_known(row, "pupil_id", pupil, known.pupils, "pupil")
            links.memberships[group, pupil] = MembershipRecord(
                pupil_mis_id=pupil, group_mis_id=group
            )
        if staff is not None:
            must_be_known(row, "staff_id", staff, known.staff, "member of staff")
            before = links.teachings.get((group, staff))
            links.teachings[group, staff] = TeachingRecord(
                staff_mis_id=staff,
                group_mis_id=group,
                main=main if before is None else _either(before.main, main),
            )
    return links


def _people(row: Row) -> tuple[str | None, str | None]:
    """The pupil and the member of staff of a row."""
    pupil, staff = row.text("pupil_id"), row.text("staff_id")
    if "pupil_id" in row.headings or "staff_id" in row.headings:
        if "pupil_id" not in row.cells and "staff_id" not in row.cells:
            row.problem("The row names neither a pupil nor a member of staff.", "pupil_id")
        return pupil, staff
    person, role = row.required("person_id"), row.required("role")
    if role is None or role.lower() in _PUPIL:
        return person, None
    if role.lower() not in _TEACHER:
        row.problem(f"{role} is neither pupil nor teacher.", "role")
    return None, person


def must_be_known(
    row: Row, name: str, mis_id: str, known: frozenset[str] | None, what: str
) -> None:
    if known is not None and mis_id not in known:
        row.problem(
            f"There is no {what} {mis_id[:60]} in that table, though it is complete.",
            name if name in row.headings else "person_id",
        )


def _either(one: bool | None, other: bool | None) -> bool | None:
    return one or other if None not in (one, other) else (one if other is None else other)
