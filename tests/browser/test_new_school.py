"""A school's first day: the admin's single-use link, their password, and the link to the MIS."""

from __future__ import annotations

import json
import re
from pathlib import Path

from playwright.async_api import Page, expect

from tests.browser.axe import assert_accessible
from tests.browser.pages import DataManagement, choose_password
from tests.demo import Demo
from tests.exports import export_for

OWN_PASSWORD = "badger sett under the hedge"


async def test_the_first_day(demo: Demo, page: Page, tmp_path: Path) -> None:
    await page.goto(await first_link(demo))
    await page.get_by_role("button", name="Continue").click()
    await choose_password(page, OWN_PASSWORD)
    await expect(page.get_by_role("heading", name="Badger Hill Primary")).to_be_visible()
    await expect(page.get_by_text("Mapping alert")).to_have_count(0)

    credentials = await link_the_mis(page, tmp_path)

    # The first data arrives while the page is open, and the page notices (R23).
    export = export_for(tmp_path / "export", "badgers.example")
    await demo.stack.command(
        *("connector", "push", "--credentials", str(credentials)),
        *("--kind", "oneroster-csv", str(export)),
    )
    await expect(page.get_by_text("Working", exact=True)).to_be_visible(timeout=60_000)
    row = page.get_by_role("table", name="The last syncs").get_by_role("row").nth(1)
    await expect(row).to_contain_text(re.compile(r"\d+ pupils added"), timeout=60_000)
    await expect(row).to_contain_text("Done", timeout=60_000)

    # What was shown once is not shown again.
    await page.reload()
    await expect(page.get_by_role("heading", name="The link to your MIS")).to_be_visible()
    await expect(page.get_by_text("Download the credentials")).to_have_count(0)
    await page.get_by_role("link", name="Home", exact=True).click()
    await expect(page.get_by_role("dialog", name="Mapping alert")).to_be_visible()


async def first_link(demo: Demo) -> str:
    printed = await demo.stack.command(
        *("school", "add", "--name", "Badger Hill Primary", "--postcode", "S1 2BX"),
        *("--first-year", "R", "--last-year", "6", "--admin-email", "office@badgers.example"),
    )
    link = re.search(r"https?://\S+", printed)
    assert link, printed
    return link.group()


async def link_the_mis(page: Page, folder: Path) -> Path:
    """R15: the credentials, as the file that was downloaded."""
    await DataManagement(page).open("MIS Synchronisation")
    await expect(page.get_by_text("Not linked", exact=True)).to_be_visible()
    await page.get_by_role("button", name="Link your MIS").click()
    await assert_accessible(page)
    await page.get_by_role("button", name="Make the credentials").click()
    async with page.expect_download() as downloading:
        await page.get_by_role("button", name="Download the credentials").click()
    credentials = folder / "credentials.json"
    await (await downloading.value).save_as(credentials)
    assert json.loads(credentials.read_text())["password"]
    await expect(page.get_by_text("Waiting for your MIS", exact=True)).to_be_visible()
    await assert_accessible(page)
    return credentials
