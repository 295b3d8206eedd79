"""One CSV export to one snapshot."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from services.mis_sync.connectors.findings import Findings
from services.mis_sync.connectors.oneroster.meaning import Options, snapshot_of
from services.mis_sync.connectors.oneroster_csv.files import CONNECTOR, read_export
from services.mis_sync.connectors.snapshot import Snapshot

__all__ = ["CONNECTOR", "read_oneroster_csv"]


def read_oneroster_csv(path: Path, taken_at: datetime, options: Options | None = None) -> Snapshot:
    """Read a ZIP or a folder as it stands at `taken_at` (aware).

    Raises `ExportRefused`, with every problem found, if any part of it cannot be trusted.
    """
    findings = Findings()
    export = read_export(path, findings)
    return snapshot_of(export, taken_at, options or Options(), findings)
