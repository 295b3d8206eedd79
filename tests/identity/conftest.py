"""Identity whole: its database, its queues and its mail server are real; only the time is ours."""

from __future__ import annotations

import json
import secrets
from collections.abc import AsyncIterator, Iterator

import httpx
import pytest
from cryptography.fernet import Fernet

from services.identity.app import create_app
from services.identity.settings import Settings
from shared.security.principals import PrincipalSigner, new_signing_key, public_keys
from tests.broker import TestBroker
from tests.conftest import DatabaseFactory
from tests.identity.door import Door, SchoolInTest, SettableClock
from tests.identity.family import Families
from tests.identity.mailbox import Mailbox
from tests.servers import Servers, with_database


@pytest.fixture(scope="session")
def mailbox() -> Iterator[Mailbox]:
    mailbox = Mailbox()
    mailbox.start()
    yield mailbox
    mailbox.stop()


@pytest.fixture(scope="session")
def signing_key() -> dict[str, str]:
    return new_signing_key()


@pytest.fixture(scope="session")
async def settings(
    database_factory: DatabaseFactory,
    broker: TestBroker,
    mailbox: Mailbox,
    signing_key: dict[str, str],
    tmp_path_factory: pytest.TempPathFactory,
) -> Settings:
    database = await database_factory("identity")
    folder = tmp_path_factory.mktemp("identity")
    (folder / "pepper").write_text(secrets.token_hex(32))
    (folder / "two-step-keys").write_bytes(Fernet.generate_key())
    (folder / "keys.json").write_text(json.dumps(public_keys(signing_key)))
    return Settings(
        database_url=database.service,
        relay_database_url=database.relay,
        rabbitmq_url=broker.url,
        principal_public_key_file=folder / "keys.json",
        pepper_file=folder / "pepper",
        two_step_keys_file=folder / "two-step-keys",
        public_url="http://localhost:8080/",
        smtp_host="127.0.0.1",
        smtp_port=mailbox.port,
        mail_from="Classroom <no-reply@classroom.example>",
        log_level="WARNING",
    )


@pytest.fixture(scope="session")
async def door(
    settings: Settings, servers: Servers, mailbox: Mailbox, signing_key: dict[str, str]
) -> AsyncIterator[Door]:
    clock = SettableClock()
    app = create_app(settings, clock)
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://identity", timeout=30) as client,
    ):
        yield Door(
            app=app,
            client=client,
            clock=clock,
            signer=PrincipalSigner(signing_key),
            mailbox=mailbox,
            admin_dsn=with_database(servers.database_url, f"{servers.worker}_identity"),
            service_dsn=settings.database_url,
        )


@pytest.fixture
async def school(door: Door) -> SchoolInTest:
    return await door.new_school()


@pytest.fixture
def families(door: Door, school: SchoolInTest, broker: TestBroker) -> Families:
    return Families(door, school, broker)
