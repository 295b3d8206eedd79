"""Chromium, headless, and a page in it, as the browser tests use them."""

from __future__ import annotations

import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from playwright.async_api import Browser, Page, ViewportSize, async_playwright, expect

from tests.browser.slowed import slowed

__all__ = ["chromium", "opened_page"]

_PATIENCE = 15_000
"""Milliseconds until what is expected must be there. Nothing is asserted of how fast it comes, and
other workers, or other runs, may have the processors meanwhile."""
_QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    """The Chromium that `./classroom test` found, or the one on the PATH."""
    expect.set_options(timeout=_PATIENCE)
    executable = os.environ.get("CLASSROOM_CHROMIUM") or shutil.which("chromium")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=executable, args=list(_QUIET))
        yield browser
        await browser.close()


@asynccontextmanager
async def opened_page(browser: Browser, size: ViewportSize) -> AsyncIterator[Page]:
    """A page of one's own, closed with the block. It must never fail in silence: errors of its own
    code, and what its security policy refused, are raised then."""
    context = await browser.new_context(
        viewport=size,
        locale="en-GB",
        reduced_motion="reduce",
    )
    page = await context.new_page()
    await slowed(page)
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
