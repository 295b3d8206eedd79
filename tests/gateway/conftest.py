"""A gateway for the tests, with the services behind it as new for each."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.broker import TestBroker
from tests.gateway.world import World, open_world


@pytest.fixture(scope="session")
async def standing_world(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[World]:
    async with open_world(tmp_path_factory.mktemp("world")) as opened:
        yield opened


@pytest.fixture
def world(standing_world: World) -> World:
    """As new. No broker is in reach: every request looks its session up."""
    standing_world.make_anew()
    return standing_world


@pytest.fixture
async def heard_world(tmp_path: Path, broker: TestBroker) -> AsyncIterator[World]:
    """A world of the test's own, with the real broker, over which ended sessions are heard."""
    async with open_world(tmp_path, broker.url) as opened:
        yield opened
