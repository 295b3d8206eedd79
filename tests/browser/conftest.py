"""A page of one's own for each test, at a desk or on a phone, that must never fail in silence."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from playwright.async_api import Browser, Page, ViewportSize

from tests.browser.pictures import DESK, PHONE, SEEN_ON_PHONES_TOO


@pytest.fixture
async def page(browser: Browser) -> AsyncIterator[Page]:
    async with _page(browser, DESK) as opened:
        yield opened


@pytest.fixture
async def other_page(browser: Browser) -> AsyncIterator[Page]:
    """Of somebody else, who shares no cookies with the first."""
    async with _page(browser, DESK) as opened:
        yield opened


@pytest.fixture
async def resized_page(browser: Browser) -> AsyncIterator[Page]:
    """At a desk; whenever it is looked at, at the size of a phone as well."""
    async with _page(browser, DESK) as opened:
        SEEN_ON_PHONES_TOO.add(opened)
        yield opened


@pytest.fixture(params=[DESK, PHONE], ids=["desk", "phone"])
async def any_page(browser: Browser, request: pytest.FixtureRequest) -> AsyncIterator[Page]:
    async with _page(browser, request.param) as opened:
        yield opened


@asynccontextmanager
async def _page(browser: Browser, size: ViewportSize) -> AsyncIterator[Page]:
    """Errors of the page's own code, and what its security policy refused, fail the test."""
    context = await browser.new_context(
        viewport=size,
        locale="en-GB",
        reduced_motion="reduce",
    )
    page = await context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on(
        "console",
        lambda message: (
            errors.append(message.text) if "Content Security Policy" in message.text else None
        ),
    )
    yield page
    await context.close()
    assert not errors, errors
