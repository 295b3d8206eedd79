"""A forgotten password, from the sign-in page to the new one, and the page 'My account'."""

from __future__ import annotations

import os
import re
from pathlib import Path
from uuid import uuid4

from playwright.async_api import Page, expect

from tests.browser.axe import assert_accessible
from tests.browser.pages import choose_password, sign_in
from tests.demo import Demo
from tests.eventually import eventually

FIRST = "gravel under the wheels 9"
SECOND = "seven kites over the weir"
THIRD = "a thermos on the window sill"


async def new_admin(demo: Demo, page: Page) -> str:
    """The address of a new school's admin, who has a password and is signed in."""
    email = f"office@{uuid4().hex[:8]}.example"
    printed = await demo.stack.command(
        *("school", "add", "--name", "Weir Lane Primary", "--postcode", "S9 4QT"),
        *("--first-year", "R", "--last-year", "6", "--admin-email", email),
    )
    link = re.search(r"https?://\S+", printed)
    assert link, printed
    await page.goto(link.group())
    await page.get_by_role("button", name="Continue").click()
    await choose_password(page, FIRST)
    await expect(page.get_by_role("heading", name="Weir Lane Primary")).to_be_visible()
    return email


async def mailed_link(demo: Demo, email: str) -> str:
    """From the newest mail to this address that holds one."""

    async def link() -> str | None:
        mails = await demo.stack.mails(email)
        found = re.findall(r"https?://\S+/link#[\w-]+", mails.partition("A new password")[2])
        return str(found[-1]) if found else None

    found = await eventually(link, lambda found: found is not None, seconds=30)
    assert found
    return found


def width_of(page: Page) -> int:
    size = page.viewport_size
    return size["width"] if size else 0


async def photograph(page: Page, name: str) -> None:
    """Kept where a folder for it is given."""
    if folder := os.environ.get("CLASSROOM_SCREENSHOTS"):
        await page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


async def test_a_forgotten_password_is_set_anew_by_the_mailed_link(
    demo: Demo, page: Page, other_page: Page
) -> None:
    """R3, R5."""
    email = await new_admin(demo, other_page)
    await page.goto(f"{demo.url}/sign-in")
    await page.get_by_role("link", name="Forgotten your password?").click()
    await expect(page.get_by_role("heading", name="Forgotten your password?")).to_be_visible()
    await assert_accessible(page)
    await photograph(page, "forgotten-1280")
    await page.get_by_label("Username or e-mail address").fill(email)
    await page.get_by_role("button", name="Send me a link").click()
    await expect(page.get_by_text("Look at your e-mail")).to_be_visible()
    await assert_accessible(page)
    await page.goto(await mailed_link(demo, email))
    await page.get_by_role("button", name="Continue").click()
    await choose_password(page, SECOND)
    await expect(page.get_by_role("heading", name="Weir Lane Primary")).to_be_visible()
    await other_page.goto(f"{demo.url}/pupils")
    await expect(other_page.get_by_role("heading", name="Sign in")).to_be_visible()
    await sign_in(other_page, demo.url, email, FIRST)
    await expect(other_page.get_by_role("alert")).to_be_visible()


async def test_asking_says_the_same_for_nobody(demo: Demo, any_page: Page) -> None:
    """R3."""
    await any_page.goto(f"{demo.url}/forgotten-password")
    await any_page.get_by_label("Username or e-mail address").fill("nobody@nowhere.example")
    await any_page.get_by_role("button", name="Send me a link").click()
    await expect(any_page.get_by_text("Look at your e-mail")).to_be_visible()
    await assert_accessible(any_page)
    await photograph(any_page, f"forgotten-sent-{width_of(any_page)}")


async def test_my_account(demo: Demo, any_page: Page, other_page: Page) -> None:
    email = await new_admin(demo, any_page)
    await sign_in(other_page, demo.url, email, FIRST)
    await expect(other_page.get_by_role("heading", name="Weir Lane Primary")).to_be_visible()
    await any_page.get_by_role("button", name="account").click()
    await any_page.get_by_role("link", name="My account").click()
    await expect(any_page.get_by_role("heading", name="My account")).to_be_visible()
    table = any_page.get_by_role("table", name="Your sessions")
    await expect(table.get_by_text("This browser")).to_have_count(1)
    await assert_accessible(any_page)
    await photograph(any_page, f"account-{width_of(any_page)}")

    await table.get_by_role("button", name="End the session").click()
    await expect(table.get_by_role("button", name="End the session")).to_have_count(0)
    await other_page.goto(f"{demo.url}/pupils")
    await expect(other_page.get_by_role("heading", name="Sign in")).to_be_visible()

    await any_page.get_by_role("textbox", name="Present password").fill("not this one")
    await any_page.get_by_label("New password", exact=True).fill(THIRD)
    await any_page.get_by_label("New password again").fill(THIRD)
    await any_page.get_by_role("button", name="Change password").click()
    await expect(any_page.get_by_role("alert")).to_be_visible()
    await any_page.get_by_role("textbox", name="Present password").fill(FIRST)
    await any_page.get_by_role("button", name="Change password").click()
    await expect(any_page.get_by_text("Your password is changed.")).to_be_visible()
    await assert_accessible(any_page)
    await sign_in(other_page, demo.url, email, THIRD)
    await expect(other_page.get_by_role("heading", name="Weir Lane Primary")).to_be_visible()
