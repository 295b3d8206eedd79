"""The demo, with a Prometheus over it and somebody who uses it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from deploy.local.state import State
from tests.api import signed_in
from tests.demo import Demo
from tests.observability.prometheus import Prometheus, over


@pytest.fixture(scope="package")
async def prometheus(demo: Demo) -> AsyncIterator[Prometheus]:
    """It has looked at everything more than once while pages were looked at."""
    admin = demo.accounts["admin"]
    async with over(State(demo.stack.home)) as watching:
        async with signed_in(demo.url, admin.username, admin.password) as api:
            for path in ("/api/home", "/api/users", "/api/pupils", "/api/mis/runs"):
                await api.get(path)
        yield watching
