"""The demo, running: shared by the tests that click through pages and by the main job's.

It is one for all workers of a run. Whoever needs it first starts it; the process that all of them
come from keeps its traces, and ends it.
"""

from __future__ import annotations

import asyncio
import fcntl
import os
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.async_api import Browser

from tests.browser.chromium import chromium
from tests.collector import Collector, collector
from tests.stack import Stack

__all__ = ["Account", "Demo", "browser", "demo", "demo_folder", "demo_of_this_run"]

_NAMED_BY = "CLASSROOM_TEST_DEMO"


@dataclass(frozen=True)
class Account:
    role: str
    username: str
    password: str


@dataclass(frozen=True)
class Demo:
    """`./classroom demo`, with its sign-ins. What is in the demo school stays as it is."""

    stack: Stack
    url: str
    accounts: dict[str, Account]
    collector: Collector
    """Of the traces of all that is done with it."""


@contextmanager
def demo_of_this_run() -> Iterator[dict[str, str]]:
    """What a worker is told, so that it finds the demo; one that was started ends with the block.

    The folder is not pytest's, which closes its own to the user that PostgreSQL runs as.
    """
    prefix = "classroom-test-"
    with tempfile.TemporaryDirectory(prefix=prefix, ignore_cleanup_errors=True) as name:
        folder = Path(name)
        with collector(folder / "spans") as traces:
            (folder / "collector").write_text(traces.url)
            try:
                yield {_NAMED_BY: name}
            finally:
                stack = Stack(folder / "home")
                if stack.home.exists():
                    stack.end()


@pytest.fixture(scope="session")
def demo_folder() -> Iterator[Path]:
    if _NAMED_BY in os.environ:
        yield Path(os.environ[_NAMED_BY])
        return
    with demo_of_this_run() as told:
        yield Path(told[_NAMED_BY])


@pytest.fixture(scope="session")
async def demo(demo_folder: Path) -> Demo:
    traces = Collector(demo_folder / "spans", (demo_folder / "collector").read_text())
    stack = Stack(demo_folder / "home", traces.told)
    started = demo_folder / "started"
    async with _alone(demo_folder / "lock"):
        if not started.exists():
            await stack.command("demo", "--detach")
            started.touch()
    status = await stack.status()
    accounts = [Account(**account) for account in status["demo"]["accounts"]]
    return Demo(stack, status["url"], {account.role: account for account in accounts}, traces)


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as running:
        yield running


@asynccontextmanager
async def _alone(lock: Path) -> AsyncIterator[None]:
    """No other worker is in such a block meanwhile."""
    with lock.open("w") as file:
        await asyncio.to_thread(fcntl.flock, file, fcntl.LOCK_EX)
        yield
