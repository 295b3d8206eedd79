"""A page of one's own for each test, at a desk or on a phone, that must never fail in silence."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, Page

from tests.browser.chromium import opened_page
from tests.browser.pictures import DESK, PHONE, SEEN_ON_PHONES_TOO


@pytest.fixture
async def page(browser: Browser) -> AsyncIterator[Page]:
    async with opened_page(browser, DESK) as opened:
        yield opened


@pytest.fixture
async def other_page(browser: Browser) -> AsyncIterator[Page]:
    """Of somebody else, who shares no cookies with the first."""
    async with opened_page(browser, DESK) as opened:
        yield opened


@pytest.fixture
async def resized_page(browser: Browser) -> AsyncIterator[Page]:
    """At a desk; whenever it is looked at, at the size of a phone as well."""
    async with opened_page(browser, DESK) as opened:
        SEEN_ON_PHONES_TOO.add(opened)
        yield opened


@pytest.fixture(params=[DESK, PHONE], ids=["desk", "phone"])
async def any_page(browser: Browser, request: pytest.FixtureRequest) -> AsyncIterator[Page]:
    async with opened_page(browser, request.param) as opened:
        yield opened
