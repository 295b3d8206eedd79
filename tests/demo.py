"""The demo, running: shared by the tests that click through pages and by the main job's."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
from playwright.async_api import Browser

from tests.browser.chromium import chromium
from tests.collector import Collector, collector
from tests.stack import Stack, new_stack

__all__ = ["Account", "Demo", "browser", "demo"]


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


@pytest.fixture(scope="session")
async def demo() -> AsyncIterator[Demo]:
    """Tests that use it are one xdist group, so that it is started once."""
    with collector() as traces:
        async with new_stack("demo", "--detach", told=traces.told) as stack:
            status = await stack.status()
            accounts = [Account(**account) for account in status["demo"]["accounts"]]
            by_role = {account.role: account for account in accounts}
            yield Demo(stack, status["url"], by_role, traces)


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as running:
        yield running
