"""PostgreSQL and RabbitMQ for one benchmark: databases and a broker that are gone afterwards."""

from __future__ import annotations

import asyncio
import os
import re
import secrets
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from urllib.parse import quote, urlsplit, urlunsplit

import asyncpg
import httpx

from deploy.local.broker_setup import set_up_broker
from deploy.local.broker_users import BrokerNames, broker_users
from shared.contracts.topology import INBOUND_EXCHANGE
from shared.database.migrations import migrate
from shared.database.provision import ServiceDatabase, provision

__all__ = ["Servers", "ServiceServers", "StackServers"]

_CONNECTORS = "connectors"

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
class StackServers:
    """What several services are told, who hear each other; and how snapshots get in.

    Who comes by `connectors_url` may send in the name of any connector.
    """

    services: Mapping[str, ServiceServers]
    mis_rabbitmq_url: str
    connectors_url: str
    proposals_url: str
    """How mis_sync reaches the broker, whether it runs or not."""


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
        async with self.for_services(service) as stack:
            yield stack.services[service]

    @asynccontextmanager
    async def for_services(self, *services: str) -> AsyncIterator[StackServers]:
        """A database for each of these services, and the two vhosts that they share."""
        async with AsyncExitStack() as stack:
            databases: dict[str, tuple[ServiceDatabase, str]] = {}
            for service in services:
                name = await stack.enter_async_context(self._database(service))
                made = await provision(self.database_url, service, _ROLE_PASSWORDS, database=name)
                await asyncio.to_thread(migrate, service, made.owner)
                databases[service] = made, self._url_of(name)
            broker = await stack.enter_async_context(self._broker(f"bench_{secrets.token_hex(4)}"))
            yield StackServers(
                services={
                    service: ServiceServers(
                        database_url=made.service,
                        relay_database_url=made.relay,
                        rabbitmq_url=broker.url_of(service),
                        admin_url=admin_url,
                    )
                    for service, (made, admin_url) in databases.items()
                },
                mis_rabbitmq_url=broker.url_of("mis_sync_inbound", mis=True),
                connectors_url=broker.url_of(_CONNECTORS, mis=True),
                proposals_url=broker.url_of("mis_sync"),
            )

    @asynccontextmanager
    async def empty_database(self, purpose: str) -> AsyncIterator[str]:
        """The URL of a database that nobody else has."""
        async with self._database(purpose) as name:
            await self._administer(f'CREATE DATABASE "{name}"')
            yield self._url_of(name)

    @asynccontextmanager
    async def empty_vhost(self) -> AsyncIterator[str]:
        """The URL, an administrator's, of a vhost that nobody else has."""
        name = f"bench_{secrets.token_hex(4)}"
        async with httpx.AsyncClient(base_url=self.management_url, timeout=60) as management:
            (await management.put(f"/api/vhosts/{name}")).raise_for_status()
            try:
                yield urlunsplit(urlsplit(self.rabbitmq_url)._replace(path=f"/{name}"))
            finally:
                await management.delete(f"/api/vhosts/{name}")

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
    async def _broker(self, name: str) -> AsyncIterator[_Broker]:
        """Vhosts and users like those of a stack, and one user who speaks for all connectors."""
        names = BrokerNames(f"{name}_classroom", f"{name}_mis", f"{name}_")
        users = broker_users(names)
        passwords = {user.key: secrets.token_urlsafe(16) for user in users}
        passwords[_CONNECTORS] = secrets.token_urlsafe(16)
        await asyncio.to_thread(set_up_broker, self.management_url, passwords, names)
        host = urlsplit(self.rabbitmq_url).netloc.rpartition("@")[2]
        connectors = names.user_prefix + _CONNECTORS
        async with httpx.AsyncClient(base_url=self.management_url, timeout=60) as management:
            try:
                # The broker lets them send in any connector's name; each would else need a user.
                user = {"password": passwords[_CONNECTORS], "tags": "impersonator"}
                (await management.put(f"/api/users/{connectors}", json=user)).raise_for_status()
                written = f"^{re.escape(INBOUND_EXCHANGE)}$"
                rights = {"configure": "^$", "write": written, "read": "^$"}
                where = f"/api/permissions/{quote(names.mis_vhost, safe='')}/{connectors}"
                (await management.put(where, json=rights)).raise_for_status()
                yield _Broker(names, passwords, host)
            finally:
                for vhost in (names.vhost, names.mis_vhost):
                    await management.delete(f"/api/vhosts/{quote(vhost, safe='')}")
                for user_name in (connectors, *(user.name for user in users)):
                    await management.delete(f"/api/users/{quote(user_name, safe='')}")


@dataclass(frozen=True)
class _Broker:
    names: BrokerNames
    passwords: Mapping[str, str]
    host: str

    def url_of(self, user: str, *, mis: bool = False) -> str:
        vhost = self.names.mis_vhost if mis else self.names.vhost
        name = self.names.user_prefix + user
        return f"amqp://{name}:{self.passwords[user]}@{self.host}/{vhost}"
