"""A service hangs: the page says what is missing, has the rest, and comes back whole."""

from __future__ import annotations

import os
import signal

import pytest
from playwright.async_api import Browser, expect

from tests.browser.chromium import opened_page
from tests.browser.pages import enter
from tests.browser.pictures import DESK
from tests.stack import ADMIN_PASSWORD, Stack

pytestmark = pytest.mark.timeout(420)


async def test_a_part_that_is_away_is_said_to_be(stack: Stack, browser: Browser) -> None:
    """In a stack that nobody else clicks through: whoever did would miss roster too."""
    school = await stack.add_school("Absent Primary School", "NG3 3AB", "office@absent.example")
    async with opened_page(browser, DESK) as page:
        await enter(page, f"{stack.url}/pupils", school.admin, ADMIN_PASSWORD)
        roster = (await stack.pids())["roster"]
        os.kill(roster, signal.SIGSTOP)
        try:
            await page.goto(stack.url)
            missing = page.get_by_role("status").filter(has_text="Part of this page is missing")
            await expect(missing).to_contain_text(
                "Pupils and groups can’t be shown", timeout=15_000
            )
            await expect(page.get_by_role("heading", name="MIS link")).to_be_visible()
        finally:
            os.kill(roster, signal.SIGCONT)
        await page.reload()
        await expect(page.get_by_role("region", name="The school in figures")).to_be_visible()
        await expect(page.get_by_text("Part of this page is missing")).to_have_count(0)
