"""Databases and roles, made once by an administrator of the server: one database per service.

`X_owner` owns and migrates, `X_service` is what the service runs as and owns nothing, `X_relay`
empties the outbox and looks after dead letters. None is a superuser or goes round row-level
security.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote, urlsplit, urlunsplit

import asyncpg

__all__ = [
    "SERVICES",
    "ServiceDatabase",
    "doors_of",
    "provision",
    "provision_watcher",
    "set_password",
]

SERVICES = ("identity", "roster", "mis_sync", "reports")
_PARTS = ("owner", "service", "relay")
_ROLES_LOCK = 7263000
_WATCHER = "classroom_watcher"


@dataclass(frozen=True)
class ServiceDatabase:
    """The three doors to one service's database, each a `postgresql://` DSN."""

    owner: str
    service: str
    relay: str


async def provision(
    admin_dsn: str, service: str, passwords: dict[str, str], *, database: str | None = None
) -> ServiceDatabase:
    """Make (or set right) the database and roles of `service`. May be run again at any time.

    `passwords` has the keys `owner`, `service` and `relay`; `database` names another database than
    the service's own, as the tests do.
    """
    name = database or service
    connection = await asyncpg.connect(admin_dsn)
    try:
        await connection.execute("SELECT pg_advisory_lock($1)", _ROLES_LOCK)
        for part in _PARTS:
            await _ensure_role(connection, f"{service}_{part}", passwords[part])
        await _ensure_database(connection, name, owner=f"{service}_owner")
        await connection.execute(f'REVOKE ALL ON DATABASE "{name}" FROM PUBLIC')
        await connection.execute(
            f'GRANT CONNECT ON DATABASE "{name}" TO {service}_service, {service}_relay'
        )
    finally:
        await connection.close()
    await _own_public_schema(_with(admin_dsn, None, None, name), f"{service}_owner")
    return doors_of(admin_dsn, service, passwords, database=name)


async def provision_watcher(admin_dsn: str, password: str) -> None:
    """Make (or set right) the role that reads the server's own figures, and nobody's tables."""
    connection = await asyncpg.connect(admin_dsn)
    try:
        await connection.execute("SELECT pg_advisory_lock($1)", _ROLES_LOCK)
        await _ensure_role(connection, _WATCHER, password)
        await connection.execute(f"GRANT pg_monitor TO {_WATCHER}")
    finally:
        await connection.close()


def doors_of(
    admin_dsn: str, service: str, passwords: dict[str, str], *, database: str | None = None
) -> ServiceDatabase:
    """Where the database of `service` is entered, whether or not it has been made yet."""
    owner, app, relay = (
        _with(admin_dsn, f"{service}_{part}", passwords[part], database or service)
        for part in _PARTS
    )
    return ServiceDatabase(owner=owner, service=app, relay=relay)


async def _ensure_role(
    connection: asyncpg.Connection[asyncpg.Record], role: str, password: str
) -> None:
    known = await connection.fetchval("SELECT 1 FROM pg_roles WHERE rolname = $1", role)
    verb = "ALTER" if known else "CREATE"
    await connection.execute(
        f"{verb} ROLE {role} LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE"
    )
    await set_password(connection, role, password)


async def set_password(
    connection: asyncpg.Connection[asyncpg.Record], role: str, password: str
) -> None:
    """From now on nobody connects with another one; who is connected stays so."""
    # DDL takes no parameters, so the server itself quotes the password.
    literal = await connection.fetchval("SELECT quote_literal($1::text)", password)
    await connection.execute(f"ALTER ROLE {role} PASSWORD {literal}")


async def _ensure_database(
    connection: asyncpg.Connection[asyncpg.Record], name: str, *, owner: str
) -> None:
    if await connection.fetchval("SELECT 1 FROM pg_database WHERE datname = $1", name):
        return
    if not await connection.fetchval("SELECT rolsuper FROM pg_roles WHERE rolname = current_user"):
        await connection.execute(f"GRANT {owner} TO CURRENT_USER")
    await connection.execute(
        f"CREATE DATABASE \"{name}\" OWNER {owner} ENCODING 'UTF8' TEMPLATE template0"
    )


async def _own_public_schema(dsn: str, owner: str) -> None:
    connection = await asyncpg.connect(dsn)
    try:
        await connection.execute(f"ALTER SCHEMA public OWNER TO {owner}")
        await connection.execute("REVOKE ALL ON SCHEMA public FROM PUBLIC")
        for part in ("service", "relay"):
            role = owner.removesuffix("owner") + part
            await connection.execute(f"GRANT USAGE ON SCHEMA public TO {role}")
    finally:
        await connection.close()


def _with(dsn: str, user: str | None, password: str | None, database: str) -> str:
    parts = urlsplit(dsn)
    netloc = parts.netloc
    if user is not None and password is not None:
        host = netloc.rpartition("@")[2]
        netloc = f"{quote(user)}:{quote(password, safe='')}@{host}"
    return urlunsplit((parts.scheme, netloc, f"/{database}", parts.query, ""))
