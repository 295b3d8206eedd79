"""manifest.csv: the version the export speaks, and which files are bulk, delta or absent."""

from __future__ import annotations

from dataclasses import dataclass

from services.mis_sync.connectors.archive import ExportFiles, Layout
from services.mis_sync.connectors.findings import Findings, Remark
from services.mis_sync.connectors.oneroster.export import Mode, Version
from services.mis_sync.connectors.oneroster_csv.table import Line, read_table

__all__ = ["LAYOUT", "MANIFEST", "Manifest", "read_manifest"]

MANIFEST = "manifest.csv"
LAYOUT = Layout(
    marks=frozenset({MANIFEST}),
    none="There is no manifest.csv: this is not a OneRoster export.",
    several="There is more than one manifest.csv: give one export only.",
)
MAX_VALUE = 200


@dataclass(frozen=True)
class Manifest:
    """What the manifest promises; `modes` by the file's name in lower case (`users.csv`)."""

    version: Version
    modes: dict[str, Mode]
    system_name: str | None
    system_code: str | None

    def mode(self, file: str) -> Mode:
        """The mode of a file (`academicSessions.csv`); what is not mentioned is absent."""
        return self.modes.get(file.lower(), Mode.ABSENT)


def read_manifest(files: ExportFiles, wanted: frozenset[str], findings: Findings) -> Manifest:
    """Read the manifest and hold the files that are there against it. Raises `ExportRefused`."""
    table = read_table(MANIFEST, files.contents[MANIFEST], findings)
    for column in ("propertyName", "value"):
        if column.lower() not in table.columns:
            findings.problem("The column is missing.", MANIFEST, 1, column)
    findings.stop_if_refused()
    properties: dict[str, Line] = {}
    for line in table.lines:
        name = line.cells.get("propertyname", "").lower()
        if name in properties:
            findings.problem(f"{name} is there twice.", MANIFEST, line.number, "propertyName")
        if len(line.cells.get("value", "")) > MAX_VALUE:
            reason = f"The text is longer than {MAX_VALUE} characters."
            findings.problem(reason, MANIFEST, line.number, "value")
        properties[name] = line
    manifest = Manifest(
        version=_version(properties, findings),
        modes=dict(_modes(properties, findings)),
        system_name=_value(properties, "source.systemname"),
        system_code=_value(properties, "source.systemcode"),
    )
    _hold_against(manifest, files, wanted, properties, findings)
    findings.stop_if_refused()
    return manifest


def _value(properties: dict[str, Line], name: str) -> str | None:
    line = properties.get(name)
    return None if line is None else line.cells.get("value")


def _version(properties: dict[str, Line], findings: Findings) -> Version:
    form = _value(properties, "manifest.version")
    if form != "1.0":
        line = properties.get("manifest.version")
        findings.refuse(
            f"The manifest.version is {form or 'not given'}; only 1.0 is known.",
            MANIFEST,
            line.number if line else None,
            "value",
        )
    text = _value(properties, "oneroster.version")
    if text not in list(Version):
        line = properties.get("oneroster.version")
        findings.refuse(
            f"The oneroster.version is {text or 'not given'}; only 1.1 and 1.2 are known.",
            MANIFEST,
            line.number if line else None,
            "value",
        )
    return Version(text)


def _modes(properties: dict[str, Line], findings: Findings) -> list[tuple[str, Mode]]:
    modes = []
    for name, line in properties.items():
        if not name.startswith("file."):
            continue
        text = line.cells.get("value", "").lower()
        if text not in list(Mode):
            reason = f"{name} is {text or 'empty'}; it must be bulk, delta or absent."
            findings.problem(reason, MANIFEST, line.number, "value")
            continue
        modes.append((f"{name.removeprefix('file.')}.csv", Mode(text)))
    return modes


def _hold_against(
    manifest: Manifest,
    files: ExportFiles,
    wanted: frozenset[str],
    properties: dict[str, Line],
    findings: Findings,
) -> None:
    for name, mode in manifest.modes.items():
        if mode is not Mode.ABSENT and name not in files.names:
            line = properties[f"file.{name.removesuffix('.csv')}"]
            reason = f"The manifest promises {name} ({mode}), but it is not in the export."
            findings.problem(reason, MANIFEST, line.number, "propertyName")
    for name in sorted(wanted & files.names):
        if name not in manifest.modes:
            findings.problem("The manifest does not say whether it is bulk or delta.", name)
        elif manifest.modes[name] is Mode.ABSENT:
            findings.remark(Remark.FILE_ABSENT_BUT_THERE, name)
