"""A page looked at: by axe each time, and by a person where a folder for pictures is named."""

from __future__ import annotations

import os

from playwright.async_api import Page

from tests.browser.axe import assert_accessible

__all__ = ["look_at"]


async def look_at(page: Page, name: str) -> None:
    """Usable by everyone; kept in `CLASSROOM_TEST_SCREENSHOTS` as a picture if that is set."""
    await assert_accessible(page)
    if folder := os.environ.get("CLASSROOM_TEST_SCREENSHOTS"):
        width = page.viewport_size["width"] if page.viewport_size else 0
        await page.screenshot(path=f"{folder}/{name}-{width}.png", full_page=True)
