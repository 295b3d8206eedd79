"""mis_sync whole: its database and both its vhosts are real; roster and identity are stood in."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import httpx
import pytest

from services.mis_sync.app import create_app
from services.mis_sync.provisioner.app import create_app as create_provisioner
from services.mis_sync.settings import ProvisionerSettings, Settings
from shared.security.principals import PrincipalSigner, new_signing_key, public_keys
from tests.broker import make_broker
from tests.conftest import DatabaseFactory
from tests.mis_sync.owners import Owners
from tests.mis_sync.world import Clock, SchoolInTest, World
from tests.servers import Servers, with_database


@pytest.fixture(scope="session")
async def standing_world(
    database_factory: DatabaseFactory,
    servers: Servers,
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncIterator[World]:
    """On vhosts of its own: the real owners must not hear what the stand-ins are to answer."""
    database = await database_factory("mis_sync")
    broker = await make_broker(servers, "mis_sync")
    key = new_signing_key()
    key_file = tmp_path_factory.mktemp("mis_sync") / "keys.json"
    key_file.write_text(json.dumps(public_keys(key)))
    clock = Clock()
    settings = Settings(
        database_url=database.service,
        relay_database_url=database.relay,
        rabbitmq_url=broker.url,
        mis_rabbitmq_url=broker.mis_url,
        connector_broker_url=_without_user(broker.mis_url),
        principal_public_key_file=key_file,
        log_level="WARNING",
    )
    app = create_app(settings, clock)
    provisioner, _ = create_provisioner(
        ProvisionerSettings(
            rabbitmq_url=broker.url,
            rabbitmq_management_url=broker.management_url,
            mis_vhost=broker.mis_vhost,
            log_level="WARNING",
        )
    )
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(app.router.lifespan_context(app))
        await stack.enter_async_context(provisioner.router.lifespan_context(provisioner))
        client = httpx.AsyncClient(transport=transport, base_url="http://mis-sync", timeout=30)
        await stack.enter_async_context(client)
        owners = await Owners.start(broker.url)
        stack.push_async_callback(owners.stop)
        yield World(
            client=client,
            signer=PrincipalSigner(key),
            owners=owners,
            broker=broker,
            admin_dsn=with_database(servers.database_url, f"{servers.worker}_mis_sync"),
            service_dsn=database.service,
            clock=clock,
        )


@pytest.fixture
def world(standing_world: World) -> World:
    standing_world.clock.ahead *= 0
    return standing_world


@pytest.fixture
async def school(world: World) -> SchoolInTest:
    """A linked school in 2026/27 whose MIS is empty."""
    return await world.linked_school()


def _without_user(url: str) -> str:
    scheme, _, rest = url.partition("://")
    return f"{scheme}://{rest.rpartition('@')[2]}"
