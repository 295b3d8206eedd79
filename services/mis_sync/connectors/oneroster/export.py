"""A OneRoster export as checked rows, whichever way it came: CSV files or REST collections.

What comes out can be read without looking back at where it was read from.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Generic, TypeVar

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from services.mis_sync.connectors.findings import Findings, Remark
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
from shared.contracts.mis import Source

__all__ = ["Export", "Mode", "Sheet", "Version", "check_references", "row_of", "sentence"]

_FORGIVEN = {
    "string_too_long": Remark.TEXT_TOO_LONG,
    "bool_parsing": Remark.FLAG_NOT_UNDERSTOOD,
}

R = TypeVar("R", bound=Row)


class Mode(StrEnum):
    """Bulk: all there is, absence is 'gone'. Delta: changes only. Absent: no information."""

    BULK = "bulk"
    DELTA = "delta"
    ABSENT = "absent"


class Version(StrEnum):
    V1_1 = "1.1"
    V1_2 = "1.2"


@dataclass(frozen=True)
class Sheet(Generic[R]):
    """One file's or collection's rows. An absent one has none and says nothing."""

    file: str
    mode: Mode
    rows: tuple[R, ...]

    @property
    def bulk(self) -> bool:
        return self.mode is Mode.BULK

    def by_id(self) -> dict[str, R]:
        return {row.sourced_id: row for row in self.rows}

    def place(self, row: Row) -> str:
        """Where a row stands, for remarks: its line in a file, its id in a collection."""
        if row.line is None:
            return f"{self.file} {row.sourced_id[:60]}"
        return f"{self.file} line {row.line}"

    def problem(self, findings: Findings, reason: str, row: Row, column: str) -> None:
        """Note what is wrong with a row."""
        file = self.file if row.line is not None else self.place(row)
        findings.problem(reason, file, row.line, column)


@dataclass(frozen=True)
class Export:
    """The whole export."""

    source: Source
    orgs: Sheet[OrgRow]
    sessions: Sheet[SessionRow]
    classes: Sheet[ClassRow]
    users: Sheet[UserRow]
    roles: Sheet[RoleRow]
    enrollments: Sheet[EnrollmentRow]
    demographics: Sheet[DemographicsRow]
    roles_in_users: bool
    """1.1 has each user's one role in users, and so have some that call themselves 1.2."""


def sentence(error: ErrorDetails) -> str:
    """What is wrong with a value, for people."""
    match error["type"]:
        case "missing":
            return "The cell is empty."
        case "string_too_long":
            return "The text is longer than 200 characters."
        case "enum":
            return f"{error['input']} is not one of {error['ctx']['expected']}."
        case "bool_parsing":
            return f"{error['input']} is neither true nor false."
        case "value_error":
            return str(error["ctx"]["error"])
        case _:
            return f"{error['msg']}."


def row_of(model: type[R], cells: Mapping[str, Any], place: str, findings: Findings) -> R:
    """The cells as a row, without what is forgiven. Raises `ValidationError` for all else."""
    try:
        return model.model_validate(cells)
    except ValidationError as error:
        wrong = {str(details["loc"][0]): details["type"] for details in error.errors()}
        if not wrong.keys() <= model.FORGIVEN:
            raise
    for kind in wrong.values():
        findings.remark(_FORGIVEN.get(kind, Remark.BIRTH_DATE_NOT_USED), place)
    return model.model_validate({name: cell for name, cell in cells.items() if name not in wrong})


def check_references(export: Export, findings: Findings) -> None:
    """A row must not point at one that a bulk file or a whole collection does not have. Where it
    only links what is there, it is no link then, and remarked upon."""
    check = _References(findings)
    for row in export.classes.rows:
        check(export.classes, row, "schoolSourcedId", [row.school_sourced_id], export.orgs)
        check(export.classes, row, "termSourcedIds", row.term_sourced_ids, export.sessions)
    for user in export.users.rows:
        if isinstance(user, UserRowWithRole):
            check(export.users, user, "orgSourcedIds", user.org_sourced_ids, export.orgs)
    for role in export.roles.rows:
        check.link(export.roles, role, [role.user_sourced_id], export.users)
        check(export.roles, role, "orgSourcedId", [role.org_sourced_id], export.orgs)
    for each in export.enrollments.rows:
        check.link(export.enrollments, each, [each.class_sourced_id], export.classes)
        check(export.enrollments, each, "schoolSourcedId", [each.school_sourced_id], export.orgs)
        check.link(export.enrollments, each, [each.user_sourced_id], export.users)
    for person in export.demographics.rows:
        check.link(export.demographics, person, [person.sourced_id], export.users)


class _References:
    def __init__(self, findings: Findings) -> None:
        self._findings = findings
        self._known: dict[str, frozenset[str]] = {}

    def __call__(
        self,
        sheet: Sheet[Any],
        row: Row,
        column: str,
        ids: Iterable[str],
        target: Sheet[Any],
    ) -> None:
        for wanted in self._missing(row, ids, target):
            reason = f"{wanted} is not in {target.file}."
            sheet.problem(self._findings, reason, row, column)

    def link(self, sheet: Sheet[Any], row: Row, ids: Iterable[str], target: Sheet[Any]) -> None:
        if self._missing(row, ids, target):
            self._findings.remark(Remark.LINK_OF_UNKNOWN, sheet.place(row))

    def _missing(self, row: Row, ids: Iterable[str], target: Sheet[Any]) -> list[str]:
        if not target.bulk or row.removed:
            return []
        if target.file not in self._known:
            self._known[target.file] = frozenset(each.sourced_id for each in target.rows)
        return [wanted for wanted in ids if wanted not in self._known[target.file]]
