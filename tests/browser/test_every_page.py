"""Each page with the demo school's data, at a desk and on a phone: usable by everyone (axe)."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import Page, expect

from tests.browser.axe import assert_accessible
from tests.browser.pages import enter, sign_in
from tests.browser.pictures import look_at
from tests.demo import Demo

ADMIN_PAGES = {
    "/": "Heron Park Primary School",
    "/pupils": "Pupil Management",
    "/pupils?search=nobody+of+this+name": "Pupil Management",
    "/groups": "Group Management",
    "/users": "User Management",
    "/users/claims": "Claimed and unclaimed accounts",
    "/parents": "Parent Management",
    "/report-templates": "Report Templates",
    "/activity": "Activity log",
    "/settings": "School settings",
    "/data-management/mis-synchronisation": "MIS Synchronisation",
    "/data-management/mis-mapping": "MIS Mapping",
    "/data-management/not-here": "In the MIS, not here",
    "/my-groups": "This page is not for your account",
    "/no/such/page": "There is no page here",
}


async def settled(page: Page) -> None:
    """Until everything that the page asks for has come."""
    await expect(page.get_by_text("Loading…")).to_have_count(0)


class TestNobodySignedIn:
    async def test_sign_in(self, demo: Demo, any_page: Page) -> None:
        await any_page.goto(demo.url)
        await expect(any_page.get_by_role("heading", name="Sign in")).to_be_visible()
        await assert_accessible(any_page)
        fetched = "performance.getEntriesByType('resource').map(({name}) => name).join()"
        assert "charts" not in await any_page.evaluate(fetched)
        await sign_in(any_page, demo.url, "nobody", "at all")
        await expect(any_page.get_by_role("alert")).to_be_visible()
        await assert_accessible(any_page)

    async def test_a_link_that_is_spent(self, demo: Demo, any_page: Page) -> None:
        await any_page.goto(f"{demo.url}/link#spent")
        await assert_accessible(any_page)
        await any_page.get_by_role("button", name="Continue").click()
        await expect(any_page.get_by_role("alert")).to_be_visible()
        await expect(any_page.get_by_role("link", name="Go to sign in")).to_be_visible()
        await assert_accessible(any_page)
        await any_page.get_by_role("link", name="Ask for a new link", exact=True).click()
        await expect(any_page.get_by_label("Username or e-mail address")).to_be_visible()


class TestTeacherWithTheDefaultPassword:
    async def test_first_password(self, demo: Demo, any_page: Page) -> None:
        teacher = demo.accounts["teacher"]
        await sign_in(any_page, demo.url, teacher.username, teacher.password)
        await any_page.get_by_label("New password", exact=True).fill("too short")
        await any_page.get_by_role("button", name="Save and go on").click()
        await expect(any_page.get_by_text("Use at least 12 characters")).to_be_visible()
        await assert_accessible(any_page)

    async def test_no_other_page_opens(self, demo: Demo, page: Page) -> None:
        """R2: the default password opens the form for one's own and nothing else."""
        teacher = demo.accounts["teacher"]
        await enter(page, f"{demo.url}/my-groups", teacher.username, teacher.password)
        await expect(page.get_by_role("heading", name="Choose your password")).to_be_visible()


class TestAdmin:
    async def test_mapping_alert(self, demo: Demo, any_page: Page) -> None:
        admin = demo.accounts["admin"]
        await sign_in(any_page, demo.url, admin.username, admin.password)
        await expect(any_page.get_by_role("dialog", name="Mapping alert")).to_be_visible()
        await assert_accessible(any_page)

    async def test_every_page(self, demo: Demo, resized_page: Page) -> None:
        page, admin = resized_page, demo.accounts["admin"]
        await enter(page, f"{demo.url}/pupils", admin.username, admin.password)
        for address, heading in ADMIN_PAGES.items():
            await page.goto(demo.url + address)
            await expect(page.get_by_role("heading", name=heading, level=1)).to_be_visible()
            await settled(page)
            name = re.sub(r"[^a-z]+", "-", address).strip("-") or "home"
            await look_at(page, f"every-{name}")

    async def test_a_group(self, demo: Demo, resized_page: Page) -> None:
        page, admin = resized_page, demo.accounts["admin"]
        await enter(page, f"{demo.url}/groups", admin.username, admin.password)
        await page.get_by_role("table").get_by_role("link").first.click()
        await expect(page.get_by_role("heading", name="Pupils", level=2)).to_be_visible()
        await look_at(page, "every-group")

    async def test_dialogs_and_choices(self, demo: Demo, any_page: Page) -> None:
        admin = demo.accounts["admin"]
        await enter(
            any_page, f"{demo.url}/data-management/mis-mapping", admin.username, admin.password
        )
        first = any_page.get_by_role("main").get_by_role("listitem").first
        await first.get_by_role("button", name="Map", exact=True).click()
        await first.get_by_role("combobox").click()
        await expect(any_page.get_by_role("option").first).to_be_visible()
        await assert_accessible(any_page)
        await first.get_by_role("button", name="Create", exact=True).click()
        await any_page.get_by_role("button", name="Review and save").click()
        await expect(any_page.get_by_role("list", name="What saving does")).to_be_visible()
        await assert_accessible(any_page)
        await any_page.get_by_role("button", name="Go back").click()
        await any_page.get_by_role("tab", name=re.compile("^Ignored")).click()
        await expect(any_page.get_by_text("Nothing is ignored")).to_be_visible()
        await assert_accessible(any_page)
        await any_page.goto(f"{demo.url}/users")
        await any_page.get_by_role("button", name="More", exact=True).click()
        await expect(any_page.get_by_role("menuitem")).to_have_count(3)
        await assert_accessible(any_page)
        await any_page.get_by_role("menuitem", name="Default password").click()
        await expect(any_page.get_by_role("dialog")).to_be_visible()
        await assert_accessible(any_page)

    async def test_the_menu_of_a_phone(self, demo: Demo, any_page: Page) -> None:
        admin = demo.accounts["admin"]
        await sign_in(any_page, demo.url, admin.username, admin.password)
        await any_page.get_by_role("dialog").get_by_role("button", name="Later").click()
        if await any_page.get_by_role("button", name="Open the menu").is_visible():
            await any_page.get_by_role("button", name="Open the menu").click()
        await any_page.get_by_role("link", name="MIS Mapping", exact=True).click()
        await expect(any_page).to_have_url(re.compile("mis-mapping$"))
        await any_page.get_by_role("button", name="account").click()
        await expect(any_page.get_by_role("button", name="Sign out")).to_be_visible()
        await assert_accessible(any_page)


@pytest.mark.parametrize("role", ["slt", "teacher"])
async def test_the_demo_accounts_wait_for_their_own_password(
    demo: Demo, page: Page, role: str
) -> None:
    account = demo.accounts[role]
    await sign_in(page, demo.url, account.username, account.password)
    await expect(page.get_by_label("Your username")).to_have_value(account.username)
