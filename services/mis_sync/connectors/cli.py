"""The connectors' command line (R16): `push` reads a source once and publishes it as a snapshot;
`run` stays, and does so whenever mis_sync asks.

Exit codes: 0 done · 2 wrong use · 3 the export was refused · 4 the credentials file cannot be used
· 5 the broker is away, try again later · 6 the broker refused, new credentials are needed.
"""

from __future__ import annotations

import asyncio
import os
import stat
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import IntEnum
from pathlib import Path
from typing import Annotated, NoReturn
from uuid import UUID

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from uuid_utils.compat import uuid7

from services.mis_sync.connectors.credentials import (
    Credentials,
    CredentialsRefused,
    load_credentials,
)
from services.mis_sync.connectors.csv_tables import Dates, Table
from services.mis_sync.connectors.daemon import Memory, Reading
from services.mis_sync.connectors.daemon.process import run_until_stopped
from services.mis_sync.connectors.findings import ExportRefused
from services.mis_sync.connectors.kinds import Kind, SourceOptions, options_not_for, read_source
from services.mis_sync.connectors.messages import Outgoing, snapshot_messages
from services.mis_sync.connectors.oneroster_csv import Grades
from services.mis_sync.connectors.presentation import as_json, as_lines
from services.mis_sync.connectors.publish import BrokerAway, BrokerRefused, Patience, publish
from services.mis_sync.connectors.snapshot import Snapshot
from services.mis_sync.connectors.values import is_academic_year
from shared.contracts.envelope import Payload

__all__ = ["ExitCode", "app", "push", "run"]

app = typer.Typer(
    help="Programs near a school's MIS that publish what it holds.", no_args_is_help=True
)
_progress = Console(stderr=True)
_THIS_COMPUTER = ("127.0.0.1", "::1", "localhost")


class ExitCode(IntEnum):
    DONE = 0
    WRONG_USE = 2
    EXPORT_REFUSED = 3
    CREDENTIALS_REFUSED = 4
    BROKER_AWAY = 5
    BROKER_REFUSED = 6


@app.callback()
def connectors() -> None:
    """Programs near a school's MIS that publish what it holds."""


ExportPath = Annotated[
    Path,
    typer.Argument(
        help="The export: a ZIP file or a folder; a CTF is an XML file. Of a web service "
        "(oneroster-rest, wonde) the TOML or JSON file that says where it is."
    ),
]
KindOption = Annotated[Kind, typer.Option(help="What wrote the export.")]
CredentialsFile = Annotated[
    Path | None, typer.Option(help="The file downloaded from MIS Synchronisation.")
]
DryRun = Annotated[
    bool, typer.Option("--dry-run", help="Show what would be published, and publish nothing.")
]
AsJson = Annotated[
    bool, typer.Option("--json", help="Print JSON; with --dry-run every message in full.")
]
GradesOption = Annotated[
    Grades | None, typer.Option(help="'uk' if the export's grades are UK year groups.")
]
Org = Annotated[
    str | None,
    typer.Option(help="Which school, if the export holds several; for a CTF its DfE number."),
]
Complete = Annotated[
    list[Table] | None,
    typer.Option(help="csv: a table that lists all there are; who is not in it is gone."),
]
DatesOption = Annotated[
    Dates | None, typer.Option(help="csv: the order of day, month and year, unless it is ISO's.")
]
AcademicYear = Annotated[
    str | None, typer.Option(help="csv: the school year of the tables, such as 2026/27.")
]
Since = Annotated[
    datetime | None,
    typer.Option(
        formats=["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M:%S%z"],
        help="oneroster-rest: only what changed after this time (UTC); nobody is gone by it.",
    ),
]
SnapshotId = Annotated[
    UUID | None, typer.Option(help="Repeat the snapshot of this id and not make a new one.")
]
StateFile = Annotated[
    Path | None,
    typer.Option(help="Where it keeps when it was asked last; else beside the credentials."),
]
Seconds = Annotated[
    float, typer.Option(help="Seconds to go on trying while the broker is away.", min=0)
]


@app.command()
def push(
    path: ExportPath,
    kind: KindOption,
    credentials: CredentialsFile = None,
    dry_run: DryRun = False,
    as_program: AsJson = False,
    grades: GradesOption = None,
    org: Org = None,
    complete: Complete = None,
    dates: DatesOption = None,
    academic_year: AcademicYear = None,
    snapshot_id: SnapshotId = None,
    patience: Seconds = Patience.total,
    since: Since = None,
) -> None:
    """Read an export once and publish it as one snapshot, whole or not at all."""
    if credentials is None and not dry_run:
        raise typer.BadParameter("needed unless --dry-run is given", param_hint="--credentials")
    moment = since.replace(tzinfo=UTC) if since and since.tzinfo is None else since
    options = SourceOptions(grades, org, frozenset(complete or ()), dates, academic_year, moment)
    _check_options(kind, options)
    known = None if credentials is None else _credentials(credentials)
    with _showing(f"Reading {path.name}"):
        snapshot = _read(kind, path, options)
    prepared = _prepare(snapshot, snapshot_id or uuid7(), known)
    if known is not None and not dry_run:
        _publish(known, prepared.messages, patience)
    if as_program:
        typer.echo(prepared.as_json(dry_run=dry_run))
    else:
        typer.echo("\n".join(prepared.as_lines(dry_run=dry_run)))


@app.command()
def run(
    path: ExportPath,
    kind: KindOption,
    credentials: CredentialsFile = None,
    state: StateFile = None,
    dry_run: DryRun = False,
    grades: GradesOption = None,
    org: Org = None,
    complete: Complete = None,
    dates: DatesOption = None,
    academic_year: AcademicYear = None,
) -> None:
    """Stay connected, and publish the export as a snapshot whenever it is asked for."""
    if dry_run or credentials is None:
        push(path, kind, credentials, dry_run, False, grades, org, complete, dates, academic_year)
        return
    options = SourceOptions(grades, org, frozenset(complete or ()), dates, academic_year)
    _check_options(kind, options)
    reading = Reading(kind, lambda at: read_source(kind, path, at, options))
    known = _credentials(credentials)
    try:
        memory = Memory.open(state or credentials.with_suffix(".state.json"), datetime.now(UTC))
    except OSError as error:
        raise typer.BadParameter(f"cannot be written: {error}", param_hint="--state") from error
    try:
        run_until_stopped(known, reading, memory)
    except BrokerRefused as error:
        _give_up(ExitCode.BROKER_REFUSED, str(error))


@dataclass(frozen=True)
class _Prepared:
    snapshot: Snapshot
    snapshot_id: UUID
    messages: Sequence[Outgoing[Payload]]

    def as_json(self, *, dry_run: bool) -> str:
        return as_json(
            self.snapshot, self.snapshot_id, self.messages, published=not dry_run, whole=dry_run
        )

    def as_lines(self, *, dry_run: bool) -> list[str]:
        chunks = len(self.messages) - 2
        end = (
            f"Nothing was published; it would be {chunks} chunks."
            if dry_run
            else f"Published as snapshot {self.snapshot_id}, in {chunks} chunks."
        )
        return [*as_lines(self.snapshot, first_records=dry_run), "", end]


def _prepare(snapshot: Snapshot, snapshot_id: UUID, known: Credentials | None) -> _Prepared:
    username = known.username if known is not None else "dry_run"
    return _Prepared(snapshot, snapshot_id, snapshot_messages(snapshot, snapshot_id, username))


def _check_options(kind: Kind, options: SourceOptions) -> None:
    """An option that is passed over would leave somebody believing that it counts."""
    for name in options_not_for(kind, options):
        hint = f"--{name.replace('_', '-')}"
        raise typer.BadParameter(f"means nothing for {kind}", param_hint=hint)
    year = options.academic_year
    if year is not None and not is_academic_year(year):
        raise typer.BadParameter("is written like 2026/27", param_hint="--academic-year")


def _credentials(path: Path) -> Credentials:
    try:
        known = load_credentials(path)
    except CredentialsRefused as error:
        _give_up(ExitCode.CREDENTIALS_REFUSED, str(error))
    if os.name == "posix" and path.stat().st_mode & (stat.S_IRGRP | stat.S_IROTH):
        typer.echo(
            f"Others on this computer can read {path}, and with it your link: chmod 600 {path}",
            err=True,
        )
    if not known.encrypted and known.host not in _THIS_COMPUTER:
        typer.echo(f"The way to the broker at {known.broker} is not encrypted.", err=True)
    return known


def _read(kind: Kind, path: Path, options: SourceOptions) -> Snapshot:
    try:
        return read_source(kind, path, datetime.now(UTC), options)
    except ExportRefused as error:
        count = len(error.problems)
        problems = "\n".join(f"  {problem}" for problem in error.problems)
        why = "this cannot be trusted" if count == 1 else f"these {count} things cannot be trusted"
        _give_up(
            ExitCode.EXPORT_REFUSED,
            f"Nothing of {path.name} was published, because {why}:\n{problems}",
        )


def _publish(known: Credentials, messages: Sequence[Outgoing[Payload]], patience: float) -> None:
    columns = (TextColumn("Publishing"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=_progress, transient=True) as progress:
        task = progress.add_task("Publishing", total=len(messages))
        try:
            asyncio.run(
                publish(
                    known,
                    messages,
                    patience=Patience(total=patience),
                    told=lambda done, total: progress.update(task, completed=done, total=total),
                )
            )
        except BrokerAway as error:
            progress.stop()
            _give_up(ExitCode.BROKER_AWAY, str(error))
        except BrokerRefused as error:
            progress.stop()
            _give_up(ExitCode.BROKER_REFUSED, str(error))


@contextmanager
def _showing(what: str) -> Iterator[None]:
    with _progress.status(what):
        yield


def _give_up(code: ExitCode, sentence: str) -> NoReturn:
    typer.echo(sentence, err=True)
    raise typer.Exit(code)
