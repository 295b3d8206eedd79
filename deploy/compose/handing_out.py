"""Hands the secrets out: makes those that are missing, and gives each process the files it needs.

Each process has a folder of its own, which no other sees (`deploy/local/handing_out.py`); here the
servers have one too.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from deploy.compose import addresses
from deploy.compose.object_store import identities, keys_of
from deploy.local.broker_setup import administrator, topology
from deploy.local.handing_out import Files, Where, files_of, put
from deploy.local.secrets_kept import WATCHER, FileKey, role_passwords
from deploy.local.state import State
from shared.database.provision import SERVICES, ServiceDatabase, doors_of

__all__ = [
    "broker_admin_password",
    "database_admin_password",
    "databases",
    "hand_out",
    "watcher_password",
    "where",
]


SERVERS = ("postgresql", "rabbitmq", "postgresql-exporter")
"""Their images run as users of their own, whose numbers are theirs to choose."""

RABBITMQ_CONF = """\
load_definitions = /run/secrets/definitions.json
consumer_timeout = 86400000
vm_memory_high_watermark.absolute = 600MB
"""
"""A delivery may wait for as long as a database is away, as on one machine (`broker_node.py`)."""


def hand_out(state: State, folder: Path) -> None:
    """Write every file that is missing or not as it should be into `folder/PROCESS/`."""
    for process, files in files_of(state, where(state)).items():
        opens = _opens(keys_of(state).reports) if process == "reports" else {}
        put(folder, process.replace("_", "-"), {**files, **opens})
    for process, files in _of_servers(state).items():
        put(folder, process, files, mode=0o444 if process in SERVERS else 0o400)


def where(state: State) -> Where:
    return Where(
        addresses.database(database_admin_password(state)), addresses.amqp, addresses.management
    )


def database_admin_password(state: State) -> str:
    return state.secret("postgresql-admin")


def watcher_password(state: State) -> str:
    """Of who reads PostgreSQL's own figures."""
    return state.secret(WATCHER)


def broker_admin_password(state: State) -> str:
    return state.secret("rabbitmq-admin")


def databases(state: State) -> Mapping[str, ServiceDatabase]:
    """Where each service's database is entered, by service."""
    admin = addresses.database(database_admin_password(state))
    return {s: doors_of(admin, s, role_passwords(state, s)) for s in SERVICES}


def _of_servers(state: State) -> dict[str, Files]:
    admin = administrator(addresses.BROKER_ADMIN, broker_admin_password(state))
    return {
        "postgresql": {"password": database_admin_password(state)},
        "postgresql-exporter": {"password": watcher_password(state)},
        "rabbitmq": {
            "rabbitmq.conf": RABBITMQ_CONF,
            "definitions.json": _indented({**topology(), **admin}),
        },
        "object-store": {"identities.json": _indented(identities(keys_of(state)))},
    }


def _opens(keys: Sequence[FileKey]) -> Files:
    return {
        "classroom_files_access_key_id": "\n".join(key.id for key in keys),
        "classroom_files_secret_access_key": "\n".join(key.secret for key in keys),
    }


def _indented(content: object) -> str:
    return json.dumps(content, indent=2) + "\n"
