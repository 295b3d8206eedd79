"""All files of a CSV export as checked rows: required columns, shapes, ids and references."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError

from services.mis_sync.connectors.archive import ExportFiles, open_export
from services.mis_sync.connectors.findings import Findings
from services.mis_sync.connectors.oneroster.export import (
    Export,
    Mode,
    Sheet,
    Version,
    check_references,
    row_of,
    sentence,
)
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
from services.mis_sync.connectors.oneroster_csv.manifest import (
    LAYOUT,
    MANIFEST,
    Manifest,
    read_manifest,
)
from services.mis_sync.connectors.oneroster_csv.table import Table, read_table
from shared.contracts.mis import Source

__all__ = ["CONNECTOR", "read_export"]

CONNECTOR = "oneroster-csv"
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


def read_export(path: Path, findings: Findings) -> Export:
    """Read and check all files. Raises `ExportRefused` with every problem found."""
    files = open_export(path, LAYOUT, {MANIFEST, *_WANTED})
    manifest = read_manifest(files, _WANTED, findings)
    reader = _Reader(files, manifest, findings)
    roles_in_users = reader.roles_in_users()
    export = Export(
        source=_source(manifest),
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
    check_references(export, findings)
    findings.stop_if_refused()
    return export


def _source(manifest: Manifest) -> Source:
    return Source(
        connector=CONNECTOR,
        format_version=manifest.version.value,
        system_name=manifest.system_name,
        instance_id=manifest.system_code,
    )


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
                place = f"{table.file} line {line.number}"
                row = row_of(model, {**cells, "line": line.number}, place, self.findings)
            except ValidationError as error:
                for details in error.errors():
                    column = str(details["loc"][0])
                    self.findings.problem(sentence(details), table.file, line.number, column)
                continue
            if row.sourced_id in first:
                reason = f"{row.sourced_id} is there already, on line {first[row.sourced_id]}."
                self.findings.problem(reason, table.file, line.number, "sourcedId")
            first.setdefault(row.sourced_id, line.number)
            if mode is Mode.DELTA and row.status is None:
                reason = "In a delta file the status must be active or tobedeleted."
                self.findings.problem(reason, table.file, line.number, "status")
            yield row
