"""The real PostgreSQL and RabbitMQ that the tests run against, and what each worker makes in them.

They are named in the environment, by `./classroom test` or by the run's first process, which starts
containers for all its workers. Nothing that is made in them is shared between two workers.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import quote, urlsplit, urlunsplit

import asyncpg
import httpx

from shared.database.migrations import migrate
from shared.database.provision import ServiceDatabase, provision
from tests.containers import containers

__all__ = [
    "NAMED_BY",
    "DatabaseFactory",
    "Servers",
    "VhostUser",
    "make_database",
    "servers_of_this_run",
    "with_database",
]

NAMED_BY = "CLASSROOM_TEST_DATABASE_URL"
DatabaseFactory = Callable[[str], Awaitable[ServiceDatabase]]
"""A worker's migrated database of a service, made at first use."""

_PASSWORDS = {"owner": "test-owner", "service": "test-service", "relay": "test-relay"}


@dataclass(frozen=True)
class Servers:
    """Where an administrator reaches the servers."""

    database_url: str
    rabbitmq_url: str
    management_url: str

    @property
    def worker(self) -> str:
        """Prefix of all that this worker makes."""
        prefix = os.environ.get("CLASSROOM_TEST_PREFIX", "t")
        return f"{prefix}_{os.environ.get('PYTEST_XDIST_WORKER', 'gw0')}"

    def management(self) -> httpx.Client:
        """A client of RabbitMQ's management API."""
        return httpx.Client(base_url=self.management_url, timeout=30)

    def vhost_url(self, vhost: str, user: str | None = None, password: str | None = None) -> str:
        """An AMQP URL of `vhost`, as the administrator unless a user is named."""
        parts = urlsplit(self.rabbitmq_url)
        netloc = parts.netloc
        if user is not None:
            netloc = f"{quote(user)}:{quote(password or '', safe='')}@{netloc.rpartition('@')[2]}"
        return urlunsplit((parts.scheme, netloc, "/" + quote(vhost, safe=""), "", ""))


@dataclass(frozen=True)
class VhostUser:
    """A broker user and the URL under which it connects."""

    name: str
    url: str


@contextmanager
def servers_of_this_run() -> Iterator[Servers]:
    """The servers named by the environment, else containers for as long as the block lasts."""
    if NAMED_BY in os.environ:
        yield _named(os.environ)
        return
    with containers() as addresses:
        yield _named(addresses)


def _named(addresses: Mapping[str, str]) -> Servers:
    return Servers(
        database_url=addresses[NAMED_BY],
        rabbitmq_url=addresses["CLASSROOM_TEST_RABBITMQ_URL"],
        management_url=addresses["CLASSROOM_TEST_RABBITMQ_MANAGEMENT_URL"],
    )


async def make_database(servers: Servers, service: str, purpose: str = "") -> ServiceDatabase:
    """A fresh database of `service` for this worker, migrated to the newest revision.

    With a `purpose` it is another than the worker's own.
    """
    name = "_".join(filter(None, (servers.worker, service, purpose)))
    admin = await asyncpg.connect(servers.database_url)
    try:
        await admin.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    finally:
        await admin.close()
    database = await provision(servers.database_url, service, _PASSWORDS, database=name)
    await asyncio.to_thread(migrate, service, database.owner)
    return database


def with_database(dsn: str, database: str) -> str:
    """The same server and user, another database."""
    return urlunsplit(urlsplit(dsn)._replace(path=f"/{database}"))
