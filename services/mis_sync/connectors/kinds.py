"""The kinds of source that a connector can read, each by its name on the command line."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from services.mis_sync.connectors.oneroster_csv import Grades, Options, read_oneroster_csv
from services.mis_sync.connectors.snapshot import Snapshot

__all__ = ["Kind", "SourceOptions", "read_source"]


class Kind(StrEnum):
    ONEROSTER_CSV = "oneroster-csv"


@dataclass(frozen=True)
class SourceOptions:
    """What the command line says about a source."""

    grades: Grades | None = None
    org: str | None = None


def read_source(kind: Kind, path: Path, taken_at: datetime, options: SourceOptions) -> Snapshot:
    """Read a source of that kind. Raises `ExportRefused`."""
    return _READERS[kind](path, taken_at, options)


def _oneroster_csv(path: Path, taken_at: datetime, options: SourceOptions) -> Snapshot:
    return read_oneroster_csv(path, taken_at, Options(org=options.org, grades=options.grades))


_READERS: dict[Kind, Callable[[Path, datetime, SourceOptions], Snapshot]] = {
    Kind.ONEROSTER_CSV: _oneroster_csv
}
