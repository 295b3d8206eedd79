"""Signing in, out, and what happens to somebody whose session has ended."""

from __future__ import annotations

import re

from playwright.async_api import Page, expect

from tests.browser.pages import sign_in, sign_out
from tests.browser.pictures import look_at
from tests.demo import Demo


async def sign_in_as_admin(page: Page, demo: Demo) -> None:
    admin = demo.accounts["admin"]
    await sign_in(page, demo.url, f"  {admin.username.upper()} ", admin.password)
    await page.get_by_role("dialog").get_by_role("button", name="Later").click()


async def test_a_wrong_password_says_nothing_of_the_account(demo: Demo, page: Page) -> None:
    """R3: the same words for an account that is there and one that is not."""
    said = []
    for identifier in (demo.accounts["admin"].username, "nobody_at_all"):
        await sign_in(page, demo.url, identifier, "not the password")
        await expect(page.get_by_role("alert")).to_be_visible()
        said.append(await page.get_by_role("alert").inner_text())
    assert said[0] == said[1]
    await expect(page).to_have_url(re.compile("/sign-in"))


async def test_a_page_asked_for_is_shown_after_signing_in(demo: Demo, page: Page) -> None:
    await page.goto(f"{demo.url}/pupils?year=3")
    admin = demo.accounts["admin"]
    await page.get_by_label("Username or e-mail address").fill(admin.username)
    await page.get_by_label("Password", exact=True).fill(admin.password)
    await page.get_by_role("button", name="Sign in").click()
    await expect(page).to_have_url(f"{demo.url}/pupils?year=3")
    await expect(page.get_by_role("heading", name="Pupil Management")).to_be_visible()


async def test_an_address_elsewhere_is_never_gone_to(demo: Demo, page: Page) -> None:
    admin = demo.accounts["admin"]
    await page.goto(f"{demo.url}/sign-in?next=//elsewhere.example/")
    await page.get_by_label("Username or e-mail address").fill(admin.username)
    await page.get_by_label("Password", exact=True).fill(admin.password)
    await page.get_by_role("button", name="Sign in").click()
    await expect(page).to_have_url(f"{demo.url}/")


async def test_signing_out_ends_it(demo: Demo, page: Page) -> None:
    await sign_in_as_admin(page, demo)
    await sign_out(page)
    await expect(page.get_by_text("You have signed out.")).to_be_visible()
    [kept] = await page.context.cookies()
    assert (kept["name"], kept["httpOnly"]) == ("__Host-device", True), "R3: known, not signed in"
    await page.goto(f"{demo.url}/pupils")
    await expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


async def test_an_ended_session_leads_to_sign_in_and_back(demo: Demo, page: Page) -> None:
    await sign_in_as_admin(page, demo)
    await page.goto(f"{demo.url}/pupils")
    await expect(page.get_by_role("status").filter(has_text="pupils")).to_be_visible()
    await page.context.clear_cookies()
    await page.get_by_role("button", name="Next").click()
    await expect(page.get_by_text("You were signed out")).to_be_visible()
    admin = demo.accounts["admin"]
    await page.get_by_label("Username or e-mail address").fill(admin.username)
    await page.get_by_label("Password", exact=True).fill(admin.password)
    await page.get_by_role("button", name="Sign in").click()
    await expect(page).to_have_url(f"{demo.url}/pupils")


async def test_what_is_typed_is_there_still_when_the_session_has_ended(
    demo: Demo, page: Page
) -> None:
    """Covered whole until its account signs in again; nothing was written meanwhile."""
    await sign_in_as_admin(page, demo)
    await page.goto(f"{demo.url}/pupils")
    await page.get_by_role("button", name="Add a pupil").click()
    form = page.get_by_role("dialog", name="Add a pupil")
    await form.get_by_label("Legal forename").fill("Ottoline")
    await page.context.clear_cookies()
    await form.get_by_label("Legal surname").fill("Late")
    await form.get_by_label("UPN").fill("not a UPN")
    await form.get_by_role("button", name="Add the pupil").click()
    again = page.get_by_role("dialog", name="Sign in again")
    await expect(again.get_by_label("Password", exact=True)).to_be_focused()
    await look_at(page, "sign-in-again")
    await page.keyboard.press("Escape")
    await page.keyboard.type("not the password")
    await page.keyboard.press("Enter")
    await expect(again.get_by_role("alert", name="You could not be signed in")).to_be_visible()
    await again.get_by_label("Password", exact=True).fill(demo.accounts["admin"].password)
    await again.get_by_role("button", name="Sign in and go on").click()
    await expect(again).to_be_hidden()
    await expect(form.get_by_role("alert", name="This was not done yet")).to_be_visible()
    await expect(form.get_by_label("Legal forename")).to_have_value("Ottoline")
    await form.get_by_role("button", name="Add the pupil").click()
    await expect(form.get_by_text("A UPN has 13 characters").first).to_be_visible()


async def test_the_keyboard_reaches_the_page_past_the_menu(demo: Demo, page: Page) -> None:
    await sign_in_as_admin(page, demo)
    await page.goto(f"{demo.url}/pupils")
    await expect(page.get_by_role("heading", name="Pupil Management")).to_be_visible()
    await page.keyboard.press("Tab")
    await expect(page.get_by_role("link", name="Skip to the page")).to_be_focused()
    await page.keyboard.press("Enter")
    await page.keyboard.press("Tab")
    await expect(page.get_by_role("main").locator(":focus")).to_have_count(1)


async def test_a_new_page_begins_at_its_heading(demo: Demo, page: Page) -> None:
    """So that a screen reader reads the page that was gone to, and not the menu again."""
    await sign_in_as_admin(page, demo)
    await page.get_by_role("link", name="Group Management").click()
    await expect(page.get_by_role("heading", name="Group Management")).to_be_focused()
