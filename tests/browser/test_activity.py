"""The activity log as an office reads it: lines, what is behind them, filters, the file (R9)."""

from __future__ import annotations

import csv
import re

import pytest
from playwright.async_api import Page, expect

from tests.browser.axe import assert_accessible
from tests.browser.pages import enter, sign_in
from tests.demo import Demo


async def opened(demo: Demo, page: Page, search: str = "") -> Page:
    account = demo.accounts["admin"]
    await enter(page, f"{demo.url}/activity{search}", account.username, account.password)
    await expect(page.get_by_role("heading", name="Activity log", level=1)).to_be_visible()
    await expect(page.get_by_text("Loading…")).to_have_count(0)
    return page


@pytest.fixture
async def log(demo: Demo, page: Page) -> Page:
    return await opened(demo, page)


async def test_it_is_in_the_menu_and_accessible(demo: Demo, any_page: Page) -> None:
    await opened(demo, any_page)
    await assert_accessible(any_page)
    many = any_page.get_by_role("button", name=re.compile(r"^[\d,]+ pupils added$")).first
    await many.click()
    await expect(any_page.get_by_role("listitem").first).to_be_visible()
    await assert_accessible(any_page)


async def test_a_sync_is_a_line_that_opens(log: Page) -> None:
    """Of hundreds of entries an office reads one, and looks into it where it wants to."""
    many = log.get_by_role("button", name=re.compile(r"^[\d,]+ pupils added$")).first
    await expect(many).to_have_attribute("aria-expanded", "false")
    await expect(log.get_by_role("row").filter(has=many)).to_contain_text("MIS sync")
    await many.click()
    row = log.get_by_role("row").filter(has=many)
    each = row.get_by_role("listitem").filter(has_text=re.compile(r" added"))
    await expect(each).to_have_count(50)
    await row.get_by_role("button", name="Show more").click()
    await expect(each).to_have_count(100)


async def test_before_and_after_are_behind_a_line(log: Page) -> None:
    await log.get_by_label("Search by name").fill("Administrator")
    line = log.get_by_role("button", name="Administrator added as a user")
    await line.click()
    await expect(log.get_by_role("listitem").filter(has_text="Username: ")).to_be_visible()


async def test_filters_stay_in_the_address(log: Page) -> None:
    await log.get_by_role("combobox", name="About").click()
    await log.get_by_role("option", name="The school").click()
    await expect(log).to_have_url(re.compile("about=school"))
    await expect(log.get_by_text("pupils added")).to_have_count(0)
    await expect(log.get_by_role("row").nth(1)).to_be_visible()
    await log.get_by_role("combobox", name="Who").click()
    await log.get_by_role("option", name="MIS sync").click()
    await expect(log.get_by_text("Nothing found")).to_be_visible()
    await log.reload()
    await expect(log.get_by_text("Nothing found")).to_be_visible()


async def test_days(log: Page) -> None:
    await log.get_by_label("To", exact=True).fill("2020-01-01")
    await expect(log.get_by_text("Nothing found")).to_be_visible()
    await log.get_by_label("To", exact=True).fill("")
    await log.get_by_label("From", exact=True).fill("2020-01-01")
    await expect(log.get_by_role("row").nth(1)).to_be_visible()


async def test_the_file_holds_what_is_filtered(log: Page) -> None:
    await log.get_by_role("combobox", name="What happened").click()
    await log.get_by_role("option", name="Pupil added", exact=True).click()
    await expect(log).to_have_url(re.compile("action=pupil.created"))
    async with log.expect_download() as download:
        await log.get_by_role("link", name="Export as CSV").click()
    file = await download.value
    assert file.suggested_filename == "activity-log.csv"
    with open(await file.path(), encoding="utf-8", newline="") as lines:  # noqa: ASYNC230
        text = lines.read()
    assert text.startswith("\ufeffDate,Time,Who,What happened")
    rows = list(csv.DictReader(text.removeprefix("\ufeff").splitlines()))
    assert len(rows) > 300
    assert all(row["What happened"] == f"{row['Name']} added" for row in rows)


async def test_it_is_not_for_teachers(demo: Demo, page: Page) -> None:
    """Nor is it for anyone who must set their first password (R2)."""
    teacher = demo.accounts["teacher"]
    await sign_in(page, demo.url, teacher.username, teacher.password)
    await expect(page.get_by_role("heading", name="Choose your password")).to_be_visible()
    answer = await page.request.get(f"{demo.url}/api/activity/export")
    assert answer.status == 403
