"""One Common Transfer File to one snapshot of pupils and their contacts.

Nothing in it is ever complete: a CTF carries some pupils from somewhere, and whoever is not in it
has not left (R18).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from services.mis_sync.connectors.ctf.contacts import ContactReader
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
    read = _read(path, day_in_london(taken_at), org, findings)
    findings.stop_if_refused()
    if not read.pupils:
        findings.refuse("The file holds no pupil with a UPN.", path.name)
    contacts = read.contacts
    records = in_stable_order([*read.pupils, *contacts.contacts.values(), *contacts.relationships])
    if len(records) > MAX_RECORDS:
        findings.refuse(f"The file has {len(records)} records; the most is {MAX_RECORDS}.")
    return Snapshot(
        source=Source(
            connector=CONNECTOR,
            format_version=read.header.version,
            system_name=read.header.supplier,
        ),
        taken_at=taken_at,
        academic_year=read.header.academic_year,
        complete=frozenset(),
        records=records,
        remarks=findings.remarks(),
        about=read.header.about,
    )


@dataclass(frozen=True)
class _Read:
    header: Header
    pupils: list[PupilRecord]
    contacts: ContactReader


def _read(path: Path, today: date, org: str | None, findings: Findings) -> _Read:
    """The header comes first, so that what the pupils have is read as on the file's own day."""
    header: Header | None = None
    reader = PupilReader(path.name, today, findings, today)
    contacts = ContactReader(findings)
    pupils: list[PupilRecord] = []
    for block in read_blocks(path, findings):
        if block.path == HEADER:
            if header is not None:
                findings.refuse("There is more than one header.", path.name, block.line)
            header = read_header(block, path.name, org, findings)
            reader.written = header.written or today
        elif (pupil := reader.read(block)) is not None:
            pupils.append(pupil)
            contacts.read(block, pupil.mis_id)
            if len(pupils) + len(contacts.relationships) > MAX_RECORDS:
                findings.refuse(f"The file has over {MAX_RECORDS} pupils.", path.name, block.line)
    if header is None:
        findings.refuse("The file has no header that says what it is.", path.name)
    return _Read(header, pupils, contacts)
