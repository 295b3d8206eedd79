"""mis_sync whole: its database and both its vhosts are real; roster and identity are stood in."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.mis_sync.opening import open_world
from tests.mis_sync.world import SchoolInTest, World
from tests.servers import Servers


@pytest.fixture(scope="session")
async def standing_world(
    servers: Servers, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[World]:
    async with open_world(servers, tmp_path_factory.mktemp("mis_sync"), "mis_sync_tests") as opened:
        yield opened


@pytest.fixture
def world(standing_world: World) -> World:
    standing_world.clock.ahead *= 0
    return standing_world


@pytest.fixture
async def school(world: World) -> SchoolInTest:
    """A linked school in 2026/27 whose MIS is empty."""
    return await world.linked_school()
