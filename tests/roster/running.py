"""Roster whole: its database and its queues are real; only the time is ours.

One for all tests of a worker, on a broker of its own: what it tells of others' tests do not hear,
nor does it hear them.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from services.roster.app import create_app
from services.roster.settings import Settings
from shared.database.provision import ServiceDatabase
from shared.security.principals import PrincipalSigner, new_signing_key, public_keys
from tests.broker import TestBroker, make_broker
from tests.roster.door import Clock, Door
from tests.servers import DatabaseFactory, Servers, with_database

__all__ = ["NOW", "roster", "running_roster"]

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
async def roster(
    database_factory: DatabaseFactory, servers: Servers, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Door]:
    database = await database_factory("roster")
    broker = await make_broker(servers, "roster")
    folder = tmp_path_factory.mktemp("roster")
    async with running_roster(servers, database, broker, folder) as door:
        yield door


@asynccontextmanager
async def running_roster(
    servers: Servers, database: ServiceDatabase, broker: TestBroker, folder: Path
) -> AsyncIterator[Door]:
    """Its key file is made in `folder`. Two of them share neither a database nor a broker."""
    key = new_signing_key()
    key_file = folder / "keys.json"
    key_file.write_text(json.dumps(public_keys(key)))
    settings = Settings(
        database_url=database.service,
        relay_database_url=database.relay,
        rabbitmq_url=broker.url,
        principal_public_key_file=key_file,
        log_level="WARNING",
        # Who is asked to roll up, and when, is each test's to say.
        roles=frozenset({"http", "consumer", "relay"}),
    )
    clock = Clock(NOW)
    app = create_app(settings, now=clock)
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://roster", timeout=30) as client,
        Door.opened(
            service="roster",
            client=client,
            signer=PrincipalSigner(key),
            broker_url=broker.url,
            admin_dsn=with_database(servers.database_url, urlsplit(database.service).path[1:]),
            service_dsn=database.service,
            clock=clock,
        ) as opened,
    ):
        yield opened
