"""A OneRoster service to one snapshot: every list read to its end, then what the lists mean."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from services.mis_sync.connectors.findings import Findings, Remark
from services.mis_sync.connectors.oneroster.export import (
    Export,
    Mode,
    Sheet,
    Version,
    check_references,
)
from services.mis_sync.connectors.oneroster.meaning import Options, snapshot_of
from services.mis_sync.connectors.oneroster_rest import rows
from services.mis_sync.connectors.oneroster_rest.collections import read_collection
from services.mis_sync.connectors.oneroster_rest.config import OneRosterConfig
from services.mis_sync.connectors.oneroster_rest.token import Tokens
from services.mis_sync.connectors.snapshot import Snapshot
from services.mis_sync.connectors.web.client import How, WebClient, opened
from services.mis_sync.connectors.web.config import load_config
from shared.contracts.mis import Source

__all__ = ["CONNECTOR", "read_oneroster_rest"]

CONNECTOR = "oneroster-rest"


def read_oneroster_rest(
    path: Path,
    taken_at: datetime,
    options: Options | None = None,
    *,
    since: datetime | None = None,
    how: How | None = None,
) -> Snapshot:
    """Read the service that the configuration at `path` names, as it stands at `taken_at` (aware).

    With `since` (aware) only what changed after it, which completes nothing. Raises
    `ExportRefused` if any part cannot be read, or not trusted.
    """
    config, hints = load_config(path, OneRosterConfig)
    findings = Findings()
    with opened(config.url, how or How()) as client:
        client.authority = Tokens(client, config)
        export = _read(client, config, since, findings)
    findings.stop_if_refused()
    check_references(export, findings)
    findings.stop_if_refused()
    about = (f"The service: {config.url}.", *_about(export), *hints)
    return snapshot_of(export, taken_at, options or Options(), findings, about)


def _read(
    client: WebClient, config: OneRosterConfig, since: datetime | None, findings: Findings
) -> Export:
    """The school and its years are always read whole, so that it is clear which they are."""
    mode = Mode.BULK if since is None else Mode.DELTA
    orgs = read_collection(client, config, "orgs")
    sessions = read_collection(client, config, "academicSessions")
    classes = read_collection(client, config, "classes", since=since)
    users = read_collection(client, config, "users", since=since)
    enrollments = read_collection(client, config, "enrollments", since=since)
    details = read_collection(client, config, "demographics", since=since, optional=True)
    if details is None:
        findings.remark(Remark.COLLECTION_NOT_GIVEN, "demographics")
    in_users = config.version is Version.V1_1 or not any("roles" in user for user in users or [])
    return Export(
        source=_source(config),
        orgs=rows.orgs(orgs, Mode.BULK, findings),
        sessions=rows.sessions(sessions, Mode.BULK, findings),
        classes=rows.classes(classes, mode, findings),
        users=rows.users(users, mode, findings, with_role=in_users),
        roles=(Sheet("users", Mode.ABSENT, ()) if in_users else rows.roles(users, mode, findings)),
        enrollments=rows.enrollments(enrollments, mode, findings),
        demographics=rows.demographics(details, mode, findings),
        roles_in_users=in_users,
    )


def _source(config: OneRosterConfig) -> Source:
    """The address stands for the MIS server, as OneRoster has no name for it (R21)."""
    address = config.url.partition("://")[2]
    parts = [address] if config.establishment is None else [address, config.establishment]
    return Source(
        connector=CONNECTOR,
        format_version=config.version.value,
        system_name=address.partition("/")[0],
        instance_id=" ".join(parts)[:200],
    )


def _about(export: Export) -> tuple[str, ...]:
    sheets = (export.users, export.classes, export.enrollments, export.demographics)
    return tuple(f"{sheet.file}: {len(sheet.rows)} read, {_WORDS[sheet.mode]}." for sheet in sheets)


_WORDS = {
    Mode.BULK: "all there are",
    Mode.DELTA: "changes only",
    Mode.ABSENT: "as the service does not give them",
}
