"""The lists of pupils, groups and users: search, filters, order, pages."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import Page, expect

from tests.browser.pages import enter
from tests.demo import Demo


@pytest.fixture
async def admin(demo: Demo, page: Page) -> Page:
    account = demo.accounts["admin"]
    await enter(page, f"{demo.url}/pupils", account.username, account.password)
    return page


async def first_name(page: Page) -> str:
    return await page.get_by_role("row").nth(1).get_by_role("link").first.inner_text()


async def test_pages_of_pupils(demo: Demo, admin: Page) -> None:
    await expect(admin.get_by_role("status").filter(has_text="1–50 of")).to_be_visible()
    first = await first_name(admin)
    await admin.get_by_role("button", name="Next").click()
    await expect(admin.get_by_role("status").filter(has_text="51–100 of")).to_be_visible()
    await expect(admin.get_by_role("row").nth(1)).not_to_contain_text(first)
    await admin.get_by_role("button", name="Previous").click()
    await expect(admin.get_by_role("status").filter(has_text="1–50 of")).to_be_visible()
    await expect(admin.get_by_role("row").nth(1)).to_contain_text(first)


async def test_the_order_of_pupils_is_turned(demo: Demo, admin: Page) -> None:
    heading = admin.get_by_role("columnheader", name="Name")
    await expect(heading).to_have_attribute("aria-sort", "ascending")
    first = await first_name(admin)
    await heading.get_by_role("button").click()
    await expect(heading).to_have_attribute("aria-sort", "descending")
    await expect(admin.get_by_role("row").nth(1)).not_to_contain_text(first)


async def test_search_and_filters_stay_in_the_address(demo: Demo, admin: Page) -> None:
    await admin.get_by_role("combobox", name="Year").click()
    await admin.get_by_role("option", name="Year 3").click()
    await expect(admin).to_have_url(re.compile("year=3"))
    years = admin.get_by_role("cell", name=re.compile("^Year "))
    await expect(years.filter(has_not_text="Year 3")).to_have_count(0)
    await admin.get_by_label("Search by name or UPN").fill("zzzz")
    await expect(admin.get_by_text("No pupils found")).to_be_visible()
    await admin.reload()
    await expect(admin.get_by_label("Search by name or UPN")).to_have_value("zzzz")
    await expect(admin.get_by_text("No pupils found")).to_be_visible()


async def test_users_show_who_has_the_default_password(demo: Demo, admin: Page) -> None:
    await admin.goto(f"{demo.url}/users")
    row = admin.get_by_role("row").filter(has_text=demo.accounts["teacher"].username)
    await expect(row).to_contain_text("Has default password")
