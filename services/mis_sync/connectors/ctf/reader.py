"""One Common Transfer File to one snapshot of pupils.

Nothing in it is ever complete: a CTF carries some pupils from somewhere, and whoever is not in it
has not left (R18).
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from services.mis_sync.connectors.ctf.document import HEADER, read_blocks
from services.mis_sync.connectors.ctf.header import Header, read_header
from services.mis_sync.connectors.ctf.pupils import PupilReader
from services.mis_sync.connectors.findings import Findings
from services.mis_sync.connectors.snapshot import (
    MAX_RECORDS,
    Snapshot,
    day_in_london,
    in_stable_order,
)
from shared.contracts.mis import PupilRecord, Source

__all__ = ["CONNECTOR", "read_ctf"]

CONNECTOR = "ctf"


def read_ctf(path: Path, taken_at: datetime, org: str | None = None) -> Snapshot:
    """Read a file at `taken_at` (aware); `org` is this school's DfE number, to check it against.

    Raises `ExportRefused`, with every problem found, if any part of it cannot be trusted.
    """
    findings = Findings()
    header, pupils = _read(path, PupilReader(path.name, day_in_london(taken_at), findings), org)
    findings.stop_if_refused()
    if not pupils:
        findings.refuse("The file holds no pupil with a UPN.", path.name)
    return Snapshot(
        source=Source(
            connector=CONNECTOR, format_version=header.version, system_name=header.supplier
        ),
        taken_at=taken_at,
        academic_year=header.academic_year,
        complete=frozenset(),
        records=in_stable_order(pupils),
        remarks=findings.remarks(),
        about=header.about,
    )


def _read(path: Path, reader: PupilReader, org: str | None) -> tuple[Header, list[PupilRecord]]:
    header: Header | None = None
    pupils: list[PupilRecord] = []
    findings = reader.findings
    for block in read_blocks(path, findings):
        if block.path == HEADER:
            if header is not None:
                findings.refuse("There is more than one header.", path.name, block.line)
            header = read_header(block, path.name, org, findings)
        elif (pupil := reader.read(block)) is not None:
            pupils.append(pupil)
            if len(pupils) > MAX_RECORDS:
                findings.refuse(f"The file has over {MAX_RECORDS} pupils.", path.name, block.line)
    if header is None:
        findings.refuse("The file has no header that says what it is.", path.name)
    return header, pupils
