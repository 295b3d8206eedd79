"""The rows of the tables as records, each table with what it needs to be trusted (R17)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Generic, TypeVar

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
from shared.contracts.envelope import Contract
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
    "Told",
    "email_in",
    "is_known",
    "one_way",
    "read_groups",
    "read_links",
    "read_pupils",
    "read_staff",
]

R = TypeVar("R", bound=Contract)

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
    found = Told[PupilRecord]()
    for row in sheet.rows:
        mis_id = _pupil_id(row, whole=whole)
        if mis_id is None:
            continue
        record = PupilRecord(
            mis_id=mis_id,
            upn=row.text("upn"),
            former_upns=_former_upns(row),
            legal_forename=row.text("legal_forename"),
            legal_surname=row.name("legal_surname"),
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
        found.add(row, mis_id, record)
        _remark_gaps(row)
    return found.agreed()


def _pupil_id(row: Row, *, whole: bool) -> str | None:
    if not _known_by_upn(row):
        mis_id = row.id("mis_id")
        return None if mis_id is None else one_way(mis_id)
    upn = row.text("upn")
    if upn is not None:
        return one_way(upn)
    if whole:
        # It may be one who had a UPN the night before, and is not gone for that.
        row.leave_out(Remark.LEFT_OUT_WITHOUT_UPN, fault=False)
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
    found = Told[StaffRecord]()
    for row in sheet.rows:
        mis_id = row.id("mis_id")
        if mis_id is None:
            continue
        record = StaffRecord(
            mis_id=mis_id,
            staff_code=row.text("staff_code"),
            title=row.text("title"),
            forename=row.text("forename"),
            surname=row.name("surname"),
            email=email_in(row),
        )
        found.add(row, mis_id, record)
    return found.agreed()


def email_in(row: Row) -> str | None:
    given = row.text("email")
    email = None if given is None else email_of(given)
    if given is not None and email is None:
        row.remark(Remark.EMAIL_NOT_UNDERSTOOD)
    return email


def read_groups(sheet: Sheet) -> dict[str, GroupRecord]:
    """By id."""
    found = Told[GroupRecord]()
    for row in sheet.rows:
        mis_id = row.id("mis_id")
        if mis_id is None:
            continue
        kind = (row.text("group_kind") or "").lower()
        if kind and kind not in _KINDS:
            row.remark(Remark.GROUP_KIND_NOT_UNDERSTOOD)
        record = GroupRecord(
            mis_id=mis_id,
            name=row.name("name"),
            group_kind=_KINDS.get(kind),
            year_group=_year_group(row),
            subject=row.text("subject"),
        )
        found.add(row, mis_id, record)
    return found.agreed()


class Told(Generic[R]):
    """What the lines say of each id. Reports that list somebody once for each of several things,
    such as needs or phones, have them on as many lines."""

    def __init__(self) -> None:
        self._records: dict[Any, list[R]] = {}

    def add(self, row: Row, key: Any, record: R) -> None:
        known = self._records.setdefault(key, [])
        if known and record not in known:
            row.remark(Remark.SAID_TWICE)
        known.append(record)

    def agreed(self) -> dict[Any, R]:
        """One record each; what the lines do not agree on is no information (R17)."""
        return {
            key: records[0] if len(records) == 1 else _agreed(records)
            for key, records in self._records.items()
        }


def _agreed(records: Sequence[R]) -> R:
    update = {}
    for name, known in type(records[0]).model_fields.items():
        said = {value for each in records if (value := getattr(each, name)) not in (None, ())}
        update[name] = said.pop() if len(said) == 1 else known.default
    return records[0].model_copy(update=update)


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
        group = row.id("group_id")
        if group is None:
            continue
        pupil, staff = _people(row)
        main = row.flag("main")
        if not is_known(row, group, known.groups):
            continue
        if pupil is not None and is_known(row, one_way(pupil), known.pupils):
            pupil = one_way(pupil)
            links.memberships[group, pupil] = MembershipRecord(
                pupil_mis_id=pupil, group_mis_id=group
            )
        if staff is not None and is_known(row, staff, known.staff):
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
            row.leave_out()
        return pupil, staff
    person, role = row.text("person_id"), (row.text("role") or "").lower()
    if person is not None and role in _PUPIL:
        return person, None
    if person is not None and role in _TEACHER:
        return None, person
    row.leave_out()
    return None, None


def is_known(row: Row, mis_id: str, known: frozenset[str] | None) -> bool:
    """Whether a table that is whole has it; who is not in it is not at the school (R18)."""
    if known is None or mis_id in known:
        return True
    row.remark(Remark.LINK_OF_UNKNOWN)
    return False


def _either(one: bool | None, other: bool | None) -> bool | None:
    return one or other if None not in (one, other) else (one if other is None else other)
