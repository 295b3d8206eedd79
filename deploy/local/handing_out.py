"""What each process is handed of the secrets: files in a folder of its own, read again if changed.

A file is called as the variable that it stands for (`shared/settings.py`), or as a setting that is
a path names it. While a secret is changed its file has two lines, the newest first.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from deploy.local.broker_users import BrokerNames
from deploy.local.secrets_kept import (
    MAIL_LOGIN,
    PARTS,
    keys,
    role_passwords,
    valid_broker_passwords,
    valid_role_passwords,
)
from deploy.local.state import State, write_atomically
from shared.database.provision import SERVICES, ServiceDatabase, doors_of

__all__ = ["Files", "Where", "files_of", "put"]

Files = Mapping[str, str]
"""What each file holds, by its name."""


@dataclass(frozen=True)
class Where:
    """How the servers are reached, by whoever has which password."""

    database: str
    """As its administrator."""
    amqp: Callable[[str, str, str], str]
    """For a user, a password and a vhost."""
    management: Callable[[str, str], str]
    """For a user and a password."""


def files_of(state: State, where: Where) -> dict[str, Files]:
    """By process, the owners of databases as `migrate_SERVICE` among them."""
    names, passwords = BrokerNames(), valid_broker_passwords(state)
    doors = {service: _doors(state, where, service) for service in SERVICES}
    kept = keys(state)
    private, public, pepper, two_step = (
        path.read_text() for path in (kept.private, kept.public, kept.pepper, kept.two_step)
    )

    def amqp(user: str, vhost: str = names.vhost) -> str:
        return "\n".join(where.amqp(user, password, vhost) for password in passwords[user])

    def service(name: str) -> Files:
        return {
            "classroom_database_url": doors[name].service,
            "classroom_relay_database_url": doors[name].relay,
            "classroom_rabbitmq_url": amqp(name),
            "principal-public.json": public,
        }

    provisioner = "mis_sync_provisioner"
    managing = (where.management(provisioner, password) for password in passwords[provisioner])
    return {
        "identity": {
            **service("identity"),
            "pepper": pepper,
            "two-step-keys": two_step,
            "classroom_smtp_login": "\n".join(state.valid_if_any(MAIL_LOGIN)),
        },
        "roster": service("roster"),
        "mis_sync": {
            **service("mis_sync"),
            "classroom_mis_rabbitmq_url": amqp("mis_sync_inbound", names.mis_vhost),
        },
        "reports": service("reports"),
        "provisioner": {
            "classroom_rabbitmq_url": amqp(provisioner),
            "classroom_rabbitmq_management_url": "\n".join(managing),
        },
        "gateway": {"classroom_rabbitmq_url": amqp("gateway"), "principal-private.json": private},
        **{
            f"migrate_{name}": {"classroom_migration_database_url": doors[name].owner}
            for name in SERVICES
        },
    }


def put(folder: Path, process: str, files: Files, *, mode: int = 0o400) -> None:
    """Write every file that is missing or not as it should be into `folder/process/`."""
    (folder / process).mkdir(mode=0o700, exist_ok=True)
    for name, content in files.items():
        path = folder / process / name
        if not path.exists() or path.read_text() != content:
            write_atomically(path, content, mode=mode)


def _doors(state: State, where: Where, service: str) -> ServiceDatabase:
    """Each door's DSN, or two, one a line."""
    now, valid = role_passwords(state, service), valid_role_passwords(state, service)

    def door(part: str) -> str:
        found = (
            doors_of(where.database, service, {**now, part: password}) for password in valid[part]
        )
        return "\n".join(getattr(each, part) for each in found)

    owner, app, relay = map(door, PARTS)
    return ServiceDatabase(owner=owner, service=app, relay=relay)
