"""All services as processes of their own, on databases and a broker that they share with nobody."""

from __future__ import annotations

import asyncio
import json
import tempfile
from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import asyncpg

from benchmarks.identity import settings_of
from benchmarks.processes import running
from benchmarks.servers import Servers
from shared.contracts.topology import QUEUES
from shared.security.principals import new_signing_key, public_keys

__all__ = ["SERVICES", "Stack", "stack_running"]

SERVICES = ("identity", "roster", "mis_sync", "reports")
_LOOK_SECONDS = 0.05
_WRITTEN = "SELECT routing_key AS name, count(*) AS many FROM outbox GROUP BY 1"
_HEARD = "SELECT consumer AS name, count(*) AS many FROM inbox GROUP BY 1"


@dataclass(frozen=True)
class Stack:
    """Where the services answer, and their databases past row security."""

    addresses: Mapping[str, str]
    admin_urls: Mapping[str, str]
    connectors_url: str
    proposals_url: str
    """For who speaks in the place of mis_sync."""
    key: dict[str, str]
    databases: Mapping[str, asyncpg.Connection[asyncpg.Record]] = field(repr=False)

    async def all_is_heard(self) -> None:
        """Until all that was ever written to be told has been taken by all who are to hear it."""
        while True:
            written = await self._counted(_WRITTEN)
            heard = await self._counted(_HEARD)
            behind = any(
                heard[queue.name] < written[queue.payload.EVENT_TYPE]
                for queue in QUEUES
                if queue.service in self.databases
            )
            # Who has just heard something may have written more in the same moment.
            if not behind and written == await self._counted(_WRITTEN):
                return
            await asyncio.sleep(_LOOK_SECONDS)

    async def _counted(self, query: str) -> Counter[str]:
        """Messages by the name that the query gives them, over all services."""
        found = Counter[str]()
        for database in self.databases.values():
            for row in await database.fetch(query):
                found[row["name"]] += row["many"]
        return found


@asynccontextmanager
async def stack_running(
    servers: Servers, services: Sequence[str] = SERVICES
) -> AsyncIterator[Stack]:
    """These services, each a process with all its roles."""
    key = new_signing_key()
    async with AsyncExitStack() as stack:
        given = await stack.enter_async_context(servers.for_services(*services))
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        (folder / "keys.json").write_text(json.dumps(public_keys(key)))
        told = {
            service: {
                "DATABASE_URL": each.database_url,
                "RELAY_DATABASE_URL": each.relay_database_url,
                "RABBITMQ_URL": each.rabbitmq_url,
                "PRINCIPAL_PUBLIC_KEY_FILE": str(folder / "keys.json"),
            }
            for service, each in given.services.items()
        }
        if "identity" in told:
            told["identity"] = settings_of(given.services["identity"], folder, key)
        if "reports" in told:
            told["reports"]["FILES_URL"] = (folder / "files").as_uri()
        if "mis_sync" in told:
            told["mis_sync"] |= {
                "MIS_RABBITMQ_URL": given.mis_rabbitmq_url,
                "CONNECTOR_BROKER_URL": "amqp://localhost/mis",
            }
        databases = {}
        for service, each in given.services.items():
            databases[service] = await asyncpg.connect(each.admin_url)
            stack.push_async_callback(databases[service].close)
        addresses = {
            service: await stack.enter_async_context(
                running(f"services.{service}", told[service], "/ready")
            )
            for service in services
        }
        yield Stack(
            addresses=addresses,
            admin_urls={name: each.admin_url for name, each in given.services.items()},
            connectors_url=given.connectors_url,
            proposals_url=given.proposals_url,
            key=key,
            databases=databases,
        )
