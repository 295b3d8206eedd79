"""The tables, the names of their files, and the headings that each field of a row goes by.

Of the headings of one field the first that is there counts. Roster's imports know pupils' headings
too; connectors stand alone, so these are their own, and speak of ids that an import has none of.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from enum import StrEnum

__all__ = ["FILES", "REQUIRED", "Table", "first_heading", "heading_key", "recognise"]


class Table(StrEnum):
    """One table, and so one file; links hold memberships and teachings, contacts what they are to
    which pupil."""

    PUPILS = "pupils"
    STAFF = "staff"
    GROUPS = "groups"
    LINKS = "links"
    CONTACTS = "contacts"


_STEMS = {
    Table.PUPILS: ("pupils", "students", "learners"),
    Table.STAFF: ("staff", "teachers", "employees"),
    Table.GROUPS: ("groups", "classes"),
    Table.LINKS: ("links", "enrolments", "enrollments"),
    Table.CONTACTS: ("contacts", "parents", "guardians"),
}
FILES = {
    f"{stem}.{ending}": table
    for table, stems in _STEMS.items()
    for stem in stems
    for ending in ("csv", "tsv", "txt")
}
"""Names in lower case → the table."""

_PUPIL_ID = ("Pupil ID", "Student ID", "Learner ID", "Pupil MIS ID", "Student MIS ID")
_STAFF_ID = ("Staff ID", "Teacher ID", "Employee ID", "Staff member ID", "Staff MIS ID")
_GROUP_ID = ("Group ID", "Class ID", "Section ID", "Group MIS ID", "Class MIS ID")
_OWN_ID = ("MIS ID", "Person ID", "sourcedId", "ID")
_YEAR_GROUP = ("Year group", "NC year", "NCyearActual", "National curriculum year", "Year")
_SYNONYMS: dict[Table, dict[str, tuple[str, ...]]] = {
    Table.PUPILS: {
        "mis_id": (*_PUPIL_ID, *_OWN_ID, "Admission number"),
        "upn": ("UPN", "Unique Pupil Number"),
        "former_upn": ("Former UPN", "Previous UPN"),
        "legal_forename": (
            *("Legal forename", "Legal first name", "Forename", "First name", "Given name"),
        ),
        "legal_surname": (
            *("Legal surname", "Legal last name", "Surname", "Last name", "Family name"),
        ),
        "preferred_forename": (
            *("Preferred forename", "Preferred first name", "Preferred given name", "Known as"),
            *("Forename", "First name"),
        ),
        "preferred_surname": (
            *("Preferred surname", "Preferred last name", "Preferred family name"),
            *("Surname", "Last name"),
        ),
        "middle_names": ("Middle names", "Middle name(s)", "Middle name"),
        "date_of_birth": ("Date of birth", "DOB", "Birth date"),
        "sex": ("Sex", "Gender"),
        "year_group": _YEAR_GROUP,
        "ethnicity": ("Ethnicity code", "Ethnicity", "Ethnic group"),
        "first_language": ("First language code", "First language", "Language code", "Language"),
        "sen_provision": ("SEN provision", "SEN status", "SEN code", "SEN", "SEND"),
        "free_school_meals": (
            *("Free school meals", "FSM", "FSM eligible", "FSMeligible", "Eligible for FSM"),
        ),
        "pupil_premium": ("Pupil premium", "PP", "Pupil premium indicator", "Premium pupil"),
        "in_care": ("In care", "InCare", "In LA care", "In LEA care", "Looked after", "LAC"),
    },
    Table.STAFF: {
        "mis_id": (*_STAFF_ID, *_OWN_ID),
        "staff_code": ("Staff code", "Teacher code", "Code", "Initials"),
        "title": ("Title",),
        "forename": ("Preferred forename", "Known as", "Forename", "First name", "Given name"),
        "surname": ("Preferred surname", "Surname", "Last name", "Family name"),
        "email": ("Work email", "Email", "Email address"),
    },
    Table.GROUPS: {
        "mis_id": (*_GROUP_ID, "MIS ID", "sourcedId", "ID"),
        "name": ("Group name", "Class name", "Name", "Group", "Class", "Title"),
        "group_kind": ("Group kind", "Kind", "Group type", "Class type", "Type"),
        "year_group": _YEAR_GROUP,
        "subject": ("Subject", "Subject name"),
    },
    Table.LINKS: {
        "group_id": (*_GROUP_ID, "Group", "Class"),
        "pupil_id": (*_PUPIL_ID, "UPN"),
        "staff_id": _STAFF_ID,
        "person_id": ("Person ID", "User ID", "MIS ID", "ID"),
        "role": ("Role", "Person kind", "Link kind"),
        "main": ("Main", "Main teacher", "Primary", "Is main"),
    },
    Table.CONTACTS: {
        "mis_id": ("Contact ID", "Parent ID", "Guardian ID", "Contact MIS ID", *_OWN_ID),
        "pupil_id": (*_PUPIL_ID, "UPN"),
        "title": ("Title",),
        "forename": ("Forename", "First name", "Given name"),
        "surname": ("Surname", "Last name", "Family name"),
        "email": ("Email", "Email address", "Home email"),
        "relationship": ("Relationship", "Relationship to pupil", "Relation"),
        "responsibility": ("Parental responsibility", "Responsibility", "PR"),
    },
}
REQUIRED = {
    Table.PUPILS: ("mis_id", "legal_surname"),
    Table.STAFF: ("mis_id", "surname"),
    Table.GROUPS: ("mis_id", "name"),
    Table.LINKS: ("group_id",),
    Table.CONTACTS: ("mis_id", "pupil_id"),
}
_NOT_WORD = re.compile(r"[\W_]+")


def recognise(table: Table, headings: Sequence[str]) -> dict[str, int]:
    """Field → its column, for the fields whose headings are there."""
    free: dict[str, int] = {}
    for column, heading in enumerate(headings):
        if key := heading_key(heading):
            free.setdefault(key, column)
    found: dict[str, int] = {}
    for name, synonyms in _SYNONYMS[table].items():
        best = next((key for key in map(heading_key, synonyms) if key in free), None)
        if best is not None:
            found[name] = free.pop(best)
    return found


def first_heading(table: Table, name: str) -> str:
    """What the field is best called."""
    return _SYNONYMS[table][name][0]


def heading_key(heading: str) -> str:
    """Without case, accents and punctuation: `E-mail Address*` → `emailaddress`."""
    plain = unicodedata.normalize("NFKD", heading).casefold()
    letters = "".join(c for c in plain if not unicodedata.combining(c))
    return _NOT_WORD.sub("", letters)
