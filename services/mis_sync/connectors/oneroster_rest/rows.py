"""The objects of a OneRoster service as the rows that the CSV files have too."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from pydantic import ValidationError

from services.mis_sync.connectors.findings import Findings
from services.mis_sync.connectors.oneroster.export import Mode, Sheet, row_of, sentence
from services.mis_sync.connectors.oneroster.rows import (
    ClassRow,
    DemographicsRow,
    EnrollmentRow,
    OrgRow,
    RoleRow,
    Row,
    SessionRow,
    UserRow,
    UserRowWithRole,
)
from services.mis_sync.connectors.web.fields import list_of, object_of, text_of

__all__ = [
    "Objects",
    "classes",
    "demographics",
    "enrollments",
    "orgs",
    "roles",
    "sessions",
    "users",
]

R = TypeVar("R", bound=Row)
Objects = list[dict[str, Any]]
_NOT_IN_AN_ID = frozenset("{}:,")


class _Object:
    """One object, read by what a field should be."""

    def __init__(self, fields: dict[str, Any], place: str, findings: Findings) -> None:
        self._fields = fields
        self._place = place
        self._findings = findings

    def text(self, *names: str) -> str | None:
        """The first of these fields that says anything."""
        found = (text_of(self._fields.get(n), self._findings, self._place, n) for n in names)
        return next((text for text in found if text is not None), None)

    def flag(self, name: str) -> Any:
        value = self._fields.get(name)
        return value if isinstance(value, bool) else self.text(name)

    def texts(self, name: str) -> tuple[str, ...]:
        items = list_of(self._fields.get(name), self._findings, self._place, name)
        texts = (text_of(item, self._findings, self._place, name) for item in items)
        return tuple(text for text in texts if text is not None)

    def objects(self, name: str) -> Iterator[_Object]:
        for item in list_of(self._fields.get(name), self._findings, self._place, name):
            fields = object_of(item, self._findings, self._place, name)
            yield _Object(fields, self._place, self._findings)

    def id_of(self, name: str) -> str | None:
        """Of the object that the field points at."""
        fields = object_of(self._fields.get(name), self._findings, self._place, name)
        return text_of(fields.get("sourcedId"), self._findings, self._place, name)

    def ids_of(self, name: str) -> tuple[str, ...]:
        found = (each.text("sourcedId") for each in self.objects(name))
        return tuple(id_ for id_ in found if id_ is not None)


Cells = dict[str, Any]


def _sheet(
    name: str,
    mode: Mode,
    objects: Objects | None,
    model: type[R],
    cells: Callable[[_Object], Cells],
    findings: Findings,
) -> Sheet[R]:
    if objects is None:
        return Sheet(name, Mode.ABSENT, ())
    rows = []
    for number, fields in enumerate(objects, start=1):
        known = text_of(fields.get("sourcedId"), findings, f"{name}, the {number}. of them", "id")
        place = f"{name} {known[:60]}" if known else f"{name}, the {number}. of them"
        item = _Object(fields, place, findings)
        row = _row({**_head(item), **cells(item)}, model, place, findings)
        if row is not None:
            rows.append(row)
            if mode is Mode.DELTA and row.status is None:
                findings.problem("The status is missing.", place, None, "status")
    return Sheet(name, mode, tuple(rows))


def _head(item: _Object) -> Cells:
    return {"sourcedId": item.text("sourcedId"), "status": item.text("status")}


def _row(cells: Cells, model: type[R], place: str, findings: Findings) -> R | None:
    told = {name: cell for name, cell in cells.items() if cell is not None}
    try:
        return row_of(model, told, place, findings)
    except ValidationError as error:
        for details in error.errors():
            missing = details["type"] == "missing"
            reason = "The field is missing or empty." if missing else sentence(details)
            findings.problem(reason, place, None, str(details["loc"][0]))
        return None


def orgs(objects: Objects | None, mode: Mode, findings: Findings) -> Sheet[OrgRow]:
    return _sheet("orgs", mode, objects, OrgRow, _org, findings)


def _org(item: _Object) -> Cells:
    return {name: item.text(name) for name in ("name", "type", "identifier")}


def sessions(objects: Objects | None, mode: Mode, findings: Findings) -> Sheet[SessionRow]:
    return _sheet("academicSessions", mode, objects, SessionRow, _session, findings)


def _session(item: _Object) -> Cells:
    return {name: item.text(name) for name in ("type", "startDate", "endDate", "schoolYear")}


def classes(objects: Objects | None, mode: Mode, findings: Findings) -> Sheet[ClassRow]:
    return _sheet("classes", mode, objects, ClassRow, _class, findings)


def _class(item: _Object) -> Cells:
    return {
        "title": item.text("title"),
        "classType": item.text("classType"),
        "grades": item.texts("grades"),
        "subjects": ", ".join(item.texts("subjects")) or None,
        "schoolSourcedId": item.id_of("school"),
        "termSourcedIds": item.ids_of("terms"),
    }


def users(
    objects: Objects | None, mode: Mode, findings: Findings, *, with_role: bool
) -> Sheet[UserRow]:
    """`with_role`: each has one role of its own, as in 1.1."""
    if not with_role:
        return _sheet("users", mode, objects, UserRow, _user, findings)
    sheet = _sheet("users", mode, objects, UserRowWithRole, _user_with_role, findings)
    return Sheet(sheet.file, sheet.mode, sheet.rows)


def _user(item: _Object) -> Cells:
    return {
        "userIds": _user_ids(item) or None,
        "givenName": item.text("givenName"),
        "familyName": item.text("familyName"),
        "middleName": item.text("middleName"),
        "preferredGivenName": item.text("preferredFirstName", "preferredGivenName"),
        "preferredFamilyName": item.text("preferredLastName", "preferredFamilyName"),
        "identifier": item.text("identifier"),
        "email": item.text("email"),
        "agentSourcedIds": item.ids_of("agents"),
        "grades": item.texts("grades"),
    }


def _user_ids(item: _Object) -> str:
    """As the CSV files write them; an id that cannot be written so is passed over."""
    found = []
    for each in item.objects("userIds"):
        kind, id_ = each.text("type"), each.text("identifier")
        if kind and id_ and _NOT_IN_AN_ID.isdisjoint(kind) and not {"{", "}"} & set(id_):
            found.append(f"{{{kind}:{id_}}}")
    return ",".join(found)


def _user_with_role(item: _Object) -> Cells:
    return {**_user(item), "role": item.text("role"), "orgSourcedIds": item.ids_of("orgs")}


def roles(objects: Objects | None, mode: Mode, findings: Findings) -> Sheet[RoleRow]:
    """1.2 has the roles inside their users."""
    rows = []
    for fields in objects or []:
        user = text_of(fields.get("sourcedId"), findings, "users", "sourcedId")
        place = f"users {(user or '')[:60]}"
        for number, item in enumerate(_Object(fields, place, findings).objects("roles"), start=1):
            cells = {
                "sourcedId": f"{number} {user}"[:200],
                "userSourcedId": user,
                "orgSourcedId": item.id_of("org"),
                **{name: item.text(name) for name in ("roleType", "role", "beginDate", "endDate")},
            }
            row = _row(cells, RoleRow, place, findings)
            if row is not None:
                rows.append(row)
    return Sheet("users", mode, tuple(rows))


def enrollments(objects: Objects | None, mode: Mode, findings: Findings) -> Sheet[EnrollmentRow]:
    return _sheet("enrollments", mode, objects, EnrollmentRow, _enrollment, findings)


def _enrollment(item: _Object) -> Cells:
    return {
        "classSourcedId": item.id_of("class"),
        "schoolSourcedId": item.id_of("school"),
        "userSourcedId": item.id_of("user"),
        "role": item.text("role"),
        "primary": item.flag("primary"),
        "beginDate": item.text("beginDate"),
        "endDate": item.text("endDate"),
    }


def demographics(objects: Objects | None, mode: Mode, findings: Findings) -> Sheet[DemographicsRow]:
    return _sheet("demographics", mode, objects, DemographicsRow, _demographics, findings)


def _demographics(item: _Object) -> Cells:
    return {"birthDate": item.text("birthDate", "birthdate"), "sex": item.text("sex")}
