"""Pupil Management's list: search, filters, many pupils changed at once, the list as a file.

Rules R6, R9, R10, R12, R13; the refusal in summer is shown by tests/roster/test_pupil_bulk.py.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.async_api import Locator, Page, expect

from tests.api import Api, signed_in
from tests.browser.pages import enter
from tests.browser.pictures import look_at
from tests.demo import Demo
from tests.stack import ADMIN_PASSWORD, School

PUPILS = 52


@dataclass(frozen=True)
class Larks:
    """A school with more pupils than a page shows; one is in a class, one has another name."""

    demo: Demo
    school: School

    async def open_pupils(self, page: Page, filters: str = "") -> None:
        await enter(page, f"{self.demo.url}/pupils{filters}", self.school.admin, ADMIN_PASSWORD)
        await expect(page.get_by_role("heading", name="Pupil Management", level=1)).to_be_visible()


@pytest.fixture(scope="module")
async def larks(demo: Demo) -> Larks:
    school = await demo.stack.add_school("Lark Rise Primary", "LA3 3LR", "hi@larkrise.example")
    async with signed_in(demo.url, school.admin, ADMIN_PASSWORD) as api:
        lark = await api.post("/api/groups", {"name": "3 Lark", "kind": "class", "year_group": "3"})
        await api.post("/api/groups", {"name": "Choir", "kind": "set"})
        for number in range(PUPILS):
            await _add(api, f"Pupil{number:02}", year_group="3")
        zoe = await _add(api, "O’Neill", legal_forename="Zoë", preferred_surname="Brontë")
        await api.ask("PUT", f"/api/groups/{lark['id']}/pupils/{zoe['id']}")
        await _add(api, "Cole", year_group="2", upn="L801200001003")
    return Larks(demo, school)


async def _add(api: Api, surname: str, **given: Any) -> dict[str, Any]:
    body = {"legal_forename": "Jo", "legal_surname": surname, **given}
    made: dict[str, Any] = await api.post("/api/pupils", body)
    return made


async def choose(where: Page | Locator, label: str, option: str) -> None:
    await where.get_by_role("combobox", name=label, exact=True).click()
    await where.get_by_role("option", name=option, exact=True).click()


async def begin(page: Page, action: str) -> Locator:
    """The dialog of what is done to the selected pupils."""
    bar = page.get_by_role("group", name="For the selected pupils")
    await bar.get_by_role("button", name=action).click()
    return page.get_by_role("dialog", name=action)


async def carry_out(dialog: Locator, action: str, done: str) -> None:
    await dialog.get_by_role("button", name=action).click()
    await expect(dialog.get_by_role("status")).to_contain_text(done)
    await dialog.get_by_role("button", name="Done").click()


async def test_every_part_of_the_list_can_be_used_by_everyone(larks: Larks, any_page: Page) -> None:
    await larks.open_pupils(any_page, "?search=bronte")
    await expect(any_page.get_by_text("1 pupil", exact=True)).to_be_visible()
    more = any_page.get_by_role("button", name="Filters")
    if await more.is_visible():
        await more.click()
    await expect(any_page.get_by_role("combobox", name="What is missing")).to_be_visible()
    await any_page.get_by_role("checkbox", name="Select Zoë Brontë").check()
    await expect(any_page.get_by_text("1 pupil selected")).to_be_visible()
    await look_at(any_page, "pupils-selected")
    dialog = await begin(any_page, "Make inactive")
    await expect(dialog.get_by_role("list", name="What this does")).to_contain_text(
        "1 pupil becomes inactive"
    )
    await expect(dialog.get_by_role("button", name="Make inactive")).to_be_disabled()
    await look_at(any_page, "pupils-make-inactive")
    await dialog.get_by_role("button", name="Cancel").click()
    dialog = await begin(any_page, "Take out of a group")
    await choose(dialog, "Group", "3 Lark")
    await expect(dialog).to_contain_text("The pupil is left without a class.")
    await look_at(any_page, "pupils-take-out")


async def test_pupils_are_found_and_taken_away_as_a_file(larks: Larks, page: Page) -> None:
    """By names with and without accents and by UPN; what is filtered stays in the address."""
    await larks.open_pupils(page)
    await expect(page.get_by_text(f"1–50 of {PUPILS + 2} pupils")).to_be_visible()
    await look_at(page, "pupils")
    search = page.get_by_label("Search by name or UPN")
    for text in ("zoe oneill", "Brontë", "L8012"):
        await search.fill(text)
        await expect(page.get_by_text("1 pupil", exact=True)).to_be_visible()
    await expect(page.get_by_role("row").filter(has_text="Cole, Jo")).to_be_visible()
    await choose(page, "What is missing", "Without a UPN")
    await expect(page.get_by_text("No pupils found")).to_be_visible()
    await look_at(page, "pupils-none-found")
    await page.get_by_role("button", name="Take all filters off").click()
    await expect(search).to_have_value("")
    await choose(page, "What is missing", "Without a class")
    await choose(page, "Year", "Year 2")
    await expect(page).to_have_url(re.compile("without=class"))
    await page.reload()
    await expect(page.get_by_text("1 pupil", exact=True)).to_be_visible()
    async with page.expect_download() as download:
        await page.get_by_role("link", name="Export as CSV").click()
    file = await download.value
    assert file.suggested_filename == "pupils.csv"
    with open(await file.path(), encoding="utf-8-sig", newline="") as lines:  # noqa: ASYNC230
        (row,) = csv.DictReader(lines)
    assert (row["Surname"], row["UPN"], row["From"]) == ("Cole", "L801200001003", "By hand")
    await page.goto(f"{larks.demo.url}/pupils?without=year")
    await expect(
        page.get_by_role("row").filter(has_text="Brontë, Zoë (legal name Zoë O’Neill)")
    ).to_be_visible()
    await page.goto(f"{larks.demo.url}/activity")
    await expect(page.get_by_text("List of pupils exported as a file")).to_be_visible()


async def test_all_that_match_are_made_inactive_over_pages_and_active_again(
    larks: Larks, page: Page
) -> None:
    """R6."""
    await larks.open_pupils(page, "?search=pupil")
    await page.get_by_role("checkbox", name="Select all 50 on this page").check()
    await page.get_by_role("button", name=f"Select all {PUPILS} that match").click()
    await page.get_by_role("button", name="Next").click()
    await page.get_by_role("checkbox", name="Select Jo Pupil51").uncheck()
    dialog = await begin(page, "Make inactive")
    await expect(dialog).to_contain_text("51 pupils become inactive")
    await dialog.get_by_role("combobox", name="Reason").fill("The larks flew")
    await carry_out(dialog, "Make inactive", "51 pupils were made inactive.")
    await expect(page.get_by_text("1 pupil", exact=True)).to_be_visible()

    await choose(page, "Active", "Inactive")
    await expect(page.get_by_role("cell", name="The larks flew").first).to_be_visible()
    await page.get_by_role("checkbox", name="Select all 50 on this page").check()
    await page.get_by_role("button", name="Select all 51 that match").click()
    await carry_out(await begin(page, "Make active"), "Make active", "51 pupils were made active.")
    await page.get_by_role("button", name="Take all filters off").click()
    await expect(page.get_by_text(f"1–50 of {PUPILS + 2} pupils")).to_be_visible()


async def test_a_year_group_and_a_group_are_set_by_hand(larks: Larks, page: Page) -> None:
    """R13: and found again by it; who is so already is left, with the reason."""
    await larks.open_pupils(page, "?search=pupil0")
    for number in ("00", "01"):
        await page.get_by_role("checkbox", name=f"Select Jo Pupil{number}").check()
    await page.get_by_label("Search by name or UPN").fill("cole")
    await page.get_by_role("checkbox", name="Select Jo Cole").check()
    dialog = await begin(page, "Move to a year group")
    await choose(dialog, "Year group", "Year 5")
    await expect(dialog).to_contain_text("3 pupils go to Year 5.")
    # Not a year on, which waits for the roll-up where these tests are run in summer.
    await choose(dialog, "Year group", "Year 2")
    left = dialog.get_by_role("list", name="Left as they are")
    await expect(left).to_contain_text("Jo Cole: Is in Year 2 already.")
    await look_at(page, "pupils-move")
    await carry_out(dialog, "Move to a year group", "2 pupils were moved to Year 2.")

    await page.goto(f"{larks.demo.url}/pupils?year=2")
    await choose(page, "Details", "Set by hand")
    await expect(page.get_by_text(re.compile("Set by hand: .*year group"))).to_have_count(2)
    await page.get_by_role("checkbox", name="Select all 2 on this page").check()
    dialog = await begin(page, "Add to a group")
    await choose(dialog, "Group", "Choir")
    await carry_out(dialog, "Add to a group", "2 pupils were added to Choir.")
    await choose(page, "Group", "Choir")
    await expect(page.get_by_text("2 pupils", exact=True)).to_be_visible()
    await look_at(page, "pupils-by-hand")
