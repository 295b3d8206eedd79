"""Identity whole: its database, its queues and its mail server are real; only the time is ours."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest

from services.identity.settings import Settings
from shared.security.principals import PrincipalSigner, new_signing_key
from tests.broker import TestBroker
from tests.identity.door import Door, SchoolInTest
from tests.identity.family import Families
from tests.identity.leaders import ask, lead, new_address
from tests.identity.mailbox import Mailbox
from tests.identity.running import identity_settings, running_identity
from tests.servers import DatabaseFactory, Servers, with_database


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
    return identity_settings(database, broker.url, mailbox.port, signing_key, folder)


@pytest.fixture(scope="session")
async def door(
    settings: Settings, servers: Servers, mailbox: Mailbox, signing_key: dict[str, str]
) -> AsyncIterator[Door]:
    admin_dsn = with_database(servers.database_url, f"{servers.worker}_identity")
    async with running_identity(
        settings, PrincipalSigner(signing_key), mailbox, admin_dsn
    ) as opened:
        yield opened


@pytest.fixture
def standing_clock(door: Door) -> Iterator[None]:
    """For tests of so many tries within a minute, and of how long is left of a pause."""
    with door.clock.standing():
        yield


@pytest.fixture
async def school(door: Door) -> SchoolInTest:
    return await door.new_school()


@pytest.fixture
async def head(door: Door, school: SchoolInTest) -> dict[str, Any]:
    """The session of a head who has just set their first password."""
    return await lead(door, school)


@pytest.fixture
def settled(door: Door, head: dict[str, Any]) -> Iterator[None]:
    """A week after the head has come by their account (R5)."""
    assert head
    with door.clock.moved_by(days=7):
        yield


@pytest.fixture
async def asked(door: Door, school: SchoolInTest, head: dict[str, Any], settled: None) -> str:
    """The address that the head has asked for, for the admin account."""
    email = new_address(school)
    answer = await ask(door, head, email)
    assert answer.status_code == 201, answer.text
    return email


@pytest.fixture
def families(door: Door, school: SchoolInTest, broker: TestBroker) -> Families:
    return Families(door, school, broker)
