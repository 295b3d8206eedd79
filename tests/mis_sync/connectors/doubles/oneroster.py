"""A OneRoster service that holds some records: 1.1 and 1.2, its tokens, its ways of paging.

Written from the published binding and apart from the connector, so that neither hides the other's
error.
"""

from __future__ import annotations

import base64
import itertools
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import parse_qs, urlencode

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

__all__ = ["CLIENT", "SECRET", "OneRosterService", "collections_of"]

CLIENT, SECRET = "partner-rp|8232001", "a shared secret"
Objects = list[dict[str, Any]]
Paging = Literal["link", "total", "both", "neither", "none"]


@dataclass
class OneRosterService:
    """Answers what it is asked for; a token is good for `uses` requests."""

    collections: dict[str, Objects]
    version: Literal["1.1", "1.2"] = "1.2"
    paging: Paging = "both"
    page_cap: int = 10_000
    uses: int = 1_000_000
    xporter: bool = False
    credentials_in: Literal["header", "form"] = "header"
    tokens: dict[str, int] = field(default_factory=dict)
    _numbers: Any = field(default_factory=itertools.count)

    @property
    def base(self) -> str:
        if self.xporter:
            return "/api/ims/oneroster/v1p1/school"
        return "/ims/oneroster/v1p1" if self.version == "1.1" else "/ims/oneroster/rostering/v1p2"

    @property
    def token_path(self) -> str:
        return f"{self.base}/auth/token" if self.xporter else "/oauth/token"

    def double(self) -> Double:
        return Double(self.answer)

    def configuration(self, double: Double, **more: Any) -> dict[str, Any]:
        if self.xporter:
            party, establishment = CLIENT.split("|")
            return {
                "service": "xporter",
                "url": double.origin + self.base,
                "relying_party": party,
                "establishment": establishment,
                "client_secret": SECRET,
                **more,
            }
        return {
            "url": double.origin + self.base,
            "token_url": double.origin + self.token_path,
            "client_id": CLIENT,
            "client_secret": SECRET,
            "credentials_in": self.credentials_in,
            **more,
        }

    def answer(self, sent: Sent) -> Reply:
        if sent.path == self.token_path and sent.method == "POST":
            return self._token(sent)
        token = sent.headers.get("authorization", "").removeprefix("Bearer ")
        if self.tokens.get(token, 0) <= 0:
            return reply_json({"imsx_codeMajor": "failure"}, 401)
        self.tokens[token] -= 1
        name = sent.path.removeprefix(f"{self.base}/")
        if name not in self.collections:
            return reply_json({"imsx_codeMajor": "failure"}, 404)
        return self._page(name, sent)

    def _token(self, sent: Sent) -> Reply:
        form = parse_qs(sent.body)
        header = "Basic " + base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        by_header = sent.headers.get("authorization") == header
        by_form = form.get("client_id") == [CLIENT] and form.get("client_secret") == [SECRET]
        asked = self.xporter or form.get("grant_type") == ["client_credentials"]
        if not asked or not (by_form if self.credentials_in == "form" else by_header):
            return reply_json({"error": "invalid_client"}, 401)
        token = f"token-{next(self._numbers)}"
        self.tokens[token] = self.uses
        return reply_json({"access_token": token, "token_type": "Bearer", "expires_in": 3600})

    def _page(self, name: str, sent: Sent) -> Reply:
        items = self.collections[name]
        if condition := sent.query.get("filter"):
            moment = condition.removeprefix("dateLastModified>'").removesuffix("'")
            items = [item for item in items if item["dateLastModified"] > moment]
        if self.paging == "none":
            return reply_json({name: items})
        offset = int(sent.query.get("offset", 0))
        limit = min(int(sent.query.get("limit", 100)), self.page_cap)
        page = items[offset : offset + limit]
        headers = {}
        if self.paging in ("total", "both"):
            headers["X-Total-Count"] = str(len(items))
        if self.paging in ("link", "both") and offset + limit < len(items):
            query = urlencode({**sent.query, "limit": limit, "offset": offset + limit})
            address = f"http://{sent.headers['host']}{sent.path}?{query}"
            headers["Link"] = f'<{address}>; rel="next", <{address}>; rel="last"'
        return reply_json({name: page}, headers=headers)


def collections_of(
    records: Iterable[AnyRecord], version: str, modified: str = "2026-11-23T20:00:00.000Z"
) -> dict[str, Objects]:
    """What a service that holds just these records has, at one school in 2026/27."""
    held = list(records)
    found: dict[str, Objects] = {
        "orgs": [{"sourcedId": "org", "name": "School", "type": "school", "children": []}],
        "academicSessions": [
            {
                "sourcedId": "year",
                "title": "The year",
                "type": "schoolYear",
                "startDate": "2026-09-01",
                "endDate": "2027-08-31",
                "schoolYear": "2027",
            }
        ],
        "classes": [], "users": [], "enrollments": [], "demographics": [],
    }  # fmt: skip
    related = [record for record in held if isinstance(record, RelationshipRecord)]
    for number, record in enumerate(held):
        before = {name: len(items) for name, items in found.items()}
        _add(found, record, number, related, version)
        for name, items in found.items():
            for item in items[before[name] :]:
                item["status"] = "tobedeleted" if record.removed else "active"
    for items in found.values():
        for item in items:
            item.setdefault("status", "active")
            item["dateLastModified"] = modified
    return found


def _add(
    found: dict[str, Objects],
    record: AnyRecord,
    number: int,
    related: list[RelationshipRecord],
    version: str,
) -> None:
    match record:
        case PupilRecord():
            agents = [r.contact_mis_id for r in related if r.pupil_mis_id == record.mis_id]
            found["users"].append(_user(record, "student", version, agents))
            born = record.date_of_birth
            found["demographics"].append(
                {
                    "sourcedId": record.mis_id,
                    "birthDate": None if born is None else born.isoformat(),
                    "sex": record.sex and {"M": "male", "F": "female", "U": "other"}[record.sex],
                }
            )
        case StaffRecord():
            found["users"].append(_user(record, "teacher", version, []))
        case ContactRecord():
            words = [r.relationship for r in related if r.contact_mis_id == record.mis_id]
            role = str(words[0]) if words else "parent"
            found["users"].append(_user(record, role, version, []))
        case GroupRecord():
            found["classes"].append(
                {
                    "sourcedId": record.mis_id,
                    "title": record.name,
                    "classType": "homeroom"
                    if record.group_kind is GroupKind.CLASS
                    else "scheduled",
                    "grades": [record.year_group] if record.year_group else [],
                    "subjects": [record.subject] if record.subject else [],
                    "school": _at("org", "org"),
                    "terms": [_at("year", "academicSession")],
                    "course": _at("course", "course"),
                }
            )
        case MembershipRecord():
            _enrol(found, number, record.group_mis_id, record.pupil_mis_id, "student", None)
        case TeachingRecord():
            main = record.main
            _enrol(found, number, record.group_mis_id, record.staff_mis_id, "teacher", main)


def _at(id_: str, kind: str) -> dict[str, str]:
    return {"href": f"https://example.org/{kind}", "sourcedId": id_, "type": kind}


def _enrol(
    found: dict[str, Objects], number: int, group: str, user: str, role: str, main: bool | None
) -> None:
    found["enrollments"].append(
        {
            "sourcedId": f"row{number}",
            "user": _at(user, "user"),
            "class": _at(group, "class"),
            "school": _at("org", "org"),
            "role": role,
            "primary": None if main is None else str(main).lower(),
            "beginDate": None,
            "endDate": None,
        }
    )


def _user(
    record: PupilRecord | StaffRecord | ContactRecord, role: str, version: str, agents: list[str]
) -> dict[str, Any]:
    user: dict[str, Any] = {
        "sourcedId": record.mis_id,
        "username": "somebody",
        "enabledUser": "true",
        "userIds": [],
        "agents": [_at(agent, "user") for agent in agents],
        "grades": [],
    }
    if version == "1.1":
        user |= {"role": role, "orgs": [_at("org", "org")]}
    else:
        user["roles"] = [{"roleType": "primary", "role": role, "org": _at("org", "org")}]
    if isinstance(record, PupilRecord):
        ids = [("UPN", record.upn), *(("FormerUPN", upn) for upn in record.former_upns)]
        return user | {
            "userIds": [{"type": kind, "identifier": id_} for kind, id_ in ids if id_],
            "givenName": record.legal_forename,
            "familyName": record.legal_surname,
            "middleName": record.middle_names,
            "preferredFirstName": record.preferred_forename,
            "preferredLastName": record.preferred_surname,
            "grades": [record.year_group] if record.year_group else [],
        }
    return user | {
        "identifier": record.staff_code if isinstance(record, StaffRecord) else None,
        "givenName": record.forename,
        "familyName": record.surname,
        "email": record.email,
    }
