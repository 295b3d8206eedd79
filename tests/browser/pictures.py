"""A page looked at: by axe each time, and by a person where a folder for pictures is named."""

from __future__ import annotations

import os
from weakref import WeakSet

from playwright.async_api import Page, ViewportSize

from tests.browser.axe import assert_accessible

__all__ = ["DESK", "PHONE", "SEEN_ON_PHONES_TOO", "look_at"]

DESK: ViewportSize = {"width": 1280, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}
_TWO_FRAMES = """() => new Promise(
    (drawn) => requestAnimationFrame(() => requestAnimationFrame(() => drawn(null)))
)"""
SEEN_ON_PHONES_TOO: WeakSet[Page] = WeakSet()


async def look_at(page: Page, name: str) -> None:
    """Usable by everyone; kept in `CLASSROOM_TEST_SCREENSHOTS` as a picture if that is set."""
    await _look(page, name)
    if page in SEEN_ON_PHONES_TOO:
        await _resize(page, PHONE)
        await _look(page, name)
        await _resize(page, DESK)


async def _resize(page: Page, size: ViewportSize) -> None:
    """Drawn in its new size when this returns: a click on what still moves may be lost."""
    await page.set_viewport_size(size)
    await page.evaluate(_TWO_FRAMES)


async def _look(page: Page, name: str) -> None:
    await assert_accessible(page)
    if folder := os.environ.get("CLASSROOM_TEST_SCREENSHOTS"):
        width = page.viewport_size["width"] if page.viewport_size else 0
        await page.screenshot(path=f"{folder}/{name}-{width}.png", full_page=True)
