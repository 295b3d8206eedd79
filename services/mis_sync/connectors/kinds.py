"""The kinds of source that a connector can read, each by its name on the command line."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from services.mis_sync.connectors import csv_tables, oneroster_csv
from services.mis_sync.connectors.csv_tables import Dates, Table, read_csv_tables
from services.mis_sync.connectors.ctf import read_ctf
from services.mis_sync.connectors.oneroster_csv import Grades, read_oneroster_csv
from services.mis_sync.connectors.oneroster_rest import read_oneroster_rest
from services.mis_sync.connectors.snapshot import Snapshot
from services.mis_sync.connectors.wonde import read_wonde

__all__ = ["Kind", "SourceOptions", "options_not_for", "read_source"]


class Kind(StrEnum):
    ONEROSTER_CSV = "oneroster-csv"
    CTF = "ctf"
    CSV = "csv"
    ONEROSTER_REST = "oneroster-rest"
    WONDE = "wonde"


@dataclass(frozen=True)
class SourceOptions:
    """What the command line says about a source."""

    grades: Grades | None = None
    org: str | None = None
    complete: frozenset[Table] = frozenset()
    dates: Dates | None = None
    academic_year: str | None = None
    since: datetime | None = None
    """Only what changed after it (aware)."""


_OPTIONS = {
    Kind.ONEROSTER_CSV: ("grades", "org"),
    Kind.CTF: ("org",),
    Kind.CSV: ("complete", "dates", "academic_year"),
    Kind.ONEROSTER_REST: ("grades", "org", "since"),
    Kind.WONDE: (),
}


def options_not_for(kind: Kind, options: SourceOptions) -> list[str]:
    """The options that were given though this kind of source knows nothing of them."""
    given = [name for name, value in vars(options).items() if value]
    return [name for name in given if name not in _OPTIONS[kind]]


def read_source(kind: Kind, path: Path, taken_at: datetime, options: SourceOptions) -> Snapshot:
    """Read a source of that kind. Raises `ExportRefused`.

    `path` is the export, or the file that says where a web service is and how it may be read.
    """
    return _READERS[kind](path, taken_at, options)


def _oneroster_csv(path: Path, taken_at: datetime, options: SourceOptions) -> Snapshot:
    chosen = oneroster_csv.Options(org=options.org, grades=options.grades)
    return read_oneroster_csv(path, taken_at, chosen)


def _ctf(path: Path, taken_at: datetime, options: SourceOptions) -> Snapshot:
    return read_ctf(path, taken_at, options.org)


def _csv(path: Path, taken_at: datetime, options: SourceOptions) -> Snapshot:
    chosen = csv_tables.Options(options.complete, options.dates, options.academic_year)
    return read_csv_tables(path, taken_at, chosen)


def _oneroster_rest(path: Path, taken_at: datetime, options: SourceOptions) -> Snapshot:
    chosen = oneroster_csv.Options(org=options.org, grades=options.grades)
    return read_oneroster_rest(path, taken_at, chosen, since=options.since)


def _wonde(path: Path, taken_at: datetime, options: SourceOptions) -> Snapshot:
    del options  # the configuration says it all
    return read_wonde(path, taken_at)


_READERS: dict[Kind, Callable[[Path, datetime, SourceOptions], Snapshot]] = {
    Kind.ONEROSTER_CSV: _oneroster_csv,
    Kind.CTF: _ctf,
    Kind.CSV: _csv,
    Kind.ONEROSTER_REST: _oneroster_rest,
    Kind.WONDE: _wonde,
}
