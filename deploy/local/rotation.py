"""Changes the secrets of a system while it runs: nobody is turned away, and the old ones go.

Always in the same order: the new one is made and handed out beside the old, then set where it is
checked, then the old one is taken away. Each step may be done twice, so whatever was interrupted is
run again.
"""

from __future__ import annotations

import asyncio
import json
import secrets
import time
from collections.abc import Callable
from datetime import UTC, datetime
from urllib.parse import urlsplit

import asyncpg
import httpx
from cryptography.fernet import Fernet

from deploy.local import rotation_of_logins
from deploy.local.broker_setup import salted_hash
from deploy.local.broker_users import BrokerNames, BrokerUser, broker_users
from deploy.local.errors import OperatorError
from deploy.local.secrets_kept import (
    MAIL_LOGIN,
    PARTS,
    PRINCIPALS,
    WATCHER,
    keys,
    publish_keys,
)
from deploy.local.state import NEXT, State
from deploy.local.system import System
from shared.database.provision import SERVICES, set_password
from shared.kept import lines
from shared.security.principals import LIFETIME_SECONDS, new_signing_key

__all__ = [
    "AGED",
    "ENOUGH_SECONDS",
    "FINISHED",
    "PUT",
    "ROTATED",
    "Rotated",
    "made_at",
    "principals",
]

ENOUGH_SECONDS = LIFETIME_SECONDS + 10
"""After which no principal that the old key signed is taken by anybody."""


def database(system: System) -> None:
    """The passwords of all roles of all services."""
    names = [f"{service}-{part}" for service in SERVICES for part in PARTS]
    _begin(system, names)
    coming = {name: system.state.valid(name)[0] for name in names}
    roles = {name.replace("-", "_"): password for name, password in coming.items()}
    asyncio.run(_set_roles(system.database(), roles))
    _end(system, names)


def broker(system: System) -> None:
    """The passwords of all users of the broker but the connectors', which schools renew."""
    users = broker_users(BrokerNames())
    names = [f"broker-{user.key}" for user in users]
    _begin(system, names)
    for user in users:
        password = system.state.valid(f"broker-{user.key}")[0]
        _set_broker_user(system.management(), user.name, password, user)
    _end(system, names)


def principals(system: System, *, seconds: float = ENOUGH_SECONDS) -> None:
    """The gateway's signing key. Takes a little more than a minute, for what it has signed."""
    state = system.state
    before = keys(state).private.read_text()
    coming = state.kept_secret(f"{PRINCIPALS}{NEXT}", json.dumps(new_signing_key()))
    publish_keys(state, (coming, before))
    system.hand_out()
    state.promote(PRINCIPALS)
    system.hand_out()
    time.sleep(seconds)
    publish_keys(state, (coming,))
    system.hand_out()


def pepper(system: System) -> None:
    """The pepper of passwords: they are hashed with the new one as their owners sign in."""
    _put_before(system, "pepper", secrets.token_urlsafe(32))


def finish_pepper(system: System, *, unchecked: bool = False) -> None:
    """Takes the old pepper away, once nobody needs it or those who do may set a new password."""
    left = {} if unchecked else json.loads(_asked(system, "hashes"))
    if left:
        counts = ", ".join(f"{count} {what.replace('_', ' ')}s" for what, count in left.items())
        raise OperatorError(
            f"The old pepper is still needed by {counts}. With --unchecked their owners must set "
            "a new password (by 'Forgotten your password?')."
        )
    _keep_newest(system, "pepper")


def two_step(system: System) -> None:
    """The key that seals the secrets of authenticators, all of which are sealed anew."""
    _put_before(system, "two-step-keys", Fernet.generate_key().decode())
    if system.in_identity:
        finish_two_step(system)


def finish_two_step(system: System, *, unchecked: bool = False) -> None:
    """Seals all that the old key sealed with the new one, and takes the old one away."""
    if not unchecked:
        _asked(system, "seals")
        # Whoever set one up in between may have sealed it with the old one: once more.
        _asked(system, "seals")
    _keep_newest(system, "two-step-keys")


def postgresql_admin(system: System) -> None:
    """The password of PostgreSQL's administrator, which no process of ours has."""
    _must_be_ours(system, "postgresql-admin")
    coming = system.state.kept_secret(f"postgresql-admin{NEXT}", secrets.token_urlsafe(32))
    role = urlsplit(system.database()).username or "postgres"
    asyncio.run(_set_roles(system.database(), {role: coming}))
    system.state.promote("postgresql-admin")
    system.hand_out()


def rabbitmq_admin(system: System) -> None:
    """The password of the broker's administrator, which no process of ours has."""
    _must_be_ours(system, "rabbitmq-admin")
    coming = system.state.kept_secret(f"rabbitmq-admin{NEXT}", secrets.token_urlsafe(32))
    user = urlsplit(system.management()).username or "classroom_admin"
    _set_broker_user(system.management(), user, coming)
    system.state.promote("rabbitmq-admin")
    system.hand_out()


PUT = {"files": rotation_of_logins.put_files, "mail": rotation_of_logins.put_mail}
"""Those that somebody else makes."""

FINISHED = {
    "pepper": finish_pepper,
    "two-step": finish_two_step,
    "files": rotation_of_logins.finish_files,
    "mail": rotation_of_logins.finish_mail,
}
"""Those whose old one is taken away by a step of its own."""

Rotated = Callable[[System], None]

ROTATED: dict[str, Rotated] = {
    "database": database,
    "broker": broker,
    "principals": principals,
    "pepper": pepper,
    "two-step": two_step,
    "postgresql-admin": postgresql_admin,
    "rabbitmq-admin": rabbitmq_admin,
    "watcher": rotation_of_logins.watcher,
    "files": rotation_of_logins.files,
}
"""Those that are made here, each by what changes it."""

AGED = {
    "database": "identity-service",
    "broker": "broker-identity",
    "principals": PRINCIPALS,
    "pepper": "pepper",
    "two-step": "two-step-keys",
    "postgresql-admin": "postgresql-admin",
    "rabbitmq-admin": "rabbitmq-admin",
    "watcher": WATCHER,
    "files": "files-reports-secret",
    "mail": MAIL_LOGIN,
}
"""The file whose age is the secret's."""


def made_at(state: State, name: str) -> datetime | None:
    """`None` where the system has none of its own, as of a server that was named to it."""
    file = state.secrets / AGED[name]
    return datetime.fromtimestamp(file.stat().st_mtime, UTC) if file.exists() else None


def _put_before(system: System, name: str, new: str) -> None:
    """A file with two lines has been begun already."""
    keys(system.state)
    known = lines((system.state.secrets / name).read_text())
    if len(known) == 1:
        system.state.replace_secret(name, "\n".join((new, *known)))
    system.hand_out()


def _keep_newest(system: System, name: str) -> None:
    known = lines((system.state.secrets / name).read_text())
    system.state.replace_secret(name, known[0])
    system.hand_out()


def _asked(system: System, what: str) -> str:
    if system.in_identity is None:
        raise OperatorError(
            "That can only be asked where identity runs. Run\n"
            f"    docker compose exec identity python -m services.identity.renewing {what}\n"
            "and if that says that nothing is left, this once more with --unchecked."
        )
    return system.in_identity(what)


def _must_be_ours(system: System, name: str) -> None:
    if not (system.state.secrets / name).exists():
        raise OperatorError("That server was named to this system: it is not ours to change.")


def _begin(system: System, names: list[str]) -> None:
    """The new ones are known to everybody who will have to know them."""
    for name in names:
        system.state.kept_secret(f"{name}{NEXT}", secrets.token_urlsafe(32))
    system.hand_out()


def _end(system: System, names: list[str]) -> None:
    for name in names:
        system.state.promote(name)
    system.hand_out()


async def _set_roles(dsn: str, passwords: dict[str, str]) -> None:
    """All or none."""
    connection = await asyncpg.connect(dsn)
    try:
        async with connection.transaction():
            for role, password in passwords.items():
                await set_password(connection, role, password)
    finally:
        await connection.close()


def _set_broker_user(
    management: str, name: str, password: str, user: BrokerUser | None = None
) -> None:
    tags = ",".join(user.tags) if user else "administrator"
    body = {
        "password_hash": salted_hash(password),
        "hashing_algorithm": "rabbit_password_hashing_sha256",
        "tags": tags,
    }
    answer = httpx.put(f"{management}/api/users/{name}", json=body, timeout=30, trust_env=False)
    if answer.is_error:
        raise OperatorError(f"RabbitMQ did not take the password of {name}: {answer.text[:200]}")
