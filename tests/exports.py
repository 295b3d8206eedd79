"""The demo school's OneRoster export, as it would be of another school."""

from __future__ import annotations

from pathlib import Path

from services.mis_sync.connectors.demo_school.export import write_export
from services.mis_sync.connectors.demo_school.school import demo_school

__all__ = ["export_for"]

SEED = 2026
ACADEMIC_YEAR_STARTS = 2026


def export_for(folder: Path, domain: str, *, day: int = 0) -> Path:
    """Written to `folder`, with an e-mail domain of its own, since addresses are unique (R8)."""
    write_export(demo_school(SEED, ACADEMIC_YEAR_STARTS, day), folder, zipped=False)
    users = folder / "users.csv"
    users.write_bytes(users.read_bytes().replace(b"heronpark.example", domain.encode()))
    return folder
