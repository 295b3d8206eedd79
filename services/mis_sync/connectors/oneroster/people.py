"""Pupils, staff and families of the chosen school, from users, roles and demographics (R17).

What the export does not carry stays `None`, which is no information and blanks nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date

from services.mis_sync.connectors.findings import Findings, Remark
from services.mis_sync.connectors.oneroster.export import Export
from services.mis_sync.connectors.oneroster.grades import GradeReader
from services.mis_sync.connectors.oneroster.roles import Part, PersonRole
from services.mis_sync.connectors.oneroster.rows import DemographicsRow, UserRow
from services.mis_sync.connectors.values import can_be_birth, email_of, has_upn_form, sex_of
from shared.contracts.mis import ContactRecord, PupilRecord, StaffRecord
from shared.contracts.vocabulary import ContactRelationship, Sex

__all__ = ["People", "read_people"]

MAX_USER_ID = 64
_USER_IDS = re.compile(r"(\s*\{[^:{}]+:[^{}]*\}\s*,?)*")
_USER_ID = re.compile(r"\{([^:{}]+):([^{}]*)\}")
_SEX_NOT_TOLD = "unspecified"


@dataclass
class People:
    """The people by their ids; `complete`: whoever is not among them is not at the school."""

    complete: bool
    pupils: dict[str, PupilRecord] = field(default_factory=dict)
    staff: dict[str, StaffRecord] = field(default_factory=dict)
    contacts: dict[str, ContactRecord] = field(default_factory=dict)
    relations: dict[str, ContactRelationship] = field(default_factory=dict)
    """What a contact is to the pupils they belong to."""
    teachers: set[str] = field(default_factory=set)
    """Staff whose role says that they teach."""
    places: dict[str, str] = field(default_factory=dict)
    """Where each stands in the export, for remarks."""


def read_people(
    export: Export,
    roles: tuple[PersonRole, ...],
    grades: GradeReader,
    today: date,
    findings: Findings,
) -> People:
    """Read the people who have a part at the school. Problems go to `findings`."""
    roles_whole = export.roles.bulk or export.roles_in_users
    people = People(complete=export.users.bulk and roles_whole)
    users, details = export.users.by_id(), export.demographics.by_id()
    builder = _Builder(export, grades, today, findings)
    for role in roles:
        user = users.get(role.user_id)
        if role.removed:
            _remove(export, people, role, user, findings)
        elif user is None:
            findings.remark(Remark.PERSON_NOT_SENT, export.roles.file)
        else:
            people.places[role.user_id] = export.users.place(user)
            _add(people, role, user, details.get(role.user_id), builder)
    for row in export.demographics.rows:
        if row.sourced_id not in users:
            findings.remark(Remark.PERSON_NOT_SENT, export.demographics.place(row))
    return people


def _add(
    people: People,
    role: PersonRole,
    user: UserRow,
    details: DemographicsRow | None,
    builder: _Builder,
) -> None:
    if role.part is Part.PUPIL:
        people.pupils[role.user_id] = builder.pupil(user, details)
    elif role.part is Part.STAFF:
        people.staff[role.user_id] = builder.staff(user)
        if role.teaches:
            people.teachers.add(role.user_id)
    else:
        people.contacts[role.user_id] = builder.contact(user)
        if role.relation is not None:
            people.relations[role.user_id] = role.relation


def _remove(
    export: Export, people: People, role: PersonRole, user: UserRow | None, findings: Findings
) -> None:
    """In a bulk export leaving them out says it; a delta must say it."""
    if people.complete:
        if user is not None:
            findings.remark(Remark.REMOVED_IN_BULK, export.users.place(user))
    elif role.part is Part.PUPIL:
        people.pupils[role.user_id] = PupilRecord(mis_id=role.user_id, removed=True)
    elif role.part is Part.STAFF:
        people.staff[role.user_id] = StaffRecord(mis_id=role.user_id, removed=True)
    else:
        people.contacts[role.user_id] = ContactRecord(mis_id=role.user_id, removed=True)


@dataclass(frozen=True)
class _Builder:
    export: Export
    grades: GradeReader
    today: date
    findings: Findings

    def pupil(self, user: UserRow, details: DemographicsRow | None) -> PupilRecord:
        ids = self._user_ids(user)
        former = ids.get("formerupn")
        record = PupilRecord(
            mis_id=user.sourced_id,
            upn=ids.get("upn") or self._identifier_as_upn(user),
            former_upns=(former,) if former else (),
            legal_forename=user.given_name,
            legal_surname=self._family_name(user),
            preferred_forename=user.preferred_given_name,
            preferred_surname=user.preferred_family_name,
            middle_names=user.middle_name,
            date_of_birth=None if details is None else self._birth_date(details),
            sex=None if details is None else self._sex(details),
            year_group=self.grades.year_group(user.grades, self.export.users, user),
        )
        if record.upn is None:
            self._remark(Remark.PUPIL_WITHOUT_UPN, user)
        if record.date_of_birth is None:
            self._remark(Remark.PUPIL_WITHOUT_BIRTH_DATE, user)
        return record

    def staff(self, user: UserRow) -> StaffRecord:
        return StaffRecord(
            mis_id=user.sourced_id,
            staff_code=self._user_ids(user).get("staffcode") or user.identifier,
            forename=user.preferred_given_name or user.given_name,
            surname=user.preferred_family_name or self._family_name(user),
            email=self._email(user),
        )

    def contact(self, user: UserRow) -> ContactRecord:
        """Somebody of a pupil's family, whose surname the school need not know."""
        return ContactRecord(
            mis_id=user.sourced_id,
            forename=user.preferred_given_name or user.given_name,
            surname=user.preferred_family_name or user.family_name,
            email=self._email(user),
        )

    def _remark(self, remark: Remark, user: UserRow) -> None:
        self.findings.remark(remark, self.export.users.place(user))

    def _family_name(self, user: UserRow) -> str | None:
        if user.given_name is None:
            self._remark(Remark.BLANK_GIVEN_NAME, user)
        if user.family_name is None:
            self._remark(Remark.NAME_BLANK, user)
        return user.family_name

    def _user_ids(self, user: UserRow) -> dict[str, str]:
        """The ids of `{Type:Id},{Type:Id}` by their type in lower case."""
        text = user.user_ids or ""
        found = {kind.strip().lower(): id_.strip() for kind, id_ in _USER_ID.findall(text)}
        if not _USER_IDS.fullmatch(text) or any(len(id_) > MAX_USER_ID for id_ in found.values()):
            self._remark(Remark.USER_IDS_NOT_UNDERSTOOD, user)
            return {}
        return found

    def _identifier_as_upn(self, user: UserRow) -> str | None:
        if user.identifier is None:
            return None
        if has_upn_form(user.identifier):
            return user.identifier
        self._remark(Remark.IDENTIFIER_NOT_UPN, user)
        return None

    def _birth_date(self, details: DemographicsRow) -> date | None:
        born = details.birth_date
        if born is not None and not can_be_birth(born, self.today):
            place = self.export.demographics.place(details)
            self.findings.remark(Remark.BIRTH_DATE_NOT_USED, place)
            return None
        return born

    def _sex(self, details: DemographicsRow) -> Sex | None:
        if details.sex in (None, _SEX_NOT_TOLD):
            return None
        sex = sex_of(details.sex)
        if sex is None:
            place = self.export.demographics.place(details)
            self.findings.remark(Remark.SEX_NOT_UNDERSTOOD, place)
        return sex

    def _email(self, user: UserRow) -> str | None:
        if user.email is None:
            return None
        email = email_of(user.email)
        if email is None:
            self._remark(Remark.EMAIL_NOT_UNDERSTOOD, user)
        return email
