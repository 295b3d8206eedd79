"""The demo, running: shared by the tests that click through pages and by the main job's."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
from playwright.async_api import Browser

from tests.browser.chromium import chromium
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


@pytest.fixture(scope="session")
async def demo() -> AsyncIterator[Demo]:
    """Tests that use it are one xdist group, so that it is started once."""
    async with new_stack("demo", "--detach") as stack:
        status = await stack.status()
        accounts = [Account(**account) for account in status["demo"]["accounts"]]
        yield Demo(stack, status["url"], {account.role: account for account in accounts})


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as running:
        yield running
