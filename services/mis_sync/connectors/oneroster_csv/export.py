"""All files of an export as checked rows: required columns, shapes, ids and references.

What comes out can be read without looking back at the CSV.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from services.mis_sync.connectors.archive import ExportFiles, open_export
from services.mis_sync.connectors.findings import Findings
from services.mis_sync.connectors.oneroster_csv.manifest import (
    LAYOUT,
    MANIFEST,
    Manifest,
    Mode,
    Version,
    read_manifest,
)
from services.mis_sync.connectors.oneroster_csv.rows import (
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
from services.mis_sync.connectors.oneroster_csv.table import Table, read_table

__all__ = ["Export", "Sheet", "read_export"]

R = TypeVar("R", bound=Row)

FILES = (
    "orgs.csv",
    "academicSessions.csv",
    "classes.csv",
    "users.csv",
    "roles.csv",
    "enrollments.csv",
    "demographics.csv",
)
_WANTED = frozenset(name.lower() for name in FILES)


@dataclass(frozen=True)
class Sheet(Generic[R]):
    """One file's rows. An absent file has none and says nothing."""

    file: str
    mode: Mode
    rows: tuple[R, ...]

    @property
    def bulk(self) -> bool:
        return self.mode is Mode.BULK

    def by_id(self) -> dict[str, R]:
        return {row.sourced_id: row for row in self.rows}


@dataclass(frozen=True)
class Export:
    """The whole export."""

    manifest: Manifest
    orgs: Sheet[OrgRow]
    sessions: Sheet[SessionRow]
    classes: Sheet[ClassRow]
    users: Sheet[UserRow]
    roles: Sheet[RoleRow]
    enrollments: Sheet[EnrollmentRow]
    demographics: Sheet[DemographicsRow]
    roles_in_users: bool
    """1.1 has each user's one role in users.csv, and so have some that call themselves 1.2."""


def read_export(path: Path, findings: Findings) -> Export:
    """Read and check all files. Raises `ExportRefused` with every problem found."""
    files = open_export(path, LAYOUT, {MANIFEST, *_WANTED})
    manifest = read_manifest(files, _WANTED, findings)
    reader = _Reader(files, manifest, findings)
    roles_in_users = reader.roles_in_users()
    export = Export(
        manifest=manifest,
        orgs=reader.sheet("orgs.csv", OrgRow),
        sessions=reader.sheet("academicSessions.csv", SessionRow),
        classes=reader.sheet("classes.csv", ClassRow),
        users=reader.users(with_role=roles_in_users),
        roles=reader.sheet("roles.csv", RoleRow),
        enrollments=reader.sheet("enrollments.csv", EnrollmentRow),
        demographics=reader.sheet("demographics.csv", DemographicsRow),
        roles_in_users=roles_in_users,
    )
    findings.stop_if_refused()
    _check_references(export, findings)
    findings.stop_if_refused()
    return export


@dataclass(frozen=True)
class _Reader:
    files: ExportFiles
    manifest: Manifest
    findings: Findings

    def sheet(self, file: str, model: type[R]) -> Sheet[R]:
        mode = self.manifest.mode(file)
        if mode is Mode.ABSENT:
            return Sheet(file, mode, ())
        table = self._table(file)
        required = [name for name, field in model.model_fields.items() if field.is_required()]
        headings = [str(model.model_fields[name].alias) for name in required if name != "line"]
        missing = [
            column
            for column in dict.fromkeys([*headings, *model.HEADINGS])
            if column.lower() not in table.columns
        ]
        for column in missing:
            self.findings.problem("The column is missing.", file, 1, column)
        rows = () if missing else tuple(self._rows(table, model, mode))
        return Sheet(file, mode, rows)

    def roles_in_users(self) -> bool:
        if self.manifest.version is Version.V1_1:
            return True
        modes = self.manifest.mode("roles.csv"), self.manifest.mode("users.csv")
        if modes == (Mode.ABSENT, Mode.DELTA):  # users changed and, perhaps, no role did
            return "role" in self._table("users.csv").columns
        return modes[0] is Mode.ABSENT

    def users(self, *, with_role: bool) -> Sheet[UserRow]:
        if with_role:
            sheet = self.sheet("users.csv", UserRowWithRole)
            return Sheet(sheet.file, sheet.mode, sheet.rows)
        return self.sheet("users.csv", UserRow)

    def _table(self, file: str) -> Table:
        table = read_table(file, self.files.contents[file.lower()], self.findings)
        if file == "demographics.csv" and "sourcedid" not in table.columns:
            return table.renamed("usersourcedid", "sourcedid")  # as up to 1.1 some write it
        return table

    def _rows(self, table: Table, model: type[R], mode: Mode) -> Iterator[R]:
        aliases = {
            str(field.alias).lower(): str(field.alias) for field in model.model_fields.values()
        }
        first: dict[str, int] = {}
        for line in table.lines:
            cells = {aliases[c]: v for c, v in line.cells.items() if c in aliases}
            try:
                row = model.model_validate({**cells, "line": line.number})
            except ValidationError as error:
                for details in error.errors():
                    column = str(details["loc"][0])
                    self.findings.problem(_sentence(details), table.file, line.number, column)
                continue
            if row.sourced_id in first:
                reason = f"{row.sourced_id} is there already, on line {first[row.sourced_id]}."
                self.findings.problem(reason, table.file, line.number, "sourcedId")
            first.setdefault(row.sourced_id, line.number)
            if mode is Mode.DELTA and row.status is None:
                reason = "In a delta file the status must be active or tobedeleted."
                self.findings.problem(reason, table.file, line.number, "status")
            yield row


def _sentence(error: ErrorDetails) -> str:
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


def _check_references(export: Export, findings: Findings) -> None:
    """A row of a file must not point at one that a bulk file does not have."""
    check = _References(findings)
    for row in export.classes.rows:
        check(export.classes, row, "schoolSourcedId", [row.school_sourced_id], export.orgs)
        check(export.classes, row, "termSourcedIds", row.term_sourced_ids, export.sessions)
    for user in export.users.rows:
        if isinstance(user, UserRowWithRole):
            check(export.users, user, "orgSourcedIds", user.org_sourced_ids, export.orgs)
    for role in export.roles.rows:
        check(export.roles, role, "userSourcedId", [role.user_sourced_id], export.users)
        check(export.roles, role, "orgSourcedId", [role.org_sourced_id], export.orgs)
    for each in export.enrollments.rows:
        check(export.enrollments, each, "classSourcedId", [each.class_sourced_id], export.classes)
        check(export.enrollments, each, "schoolSourcedId", [each.school_sourced_id], export.orgs)
        check(export.enrollments, each, "userSourcedId", [each.user_sourced_id], export.users)
    for person in export.demographics.rows:
        check(export.demographics, person, "sourcedId", [person.sourced_id], export.users)


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
        if not target.bulk or row.removed:
            return
        if target.file not in self._known:
            self._known[target.file] = frozenset(each.sourced_id for each in target.rows)
        for wanted in ids:
            if wanted not in self._known[target.file]:
                reason = f"{wanted} is not in {target.file}."
                self._findings.problem(reason, sheet.file, row.line, column)
