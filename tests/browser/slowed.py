"""A page as on a school's slow line, or on its oldest computer, where the environment says so.

What fails then either did not wait for what it needs, or found where the product does not.
"""

from __future__ import annotations

import asyncio
import os
from typing import Any
from urllib.parse import urlsplit
from zlib import crc32

from playwright.async_api import CDPSession, Error, Page

__all__ = ["slowed"]

_API = os.environ.get("CLASSROOM_TEST_SLOW_API")
_PAGE = os.environ.get("CLASSROOM_TEST_SLOW_PAGE")


async def slowed(page: Page) -> None:
    """Each answer of the API comes late, by a time that only its address decides, between a third
    of `CLASSROOM_TEST_SLOW_API` seconds and five thirds. The page works `CLASSROOM_TEST_SLOW_PAGE`
    times as slowly as it could."""
    if not (_API or _PAGE):
        return
    session = await page.context.new_cdp_session(page)
    if _PAGE:
        await session.send("Emulation.setCPUThrottlingRate", {"rate": float(_PAGE)})
    if _API:
        await _late_answers(session, float(_API))


async def _late_answers(session: CDPSession, seconds: float) -> None:
    """By the browser itself, since what a test's own route sends on loses the files in it."""
    under_way = set[asyncio.Task[None]]()

    async def pass_on(paused: dict[str, Any]) -> None:
        await asyncio.sleep(_delay(paused, seconds))
        try:
            await session.send("Fetch.continueRequest", {"requestId": paused["requestId"]})
        except Error:
            return  # The page has been left meanwhile.

    def hold(paused: dict[str, Any]) -> None:
        task = asyncio.create_task(pass_on(paused))
        under_way.add(task)
        task.add_done_callback(under_way.discard)

    session.on("Fetch.requestPaused", hold)
    stages = [{"urlPattern": "*/api/*", "requestStage": at} for at in ("Request", "Response")]
    await session.send("Fetch.enable", {"patterns": stages})


def _delay(paused: dict[str, Any], seconds: float) -> float:
    """A quarter of it before the service is asked, the rest before the page hears the answer."""
    path = urlsplit(paused["request"]["url"]).path
    whole = seconds * (1 + crc32(path.encode()) % 5) / 3
    answered = "responseStatusCode" in paused or "responseErrorReason" in paused
    return whole * (0.75 if answered else 0.25)
