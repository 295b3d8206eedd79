"""Who is pupil, staff or family at the chosen school: 1.1 says it in users, 1.2 in roles."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Any

from services.mis_sync.connectors.findings import Findings, Remark
from services.mis_sync.connectors.oneroster.export import Export, Sheet
from services.mis_sync.connectors.oneroster.rows import Row, UserRow, UserRowWithRole
from services.mis_sync.connectors.oneroster.school import School
from services.mis_sync.connectors.oneroster.validity import When, when
from shared.contracts.vocabulary import ContactRelationship

__all__ = ["Part", "PersonRole", "read_roles"]

_SECONDARY = "secondary"


class Part(Enum):
    """What a person is at the school. One may have several: a teacher who is also a parent."""

    PUPIL = "pupil"
    STAFF = "staff"
    FAMILY = "family"


_STAFF_ROLES = (
    "administrator",
    "aide",
    "counselor",
    "districtadministrator",
    "principal",
    "proctor",
    "siteadministrator",
    "systemadministrator",
    "teacher",
)
_RELATIONS = {
    "parent": ContactRelationship.PARENT,
    "guardian": ContactRelationship.GUARDIAN,
    "relative": ContactRelationship.RELATIVE,
}
_PARTS = {
    "student": Part.PUPIL,
    **dict.fromkeys(_STAFF_ROLES, Part.STAFF),
    **dict.fromkeys(_RELATIONS, Part.FAMILY),
}


@dataclass(frozen=True)
class PersonRole:
    """One part of one person, or its end."""

    user_id: str
    part: Part
    teaches: bool
    removed: bool
    relation: ContactRelationship | None = None
    """What somebody of the family is to a pupil."""


def read_roles(
    export: Export, school: School, today: date, findings: Findings
) -> tuple[PersonRole, ...]:
    """Each person's parts at the school, each once; one that goes on beats one that ended."""
    found = _from_users if export.roles_in_users else _from_roles
    parts: dict[tuple[str, Part], PersonRole] = {}
    for role in found(export, school, today, findings):
        before = parts.get((role.user_id, role.part), role)
        parts[role.user_id, role.part] = PersonRole(
            role.user_id,
            role.part,
            teaches=before.teaches or (role.teaches and not role.removed),
            removed=before.removed and role.removed,
            relation=before.relation or role.relation,
        )
    return tuple(parts.values())


def _from_users(
    export: Export, school: School, today: date, findings: Findings
) -> Iterator[PersonRole]:
    del today  # in 1.1 a role has no dates
    for user in export.users.rows:
        if not isinstance(user, UserRowWithRole):
            continue
        if not school.has(*user.org_sourced_ids):
            findings.remark(Remark.NOT_THIS_SCHOOL, export.users.place(user))
            continue
        part = _part(user.role, export.users, user, findings)
        if part is not None:
            relation = _RELATIONS.get(user.role)
            yield PersonRole(user.sourced_id, part, user.role == "teacher", user.removed, relation)


def _from_roles(
    export: Export, school: School, today: date, findings: Findings
) -> Iterator[PersonRole]:
    users = export.users.by_id()
    seen: set[str] = set()
    for row in export.roles.rows:
        seen.add(row.user_sourced_id)
        if not school.has(row.org_sourced_id):
            findings.remark(Remark.NOT_THIS_SCHOOL, export.roles.place(row))
            continue
        part = _part(row.role, export.roles, row, findings)
        time = when(row.begin_date, row.end_date, today)
        if part is None:
            continue
        if time is When.LATER:
            findings.remark(Remark.ROLE_NOT_NOW, export.roles.place(row))
            continue
        user = users.get(row.user_sourced_id)
        user_removed = user is not None and user.removed
        role_ended = row.removed or time is When.ENDED
        if role_ended and row.role_type == _SECONDARY and not user_removed:
            continue  # their main role, which is perhaps not in this delta, goes on
        removed = role_ended or user_removed
        relation = _RELATIONS.get(row.role)
        yield PersonRole(row.user_sourced_id, part, row.role == "teacher", removed, relation)
    yield from _without_role(export, seen, findings)


def _without_role(export: Export, seen: set[str], findings: Findings) -> Iterator[PersonRole]:
    """Changed people whose role did not change: a delta does not say what they are.

    One who is removed is removed as whatever they were.
    """
    for user in export.users.rows:
        if user.sourced_id in seen:
            continue
        if user.removed and not export.users.bulk:
            yield from _gone(user)
        else:
            findings.remark(Remark.PERSON_WITHOUT_ROLE, export.users.place(user))


def _gone(user: UserRow) -> Iterator[PersonRole]:
    for part in Part:
        yield PersonRole(user.sourced_id, part, teaches=False, removed=True)


def _part(role: str, sheet: Sheet[Any], row: Row, findings: Findings) -> Part | None:
    if role.startswith("ext:"):
        findings.remark(Remark.ROLE_NOT_USED, sheet.place(row))
        return None
    if role not in _PARTS:
        sheet.problem(findings, f"{role} is not a role that OneRoster knows.", row, "role")
        return None
    return _PARTS[role]
