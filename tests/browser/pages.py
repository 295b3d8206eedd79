"""The pages as a person knows them: by role and by label, never by how they are built."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

from playwright.async_api import Locator, Page, Route, expect

__all__ = [
    "DataManagement",
    "Mapping",
    "choose_password",
    "enter",
    "expect_saved",
    "open_group",
    "sign_in",
    "sign_out",
    "unanswered",
]


async def sign_in(page: Page, url: str, identifier: str, password: str) -> None:
    """Fills the form in and sends it. What comes next is for the test to look at."""
    await page.goto(f"{url}/sign-in")
    await page.get_by_label("Username or e-mail address").fill(identifier)
    await page.get_by_label("Password", exact=True).fill(password)
    await page.get_by_role("button", name="Sign in").click()


async def enter(page: Page, address: str, identifier: str, password: str) -> None:
    """Signed in, at `address` (an absolute URL), without the pages that lie before it.

    For tests of other things: signing in as people do it has tests of its own.
    """
    parts = urlsplit(address)
    origin = f"{parts.scheme}://{parts.netloc}"
    answer = await page.request.post(
        f"{origin}/api/session",
        data={"identifier": identifier, "password": password},
        headers={"Origin": origin, "Sec-Fetch-Site": "same-origin"},
    )
    assert answer.ok, await answer.text()
    await page.goto(address)


async def sign_out(page: Page) -> None:
    await page.get_by_role("button", name="account").click()
    await page.get_by_role("button", name="Sign out").click()
    await expect(page).to_have_url(re.compile("/sign-in"))


async def choose_password(page: Page, password: str) -> None:
    """The form for one's first own password."""
    await expect(page.get_by_role("heading", name="Choose your password")).to_be_visible()
    await page.get_by_label("New password", exact=True).fill(password)
    await page.get_by_label("New password again", exact=True).fill(password)
    await page.get_by_role("button", name="Save and go on").click()


async def expect_saved(page: Page, button: str) -> None:
    """The form of that button holds nothing any more that is not saved.

    The button itself is disabled while that is still under way, and a message may be of the time
    before.
    """
    form = page.locator("form").filter(has=page.get_by_role("button", name=button))
    await expect(form.get_by_role("button", name=button)).to_be_disabled()
    await expect(form.get_by_role("button", name="Undo my changes")).to_have_count(0)


@asynccontextmanager
async def unanswered(page: Page, addresses: str) -> AsyncIterator[None]:
    """What the page asks of these is sent, and answered, when the block has ended."""
    ended = asyncio.Event()

    async def hold(route: Route) -> None:
        await ended.wait()
        await route.fallback()

    await page.route(addresses, hold)
    try:
        yield
    finally:
        ended.set()  # from now on it holds nothing; taken away, it would answer what it still holds


async def open_group(page: Page, url: str, name: str) -> None:
    await page.goto(f"{url}/groups")
    await page.get_by_role("link", name=name, exact=True).click()
    await expect(page.get_by_role("heading", name=name, level=1)).to_be_visible()


@dataclass(frozen=True)
class DataManagement:
    """The pages of that name, opened from the menu."""

    page: Page

    async def open(self, name: str) -> None:
        await self.page.get_by_role("navigation").get_by_role("link", name=name).click()
        await expect(self.page.get_by_role("heading", name=name, level=1)).to_be_visible()


@dataclass(frozen=True)
class Mapping:
    """Data Management › MIS Mapping."""

    page: Page

    async def open(self, url: str) -> None:
        await self.page.goto(f"{url}/data-management/mis-mapping")
        await expect(self.page.get_by_role("tab", name="To map")).to_be_visible()

    def difference(self, name: str) -> Locator:
        return self.page.get_by_role("group", name=name, exact=True)

    async def choose(self, name: str, action: str) -> None:
        await self.difference(name).get_by_role("button", name=action, exact=True).click()

    async def map_to(self, name: str, record: str) -> None:
        """Maps a difference to the record of that label, found by typing it."""
        await self.choose(name, "Map")
        field = self.difference(name).get_by_role("combobox")
        await field.fill(record)
        await self.page.get_by_role("option", name=record).click()

    async def choose_for_all(self, section: str, action: str) -> None:
        part = self.page.get_by_role("region", name=section)
        await part.get_by_label(re.compile("^Select all")).check()
        bulk = part.get_by_role("group", name=re.compile("^For the"))
        await bulk.get_by_role("button", name=action, exact=True).click()

    async def review(self) -> Locator:
        """What saving does, line by line."""
        await self.page.get_by_role("button", name="Review and save").click()
        lines = self.page.get_by_role("list", name="What saving does")
        await expect(lines).to_be_visible()
        return lines

    async def save(self) -> None:
        await self.review()
        # As many press every button; it is saved once.
        await self.page.get_by_role("button", name="Save the mapping").dblclick()
        await expect(self.page.get_by_text(re.compile(r"decisions? saved\."))).to_be_visible()
        await expect(self.page.get_by_role("dialog")).to_have_count(0)
