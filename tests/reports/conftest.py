"""Reports whole, and beside it a roster of its own, whose events it hears; all else is real.

Only the time is ours.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from services.reports.app import create_app
from services.reports.settings import Settings
from shared.security.principals import PrincipalSigner, new_signing_key, public_keys
from tests.broker import TestBroker, make_broker
from tests.roster.door import Clock, Door
from tests.roster.running import NOW, running_roster
from tests.servers import DatabaseFactory, Servers, make_database, with_database


@pytest.fixture(scope="session")
async def broker(servers: Servers) -> TestBroker:
    return await make_broker(servers, "reports")


@pytest.fixture(scope="session")
async def door(
    servers: Servers, broker: TestBroker, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Door]:
    database = await make_database(servers, "roster", "reports")
    folder = tmp_path_factory.mktemp("roster-of-reports")
    async with running_roster(servers, database, broker, folder) as running:
        yield running


@pytest.fixture(scope="session")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder in which reports keeps files."""
    return tmp_path_factory.mktemp("files")


@pytest.fixture(scope="session")
async def reports(
    files: Path,
    database_factory: DatabaseFactory,
    broker: TestBroker,
    servers: Servers,
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncIterator[Door]:
    database = await database_factory("reports")
    key = new_signing_key()
    key_file = tmp_path_factory.mktemp("reports") / "keys.json"
    key_file.write_text(json.dumps(public_keys(key)))
    settings = Settings(
        database_url=database.service,
        relay_database_url=database.relay,
        rabbitmq_url=broker.url,
        principal_public_key_file=key_file,
        files_url=files.as_uri(),
        look_every_seconds=0.1,
        log_level="WARNING",
    )
    clock = Clock(NOW)
    app = create_app(settings, now=clock)
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://reports", timeout=30) as client,
        Door.opened(
            service="reports",
            client=client,
            signer=PrincipalSigner(key),
            broker_url=broker.url,
            admin_dsn=with_database(servers.database_url, f"{servers.worker}_reports"),
            service_dsn=database.service,
            clock=clock,
        ) as opened,
    ):
        yield opened
