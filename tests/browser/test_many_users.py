"""User Management's list: filters, many users changed at once, the list as a file (R4, R6, R13)."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.async_api import Locator, Page, expect

from tests.api import Api, signed_in, visitor
from tests.browser.pages import enter
from tests.browser.pictures import look_at
from tests.demo import Demo
from tests.eventually import eventually
from tests.stack import ADMIN_PASSWORD, School

OWN_PASSWORD = "heron over the long reeds"
TEACHERS = 52


@dataclass(frozen=True)
class Herons:
    """A school with more users than a page shows: one teaches a class, and two have a password."""

    demo: Demo
    school: School

    async def open_users(self, page: Page, filters: str = "") -> None:
        await enter(page, f"{self.demo.url}/users{filters}", self.school.admin, ADMIN_PASSWORD)
        await expect(page.get_by_role("heading", name="User Management", level=1)).to_be_visible()


@pytest.fixture(scope="module")
async def herons(demo: Demo) -> Herons:
    school = await demo.stack.add_school("Heron Lake Primary", "LA2 2AB", "hi@heronlake.example")
    async with signed_in(demo.url, school.admin, ADMIN_PASSWORD) as api:
        await api.post("/api/groups", {"name": "Choir", "kind": "set"})
        heron = await api.post("/api/groups", {"name": "1 Heron", "kind": "class"})
        made = [await _add(api, f"Teacher{number:02}") for number in range(TEACHERS)]
        claimed = [await _add(api, name, role="slt") for name in ("Claimed", "Also-Claimed")]
        await api.ask("PUT", f"/api/groups/{heron['id']}/users/{made[0]['id']}")

        async def is_known() -> bool:
            found = await api.get("/api/users", no_class=False)
            return bool(found["total"] == 1)

        await eventually(is_known)
    for user in claimed:
        async with visitor(demo.url) as colleague:
            await colleague.sign_in(user["username"], school.default_password)
            await colleague.set_password(OWN_PASSWORD)
    return Herons(demo, school)


async def _add(api: Api, surname: str, **given: Any) -> dict[str, Any]:
    body = {"forename": "Jo", "surname": surname, "role": "teacher", **given}
    made: dict[str, Any] = await api.post("/api/users", body)
    return made


async def choose(page: Page, label: str, option: str) -> None:
    await page.get_by_role("combobox", name=label).click()
    await page.get_by_role("option", name=option, exact=True).click()


async def begin(page: Page, action: str) -> Locator:
    """The dialog of what is done to the selected users, looked through already."""
    bar = page.get_by_role("group", name="For the selected users")
    await bar.get_by_role("button", name=action).click()
    return page.get_by_role("dialog", name=action)


async def test_every_part_of_the_list_can_be_used_by_everyone(
    herons: Herons, resized_page: Page
) -> None:
    await herons.open_users(resized_page, "?search=claimed")
    await resized_page.get_by_role("checkbox", name="Select Jo Claimed").check()
    await expect(resized_page.get_by_text("1 user selected")).to_be_visible()
    await look_at(resized_page, "users-selected")
    dialog = await begin(resized_page, "Make inactive")
    await expect(dialog.get_by_role("list", name="What this does")).to_contain_text(
        "1 user becomes inactive"
    )
    await look_at(resized_page, "users-make-inactive")
    await dialog.get_by_role("button", name="Cancel").click()
    dialog = await begin(resized_page, "Link to a group")
    await expect(dialog.get_by_role("button", name="Link to a group")).to_be_disabled()
    await choose(resized_page, "Group", "Choir")
    await expect(dialog).to_contain_text("linked to Choir by hand")
    await look_at(resized_page, "users-link")
    await dialog.get_by_role("button", name="Cancel").click()


async def test_who_has_no_class_is_found_and_taken_away_as_a_file(
    herons: Herons, page: Page
) -> None:
    """The FAQ's teachers who have no class assigned."""
    await herons.open_users(page)
    await choose(page, "Classes", "Has a class")
    await expect(page.get_by_text("1 user", exact=True)).to_be_visible()
    await expect(page.get_by_role("link", name="1 Heron")).to_be_visible()
    await choose(page, "Classes", "Has no class")
    await expect(page.get_by_text("of 53 users")).to_be_visible()
    await choose(page, "Role", "SLT")
    await expect(page.get_by_text("2 users", exact=True)).to_be_visible()
    await expect(page).to_have_url(re.compile("class=none"))
    await look_at(page, "users-no-class")
    async with page.expect_download() as download:
        await page.get_by_role("button", name="More", exact=True).click()
        await page.get_by_role("menuitem", name="Export as CSV").click()
    file = await download.value
    assert file.suggested_filename == "users.csv"
    with open(await file.path(), encoding="utf-8-sig", newline="") as lines:  # noqa: ASYNC230
        rows = list(csv.DictReader(lines))
    assert [row["Surname"] for row in rows] == ["Also-Claimed", "Claimed"]
    assert {row["Password"] for row in rows} == {"Their own"}
    await choose(page, "Role", "Heads")
    await expect(page.get_by_text("No users found")).to_be_visible()


async def test_all_that_match_are_made_inactive_over_pages_and_active_again(
    herons: Herons, page: Page
) -> None:
    """R6."""
    await herons.open_users(page, "?search=teacher")
    await page.get_by_role("checkbox", name="Select all 50 on this page").check()
    await page.get_by_role("button", name=f"Select all {TEACHERS} that match").click()
    await expect(page.get_by_text(f"{TEACHERS} users selected")).to_be_visible()
    await page.get_by_role("button", name="Next").click()
    await expect(page.get_by_role("checkbox", name="Select Jo Teacher51")).to_be_checked()
    await page.get_by_role("checkbox", name="Select Jo Teacher51").uncheck()
    dialog = await begin(page, "Make inactive")
    await expect(dialog).to_contain_text("51 users become inactive")
    await dialog.get_by_role("button", name="Make inactive").click()
    await expect(dialog.get_by_role("status")).to_contain_text("51 users were made inactive.")
    await dialog.get_by_role("button", name="Done").click()
    await expect(page.get_by_role("link", name="Teacher51, Jo")).to_be_visible()
    await expect(page.get_by_text("1 user", exact=True)).to_be_visible()

    await choose(page, "Active", "Inactive")
    await page.get_by_role("checkbox", name="Select all 50 on this page").check()
    await page.get_by_role("button", name="Select all 51 that match").click()
    dialog = await begin(page, "Make active")
    await dialog.get_by_role("button", name="Make active").click()
    await expect(dialog.get_by_role("status")).to_contain_text("51 users were made active.")
    await dialog.get_by_role("button", name="Done").click()
    await expect(page.get_by_text("No users found")).to_be_visible()


async def test_passwords_are_reset_but_of_those_whose_reason_stands_there(
    herons: Herons, page: Page
) -> None:
    """R4, R13: and those who were reset are linked to a group, and unlinked again."""
    await herons.open_users(page, "?search=claimed")
    await page.get_by_role("checkbox", name="Select Jo Claimed").check()
    await page.get_by_label("Search by name, username or e-mail").fill("teacher07")
    await page.get_by_role("checkbox", name="Select Jo Teacher07").check()
    await expect(page.get_by_text("2 users selected")).to_be_visible()
    dialog = await begin(page, "Reset passwords")
    left = dialog.get_by_role("list", name="Left as they are")
    await expect(left).to_contain_text("Jo Teacher07: The password is still the default password")
    await expect(dialog).to_contain_text("1 user will sign in with the school’s default password")
    await look_at(page, "users-reset")
    await dialog.get_by_role("button", name="Reset passwords").click()
    await expect(dialog.get_by_role("status")).to_contain_text("1 password was reset.")
    await look_at(page, "users-were-reset")
    await dialog.get_by_role("button", name="Done").click()

    await page.get_by_role("checkbox", name="Select Jo Teacher07").check()
    actions = (("Link to a group", "linked to", 1), ("Unlink from a group", "unlinked from", 0))
    for action, done, linked in actions:
        dialog = await begin(page, action)
        await choose(page, "Group", "Choir")
        await dialog.get_by_role("button", name=action).click()
        await expect(dialog.get_by_role("status")).to_contain_text(f"1 user was {done} Choir.")
        row = page.get_by_role("row").filter(has_text="Teacher07")
        await expect(row.get_by_role("link", name="Choir")).to_have_count(linked)
        await dialog.get_by_role("button", name="Done").click()
        await page.get_by_role("checkbox", name="Select Jo Teacher07").check()
