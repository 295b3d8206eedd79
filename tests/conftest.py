"""What every test may ask for: the servers, a service's own database, a broker of one's own."""

from __future__ import annotations

import asyncio
import gc
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from typing import Any

import pytest
import uvloop
from hypothesis import HealthCheck, settings
from xdist.scheduler import LoadScopeScheduling  # type: ignore[import-untyped]

from shared.database.provision import ServiceDatabase
from shared.observability.logs import configure_logs
from tests.broker import TestBroker, make_broker
from tests.containers import containers
from tests.demo import browser, demo, demo_folder, demo_of_this_run
from tests.roster.running import roster
from tests.servers import NAMED_BY, DatabaseFactory, Servers, make_database, servers_of_this_run

settings.register_profile(
    "real-servers",
    deadline=None,
    max_examples=int(os.environ.get("CLASSROOM_TEST_EXAMPLES", "15")),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
settings.load_profile("real-servers")
configure_logs("tests", "WARNING")
gc.disable()  # until all is collected: nothing of it goes

__all__ = ["browser", "demo", "demo_folder", "roster"]

_BETWEEN_COLLECTIONS = (20_000, 20, 50)

_for_all_workers = ExitStack()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_setupnodes() -> None:
    """Workers inherit the environment of this process: with it one pair of containers, one demo."""
    os.environ.update(_for_all_workers.enter_context(demo_of_this_run()))
    if NAMED_BY not in os.environ:
        os.environ.update(_for_all_workers.enter_context(containers()))


def pytest_unconfigure() -> None:
    _for_all_workers.close()


def pytest_asyncio_loop_factories() -> Mapping[str, Callable[[], asyncio.AbstractEventLoop]]:
    """As services run: uvicorn takes it where it is installed."""
    return {"uvloop": uvloop.new_event_loop}


def pytest_collection_finish() -> None:
    """What modules and collected tests are made of stays to the end, and is looked through no more.

    From here on garbage is collected as services do it (`shared/web/process.py`).
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_BETWEEN_COLLECTIONS)
    gc.enable()


@pytest.fixture(scope="session")
def servers() -> Iterator[Servers]:
    """PostgreSQL and RabbitMQ, real ones."""
    with servers_of_this_run() as found:
        yield found


@pytest.fixture(scope="session")
def database_factory(servers: Servers) -> DatabaseFactory:
    """`await database_factory("roster")`: this worker's migrated database, made once per session.

    Tests keep apart by school: each makes schools with ids of its own.
    """
    made: dict[str, ServiceDatabase] = {}

    async def make(service: str) -> ServiceDatabase:
        if service not in made:
            made[service] = await make_database(servers, service)
        return made[service]

    return make


@pytest.fixture(scope="session")
async def broker(servers: Servers) -> TestBroker:
    """This worker's pair of vhosts, with every exchange, queue and binding."""
    return await make_broker(servers)


_ONE_WORKERS = {
    "compose": "compose",
    "end_to_end": "looking back",
    "observability": "looking back",
    "operations": "operations",
    "together": "together",
}
"""By folder: which tests are one worker's work, since they share what is running."""

_FIRST = ("operations", "faults", "browser", "together")
"""What takes long begins early, so that no worker waits for another at the end."""
_LOOKING_BACK = ("end_to_end", "observability")
"""Of what all who used the demo left. They come when those are done, and others are not yet."""
_AFTER_LOOKING_BACK = "reports"


class _ByStack(LoadScopeScheduling):  # type: ignore[misc]
    """Tests that share a running stack are one worker's work; all others go where there is time.

    The demo is shared by all workers, but what a file sets up in it is its own. xdist's own groups
    have no effect with this version of pytest.
    """

    def _split_scope(self, nodeid: str) -> str:
        folder = _folder(nodeid)
        if folder == "browser":
            return nodeid.split("::")[0]
        return _ONE_WORKERS.get(folder, nodeid)


def _folder(nodeid: str) -> str:
    return nodeid.split("/")[1] if "/" in nodeid else nodeid


def _turn(item: pytest.Item) -> tuple[int, str, bool]:
    folder = _folder(item.nodeid)
    if folder in _FIRST:
        return _FIRST.index(folder), "", False
    if folder in _LOOKING_BACK:
        return len(_FIRST), _AFTER_LOOKING_BACK, False
    return len(_FIRST), folder, True


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> _ByStack:
    return _ByStack(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whoever is first waits for the stack to start."""
    items.sort(key=_turn)
    for item in items:
        if isinstance(item, pytest.Function) and "demo" in item.fixturenames:
            item.add_marker(pytest.mark.timeout(420))
