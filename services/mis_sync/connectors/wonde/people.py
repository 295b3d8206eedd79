"""Pupils, their families and staff as Wonde has them (R17).

What Wonde calls `surname` and `forename` is what somebody goes by; the legal names come beside
them, or as null where the school has not granted them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from services.mis_sync.connectors.findings import Remark
from services.mis_sync.connectors.values import (
    email_of,
    relationship_of,
    sen_of,
    sex_of,
    year_group_of,
)
from services.mis_sync.connectors.wonde.items import Item
from shared.contracts.mis import ContactRecord, PupilRecord, RelationshipRecord, StaffRecord
from shared.contracts.vocabulary import ContactRelationship, Sex, YearGroup

__all__ = ["Families", "read_families", "read_pupils", "read_staff"]


def read_pupils(students: list[Item], today: date) -> dict[str, PupilRecord]:
    """By their ids."""
    found = {}
    for student in students:
        mis_id = student.id()
        if mis_id is None:
            continue
        record = _pupil(student, mis_id, today)
        if record.upn is None:
            student.remark(Remark.PUPIL_WITHOUT_UPN)
        if record.date_of_birth is None:
            student.remark(Remark.PUPIL_WITHOUT_BIRTH_DATE)
        found[mis_id] = record
    return found


def _pupil(student: Item, mis_id: str, today: date) -> PupilRecord:
    education, extended = student.inside("education_details"), student.inside("extended_details")
    legal = student.text("legal_surname") is not None or student.text("legal_forename") is not None
    forename, surname = student.text("forename"), student.text("surname")
    former = education.text("former_upn")
    return PupilRecord(
        mis_id=mis_id,
        upn=education.text("upn"),
        former_upns=() if former is None else (former,),
        legal_forename=student.text("legal_forename") or forename,
        legal_surname=student.text("legal_surname") or surname,
        preferred_forename=forename if legal else None,
        preferred_surname=surname if legal else None,
        middle_names=student.text("middle_names"),
        date_of_birth=student.birth_date("date_of_birth", today),
        sex=_sex(student),
        year_group=_year_group(education),
        ethnicity=extended.code("ethnicity_code", "ethnicity"),
        first_language=extended.code("first_language_code", "first_language"),
        sen_provision=_sen(extended),
        free_school_meals=extended.flag("free_school_meals", "fsm"),
        pupil_premium=extended.flag("premium_pupil_indicator", "premium_pupil"),
        in_care=extended.flag("in_lea_care"),
    )


def _sex(student: Item) -> Sex | None:
    text = student.text("gender")
    sex = None if text is None else sex_of(text)
    if text is not None and sex is None:
        student.remark(Remark.SEX_NOT_UNDERSTOOD)
    return sex


def _year_group(education: Item) -> YearGroup | None:
    text = education.text("current_nc_year")
    year_group = None if text is None else year_group_of(text)
    if text is not None and year_group is None:
        education.remark(Remark.YEAR_GROUP_NOT_USED)
    return year_group


def _sen(extended: Item) -> str | None:
    """A code, or the words for one."""
    known = sen_of(extended.text("sen_status", "sen") or "")
    return known or extended.code("sen_status", "sen")


def read_staff(employees: list[Item]) -> dict[str, StaffRecord]:
    """By their ids."""
    found = {}
    for employee in employees:
        mis_id = employee.id()
        if mis_id is not None:
            found[mis_id] = StaffRecord(
                mis_id=mis_id,
                title=employee.text("title"),
                forename=employee.text("forename", "legal_forename"),
                surname=employee.text("surname", "legal_surname"),
                email=_email(employee, "work", "email", "primary"),
            )
    return found


@dataclass
class Families:
    """Contacts by their ids, what they are to pupils by (pupil, contact)."""

    whole: bool
    """Whether the contacts of every pupil were told, so that none is missing."""
    contacts: dict[str, ContactRecord] = field(default_factory=dict)
    relationships: dict[tuple[str, str], RelationshipRecord] = field(default_factory=dict)


def read_families(students: list[Item]) -> Families:
    """A contact of brothers and sisters comes with each of them, and is one."""
    families = Families(whole=bool(students))
    for student in students:
        pupil, contacts = student.text("id"), student.several("contacts")
        families.whole = families.whole and contacts is not None
        for contact in contacts or []:
            mis_id = contact.id()
            if pupil is None or mis_id is None:
                continue
            families.contacts.setdefault(mis_id, _contact(contact, mis_id))
            families.relationships[pupil, mis_id] = _relationship(contact, pupil, mis_id)
    return families


def _contact(contact: Item, mis_id: str) -> ContactRecord:
    return ContactRecord(
        mis_id=mis_id,
        title=contact.text("title"),
        forename=contact.text("forename", "legal_forename"),
        surname=contact.text("surname", "legal_surname"),
        email=_email(contact, "email", "primary", "home", "work"),
    )


def _relationship(contact: Item, pupil: str, mis_id: str) -> RelationshipRecord:
    if isinstance(contact.fields.get("relationship"), str):
        words, responsible = contact.text("relationship"), None
    else:
        inside = contact.inside("relationship")
        words, responsible = inside.text("relationship"), inside.flag("parental_responsibility")
    return RelationshipRecord(
        pupil_mis_id=pupil,
        contact_mis_id=mis_id,
        relationship=_what(contact, words),
        responsibility=responsible,
    )


def _what(contact: Item, words: str | None) -> ContactRelationship | None:
    found = None if words is None else relationship_of(words)
    if words is not None and found is None:
        contact.remark(Remark.RELATIONSHIP_NOT_UNDERSTOOD)
    return found


def _email(person: Item, *names: str) -> str | None:
    given = person.inside("contact_details").inside("emails").text(*names) or person.text("email")
    email = None if given is None else email_of(given)
    if given is not None and email is None:
        person.remark(Remark.EMAIL_NOT_UNDERSTOOD)
    return email
