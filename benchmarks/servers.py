"""PostgreSQL and RabbitMQ for one benchmark: databases and a broker that are gone afterwards."""

from __future__ import annotations

import asyncio
import os
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from urllib.parse import quote, urlsplit, urlunsplit

import asyncpg
import httpx

from deploy.local.broker_setup import set_up_broker
from deploy.local.broker_users import BrokerNames, broker_users
from shared.database.migrations import migrate
from shared.database.provision import provision

__all__ = ["Servers", "ServiceServers"]

_ROLE_PASSWORDS = {"owner": "test-owner", "service": "test-service", "relay": "test-relay"}
"""Roles are the server's and not a database's, so they are the tests', who may be at it too."""


@dataclass(frozen=True)
class ServiceServers:
    """What one service is told of its servers; `admin_url` sees its database past row security."""

    database_url: str
    relay_database_url: str
    rabbitmq_url: str
    admin_url: str


@dataclass(frozen=True)
class Servers:
    """Where an administrator reaches them."""

    database_url: str
    rabbitmq_url: str
    management_url: str

    @classmethod
    def from_environment(cls) -> Servers:
        names = ("DATABASE_URL", "RABBITMQ_URL", "RABBITMQ_MANAGEMENT_URL")
        return cls(*(os.environ[f"CLASSROOM_TEST_{name}"] for name in names))

    @asynccontextmanager
    async def for_service(self, service: str) -> AsyncIterator[ServiceServers]:
        """A migrated database and a vhost with all queues, for as long as the block lasts."""
        async with self._database(service) as name:
            database = await provision(self.database_url, service, _ROLE_PASSWORDS, database=name)
            await asyncio.to_thread(migrate, service, database.owner)
            async with self._vhost(name, service) as rabbitmq_url:
                yield ServiceServers(
                    database_url=database.service,
                    relay_database_url=database.relay,
                    rabbitmq_url=rabbitmq_url,
                    admin_url=self._url_of(name),
                )

    @asynccontextmanager
    async def empty_database(self, purpose: str) -> AsyncIterator[str]:
        """The URL of a database that nobody else has."""
        async with self._database(purpose) as name:
            await self._administer(f'CREATE DATABASE "{name}"')
            yield self._url_of(name)

    @asynccontextmanager
    async def _database(self, purpose: str) -> AsyncIterator[str]:
        """A name that nobody else has; what is there under it is dropped afterwards."""
        name = f"bench_{secrets.token_hex(4)}_{purpose}"
        try:
            yield name
        finally:
            await self._administer(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    async def _administer(self, statement: str) -> None:
        connection = await asyncpg.connect(self.database_url)
        try:
            await connection.execute(statement)
        finally:
            await connection.close()

    def _url_of(self, database: str) -> str:
        return urlunsplit(urlsplit(self.database_url)._replace(path=f"/{database}"))

    @asynccontextmanager
    async def _vhost(self, name: str, service: str) -> AsyncIterator[str]:
        """The URL under which the service reaches a broker like the one of a stack."""
        names = BrokerNames(f"{name}_classroom", f"{name}_mis", f"{name}_")
        users = broker_users(names)
        passwords = {user.key: secrets.token_urlsafe(16) for user in users}
        await asyncio.to_thread(set_up_broker, self.management_url, passwords, names)
        host = urlsplit(self.rabbitmq_url).netloc.rpartition("@")[2]
        try:
            yield f"amqp://{name}_{service}:{passwords[service]}@{host}/{names.vhost}"
        finally:
            async with httpx.AsyncClient(base_url=self.management_url, timeout=60) as management:
                for vhost in (names.vhost, names.mis_vhost):
                    await management.delete(f"/api/vhosts/{quote(vhost, safe='')}")
                for user in users:
                    await management.delete(f"/api/users/{quote(user.name, safe='')}")
