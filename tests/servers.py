"""The real PostgreSQL and RabbitMQ that the tests run against, and what each worker makes in them.

`./classroom test` starts local servers and names them in the environment; where it does not and a
container engine runs, testcontainers starts both. Nothing is shared between two workers.
"""

from __future__ import annotations

import asyncio
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import quote, urlsplit, urlunsplit

import asyncpg
import httpx
import psycopg
from tenacity import retry, stop_after_delay, wait_fixed
from testcontainers.core.container import DockerContainer

from shared.database.migrations import migrate
from shared.database.provision import ServiceDatabase, provision

__all__ = ["Servers", "VhostUser", "make_database", "servers_of_this_run", "with_database"]

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
    database_url = os.environ.get("CLASSROOM_TEST_DATABASE_URL")
    if database_url:
        yield Servers(
            database_url=database_url,
            rabbitmq_url=os.environ["CLASSROOM_TEST_RABBITMQ_URL"],
            management_url=os.environ["CLASSROOM_TEST_RABBITMQ_MANAGEMENT_URL"],
        )
        return
    with _containers() as servers:
        yield servers


@contextmanager
def _containers() -> Iterator[Servers]:
    """Both servers by testcontainers. The images can be named by the environment."""
    password = secrets.token_urlsafe(16)
    postgres = _container("CLASSROOM_TEST_POSTGRES_IMAGE", "postgres:18", 5432)
    postgres.with_env("POSTGRES_PASSWORD", password)
    rabbitmq = _container("CLASSROOM_TEST_RABBITMQ_IMAGE", "rabbitmq:4-management", 5672, 15672)
    rabbitmq.with_env("RABBITMQ_DEFAULT_USER", "test").with_env("RABBITMQ_DEFAULT_PASS", password)
    with postgres, rabbitmq:
        user = f"test:{password}@127.0.0.1"
        database = f"127.0.0.1:{postgres.get_exposed_port(5432)}/postgres"
        servers = Servers(
            database_url=f"postgresql://postgres:{password}@{database}",
            rabbitmq_url=f"amqp://{user}:{rabbitmq.get_exposed_port(5672)}/",
            management_url=f"http://{user}:{rabbitmq.get_exposed_port(15672)}",
        )
        _wait_until_they_answer(servers)
        yield servers


def _container(variable: str, image: str, *ports: int) -> DockerContainer:
    container = DockerContainer(os.environ.get(variable, image))
    return container.with_exposed_ports(*ports)


@retry(stop=stop_after_delay(180), wait=wait_fixed(0.5), reraise=True)
def _wait_until_they_answer(servers: Servers) -> None:
    """An image may start its server twice; what counts is that it answers from outside."""
    with psycopg.connect(servers.database_url, connect_timeout=2) as connection:
        connection.execute("SELECT 1")
    with servers.management() as management:
        management.get("/api/aliveness-test/%2F").raise_for_status()


async def make_database(servers: Servers, service: str) -> ServiceDatabase:
    """A fresh database of `service` for this worker, migrated to the newest revision."""
    name = f"{servers.worker}_{service}"
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
