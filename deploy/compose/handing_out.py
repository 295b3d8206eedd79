"""Hands the secrets out: makes those that are missing, and gives each process the files it needs.

Each process has a folder of its own, which no other sees; a file is called as the variable that it
stands for (`shared/settings.py`), or as a setting that is a path names it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from deploy.compose import addresses
from deploy.compose.object_store import Key, file_keys, identities
from deploy.local.broker_setup import administrator, topology
from deploy.local.broker_users import BrokerNames
from deploy.local.secrets_kept import broker_passwords, keys, role_passwords
from deploy.local.state import State, write_atomically
from shared.database.provision import SERVICES, ServiceDatabase, doors_of

__all__ = ["broker_admin_password", "database_admin_password", "databases", "hand_out"]

Files = Mapping[str, str]
"""What each file holds, by its name."""

SERVERS = ("postgresql", "rabbitmq")
"""Their images run as users of their own, whose numbers are theirs to choose."""

RABBITMQ_CONF = """\
load_definitions = /run/secrets/definitions.json
consumer_timeout = 86400000
vm_memory_high_watermark.absolute = 600MB
"""
"""A delivery may wait for as long as a database is away, as on one machine (`broker_node.py`)."""


def hand_out(state: State, folder: Path) -> None:
    """Write every file that is missing or not as it should be into `folder/PROCESS/`."""
    for process, files in _of_each(state).items():
        mode = 0o444 if process in SERVERS else 0o400
        for name, content in files.items():
            path = folder / process / name
            if not path.exists() or path.read_text() != content:
                write_atomically(path, content, mode=mode)


def database_admin_password(state: State) -> str:
    return state.secret("postgresql-admin")


def broker_admin_password(state: State) -> str:
    return state.secret("rabbitmq-admin")


def databases(state: State) -> Mapping[str, ServiceDatabase]:
    """Where each service's database is entered, by service."""
    admin = addresses.database(database_admin_password(state))
    return {s: doors_of(admin, s, role_passwords(state, s)) for s in SERVICES}


def _of_each(state: State) -> Mapping[str, Files]:
    names, passwords, found = BrokerNames(), broker_passwords(state), databases(state)
    private, public, pepper, two_step = (
        path.read_text() for path in (keys(state).private, *_of_services(state))
    )

    def amqp(user: str, vhost: str = names.vhost) -> str:
        return addresses.amqp(user, passwords[user], vhost)

    def service(name: str) -> Files:
        return {
            "classroom_database_url": found[name].service,
            "classroom_relay_database_url": found[name].relay,
            "classroom_rabbitmq_url": amqp(name),
            "principal-public.json": public,
        }

    provisioner, admin = "mis_sync_provisioner", broker_admin_password(state)
    return {
        "identity": {**service("identity"), "pepper": pepper, "two-step-keys": two_step},
        "roster": service("roster"),
        "mis-sync": {
            **service("mis_sync"),
            "classroom_mis_rabbitmq_url": amqp("mis_sync_inbound", names.mis_vhost),
        },
        "reports": {**service("reports"), **_opens(file_keys(state).reports)},
        "provisioner": {
            "classroom_rabbitmq_url": amqp(provisioner),
            "classroom_rabbitmq_management_url": addresses.management(
                provisioner, passwords[provisioner]
            ),
        },
        "gateway": {"classroom_rabbitmq_url": amqp("gateway"), "principal-private.json": private},
        **{
            f"migrate-{name.replace('_', '-')}": {
                "classroom_migration_database_url": found[name].owner
            }
            for name in SERVICES
        },
        "postgresql": {"password": database_admin_password(state)},
        "rabbitmq": {
            "rabbitmq.conf": RABBITMQ_CONF,
            "definitions.json": _indented(
                {**topology(), **administrator(addresses.BROKER_ADMIN, admin)}
            ),
        },
        "object-store": {"identities.json": _indented(identities(file_keys(state)))},
    }


def _opens(key: Key) -> Files:
    return {
        "classroom_files_access_key_id": key.id,
        "classroom_files_secret_access_key": key.secret,
    }


def _indented(content: object) -> str:
    return json.dumps(content, indent=2) + "\n"


def _of_services(state: State) -> tuple[Path, Path, Path]:
    kept = keys(state)
    return kept.public, kept.pepper, kept.two_step
