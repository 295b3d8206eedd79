"""A school at Wonde that holds some records, with Wonde's envelopes, dates and pages.

Written from what Wonde's public clients read, and apart from the connector.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from services.mis_sync.connectors.snapshot import AnyRecord
from shared.contracts.mis import (
    ContactRecord,
    GroupRecord,
    MembershipRecord,
    PupilRecord,
    RelationshipRecord,
    StaffRecord,
    TeachingRecord,
)
from shared.contracts.vocabulary import GroupKind
from tests.mis_sync.connectors.doubles.server import Double, Reply, Sent, reply_json

__all__ = ["SCHOOL", "TOKEN", "WondeService", "lists_of"]

SCHOOL, TOKEN = "A1930499544", "wonde-token-of-this-school"
Objects = list[dict[str, Any]]
_GONE = {PupilRecord: "student", StaffRecord: "employee", ContactRecord: "contact"}


@dataclass
class WondeService:
    lists: dict[str, Objects]
    page_cap: int = 5_000
    not_granted: set[str] = field(default_factory=set)

    def double(self) -> Double:
        return Double(self.answer)

    def configuration(self, double: Double, **more: Any) -> dict[str, Any]:
        return {"school": SCHOOL, "token": TOKEN, "url": f"{double.origin}/v1.0", **more}

    def answer(self, sent: Sent) -> Reply:
        if sent.headers.get("authorization") != f"Bearer {TOKEN}":
            return reply_json({"error": "invalid_token"}, 401)
        name = sent.path.removeprefix(f"/v1.0/schools/{SCHOOL}").strip("/")
        if name == "":
            school = {"id": SCHOOL, "name": "Heron Park", "mis": "Test MIS", "urn": 100000}
            return reply_json({"data": school, "meta": {"includes": []}})
        if name in self.not_granted:
            return reply_json({"error": "permission_denied"}, 403)
        if name not in self.lists:
            return reply_json({"error": "resource_not_found"}, 404)
        page = int(sent.query.get("page", 1))
        size = min(int(sent.query.get("per_page", 50)), self.page_cap)
        items = self.lists[name][(page - 1) * size : page * size]
        more = page * size < len(self.lists[name])
        query = urlencode({**sent.query, "page": page + 1})
        following = f"http://{sent.headers['host']}{sent.path}?{query}" if more else None
        pagination = {
            "next": following, "previous": None, "more": more, "per_page": size,
            "current_page": page,
        }  # fmt: skip
        included = set(sent.query.get("include", "").split(","))
        shown = [_with(item, included) for item in items]
        return reply_json({"data": shown, "meta": {"pagination": pagination, "includes": []}})


_INCLUDES = ("education_details", "extended_details", "contact_details", "contacts", "students",
             "employees", "subject")  # fmt: skip


def _with(item: dict[str, Any], included: set[str]) -> dict[str, Any]:
    """Only what was asked to be included is."""
    shown = {k: v for k, v in item.items() if k not in _INCLUDES or k in included}
    if "contacts" in shown and "contacts.contact_details" not in included:
        contacts = shown["contacts"] and shown["contacts"]["data"]
        shown["contacts"] = {"data": [{**c, "contact_details": None} for c in contacts or []]}
    return shown


def _date(text: str) -> dict[str, Any]:
    return {"date": f"{text} 00:00:00.000000", "timezone_type": 3, "timezone": "UTC"}


def lists_of(records: Iterable[AnyRecord]) -> dict[str, Objects]:
    """What Wonde has of a school with just these records, in 2026/27."""
    held = list(records)
    here = [record for record in held if not record.removed]
    contacts = {r.mis_id: r for r in here if isinstance(r, ContactRecord)}
    related = [record for record in here if isinstance(record, RelationshipRecord)]
    found: dict[str, Objects] = {
        name: []
        for name in (
            *("students", "employees", "classes", "groups", "students-leaver", "deletions"),
        )
    }
    for record in here:
        match record:
            case PupilRecord():
                whose = [r for r in related if r.pupil_mis_id == record.mis_id]
                found["students"].append(_student(record, whose, contacts))
            case StaffRecord():
                found["employees"].append(
                    {
                        "id": record.mis_id,
                        "title": record.title,
                        "forename": record.forename,
                        "surname": record.surname,
                        "contact_details": _details("work", record.email),
                    }
                )
            case GroupRecord():
                registration = record.group_kind is GroupKind.CLASS
                found["groups" if registration else "classes"].append(_group(record, here))
    for record in held:
        if not record.removed:
            continue
        if isinstance(record, PupilRecord):
            found["students-leaver"].append({"id": record.mis_id})
        elif isinstance(record, StaffRecord | ContactRecord | GroupRecord):
            found["deletions"].append(
                {
                    "id": record.mis_id,
                    "type": _GONE.get(type(record), "class"),
                    "deleted_at": _date("2026-11-20"),
                    "restored_at": None,
                }
            )
    return found


def _student(
    record: PupilRecord, related: list[RelationshipRecord], contacts: dict[str, ContactRecord]
) -> dict[str, Any]:
    born = record.date_of_birth
    return {
        "id": record.mis_id,
        "upi": "0",
        "initials": None,
        "forename": record.preferred_forename,
        "surname": record.preferred_surname,
        "legal_forename": record.legal_forename,
        "legal_surname": record.legal_surname,
        "middle_names": record.middle_names,
        "gender": record.sex and {"M": "MALE", "F": "FEMALE", "U": "UNKNOWN"}[record.sex],
        "date_of_birth": None if born is None else _date(born.isoformat()),
        "restored_at": None,
        "education_details": {
            "data": {
                "upn": record.upn,
                "former_upn": record.former_upns[0] if record.former_upns else None,
                "current_nc_year": record.year_group,
            }
        },
        "extended_details": {
            "data": {
                "ethnicity": record.ethnicity,
                "first_language": record.first_language,
                "sen_status": record.sen_provision,
                "free_school_meals": record.free_school_meals,
                "premium_pupil_indicator": record.pupil_premium,
                "in_lea_care": record.in_care,
            }
        },
        "contacts": {"data": [_contact(contacts[r.contact_mis_id], r) for r in related]},
    }


def _contact(record: ContactRecord, related: RelationshipRecord) -> dict[str, Any]:
    return {
        "id": record.mis_id,
        "title": record.title,
        "forename": record.forename,
        "surname": record.surname,
        "relationship": {
            "bill_payer": None,
            "lives_with_pupil": True,
            "relationship": related.relationship and WORDS[related.relationship],
            "parental_responsibility": related.responsibility,
        },
        "contact_details": _details("home", record.email),
    }


WORDS = {
    "mother": "Mother",
    "father": "Father",
    "parent": "Parent",
    "step_parent": "Step-Mother",
    "foster_parent": "Foster Father",
    "guardian": "Guardian",
    "carer": "Carer",
    "relative": "Grandparent",
    "other": "Childminder",
}


def _details(which: str, email: str | None) -> dict[str, Any]:
    emails = dict.fromkeys(("email", "primary", "home", "work")) | {which: email}
    return {"data": {"emails": emails, "phones": {"phone": None}}}


def _group(record: GroupRecord, here: list[AnyRecord]) -> dict[str, Any]:
    members = [r for r in here if isinstance(r, MembershipRecord)]
    teachers = [r for r in here if isinstance(r, TeachingRecord)]
    subject = {"data": {"id": "S1", "name": record.subject}} if record.subject else {"data": None}
    return {
        "id": record.mis_id,
        "name": record.name,
        "type": "REGISTRATION",
        "year_group": record.year_group,
        "academic_year": "2026/2027",
        "subject": subject,
        "students": {
            "data": [{"id": r.pupil_mis_id} for r in members if r.group_mis_id == record.mis_id]
        },
        "employees": {
            "data": [
                {"id": r.staff_mis_id, "meta": {"is_main_teacher": r.main, "role": None}}
                for r in teachers
                if r.group_mis_id == record.mis_id
            ]
        },
    }
