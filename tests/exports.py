"""The demo school's OneRoster export, as it would be of another school."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from services.mis_sync.connectors.demo_school.export import write_export
from services.mis_sync.connectors.demo_school.school import demo_school
from shared.school.academic_year import roster_year_of, school_day, start_year

__all__ = ["export_for"]

SEED = 2026
ACADEMIC_YEAR = roster_year_of(school_day(datetime.now(UTC)))
"""That of schools that are set up now; a snapshot of another year changes next to nothing (R22)."""
ACADEMIC_YEAR_STARTS = start_year(ACADEMIC_YEAR)


def export_for(folder: Path, domain: str, *, day: int = 0) -> Path:
    """Written to `folder`, with an e-mail domain of its own, since addresses are unique (R8)."""
    write_export(demo_school(SEED, ACADEMIC_YEAR_STARTS, day), folder, zipped=False)
    users = folder / "users.csv"
    users.write_bytes(users.read_bytes().replace(b"heronpark.example", domain.encode()))
    return folder
