"""Opens mis_sync and its provisioner on a database and vhosts of their own.

Of their own, since the real owners must not hear what the stand-ins are to answer, and one relay
must not send what another's consumers are to hear.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import asyncpg
import httpx

from services.mis_sync.app import create_app
from services.mis_sync.provisioner.app import create_app as create_provisioner
from services.mis_sync.settings import ProvisionerSettings, Settings
from shared.database.migrations import migrate
from shared.database.provision import ServiceDatabase, provision
from shared.security.principals import PrincipalSigner, new_signing_key, public_keys
from tests.broker import TestBroker, make_broker
from tests.looking import looking
from tests.mis_sync.owners import Owners
from tests.mis_sync.world import Clock, MisSyncDoor, World
from tests.servers import Servers, with_database

_PASSWORDS = {"owner": "test-owner", "service": "test-service", "relay": "test-relay"}


@asynccontextmanager
async def open_world(
    servers: Servers,
    folder: Path,
    purpose: str,
    rewired: Callable[[Settings], Settings] = lambda settings: settings,
) -> AsyncIterator[World]:
    """`purpose` names the database and the vhosts; `folder` takes a key file.

    `rewired` leads mis_sync to its servers another way, through cables that a test can cut.
    """
    broker = await make_broker(servers, purpose)
    async with open_mis_sync(servers, folder, purpose, broker, Clock(), rewired) as door:
        owners = await Owners.start(broker.url)
        try:
            yield World(**vars(door), owners=owners)
        finally:
            await owners.stop()


@asynccontextmanager
async def open_mis_sync(
    servers: Servers,
    folder: Path,
    purpose: str,
    broker: TestBroker,
    clock: Clock,
    rewired: Callable[[Settings], Settings] = lambda settings: settings,
) -> AsyncIterator[MisSyncDoor]:
    """mis_sync and its provisioner on a broker; who answers there is not asked."""
    name = f"{servers.worker}_{purpose}"
    database = await _database(servers, name)
    key = new_signing_key()
    key_file = folder / "keys.json"
    key_file.write_text(json.dumps(public_keys(key)))
    settings = Settings(
        database_url=database.service,
        relay_database_url=database.relay,
        rabbitmq_url=broker.url,
        mis_rabbitmq_url=broker.mis_url,
        connector_broker_url=_without_user(broker.mis_url),
        principal_public_key_file=key_file,
        log_level="WARNING",
    )
    app = create_app(rewired(settings), clock)
    provisioner = create_provisioner(
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
        admin_dsn = with_database(servers.database_url, name)
        look = await stack.enter_async_context(looking(admin_dsn))
        yield MisSyncDoor(
            client=client,
            signer=PrincipalSigner(key),
            broker=broker,
            admin_dsn=admin_dsn,
            service_dsn=database.service,
            look=look,
            clock=clock,
            audit=provisioner.state.provisioner.audit,
        )


async def _database(servers: Servers, name: str) -> ServiceDatabase:
    admin = await asyncpg.connect(servers.database_url)
    try:
        await admin.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    finally:
        await admin.close()
    database = await provision(servers.database_url, "mis_sync", _PASSWORDS, database=name)
    await asyncio.to_thread(migrate, "mis_sync", database.owner)
    return database


def _without_user(url: str) -> str:
    scheme, _, rest = url.partition("://")
    return f"{scheme}://{rest.rpartition('@')[2]}"
