"""Group Management: the list, one group and its people, both sides of a link, roll-up (R13)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import httpx
import pytest
from playwright.async_api import Locator, Page, expect

from tests.api import Api, signed_in
from tests.browser.pages import sign_in
from tests.browser.pictures import look_at
from tests.demo import Demo
from tests.eventually import eventually
from tests.stack import ADMIN_PASSWORD, School

PUPILS = ("Ann", "Bea", "Cyd", "Dot", "Eve")


@dataclass(frozen=True)
class Teal:
    """3 Teal has Ann and Bea by the MIS and a teacher; 3 Sand has Cyd; 4 Teal nobody."""

    demo: Demo
    school: School
    groups: dict[str, str]
    pupils: dict[str, str]

    async def open(self, page: Page, path: str) -> None:
        await page.goto(f"{self.demo.url}{path}")

    async def signs_in(self, page: Page) -> None:
        await sign_in(page, self.demo.url, self.school.admin, ADMIN_PASSWORD)
        await expect(page.get_by_role("heading", name="Teal Brook Primary")).to_be_visible()


@pytest.fixture(scope="module")
async def teal(demo: Demo) -> Teal:
    school = await demo.stack.add_school("Teal Brook Primary", "DH1 4TB", "hi@tealbrook.example")
    async with signed_in(demo.url, school.admin, ADMIN_PASSWORD) as api:
        groups = {name: await _group(api, name) for name in ("3 Teal", "3 Sand", "4 Teal")}
        groups["Leavers"] = await _group(api, "Leavers", kind="set")
        pupils = {name: await _pupil(api, name, "3") for name in PUPILS}
        pupils["Zed"] = await _pupil(api, "Zed", "6")
        for name, group in (("Ann", "3 Teal"), ("Bea", "3 Teal"), ("Cyd", "3 Sand")):
            await api.ask("PUT", f"/api/groups/{groups[group]}/pupils/{pupils[name]}")
        users = [await _user(api, name) for name in ("Hall", "Reed")]

        async def are_known() -> bool:
            body = {"present": True, "user_ids": [user["id"] for user in users]}
            try:
                await api.post(f"/api/groups/{groups['3 Teal']}/users/preview", body)
            except httpx.HTTPStatusError:
                return False
            return True

        # Roster hears of users by their events.
        await eventually(are_known)
        await api.ask("PUT", f"/api/groups/{groups['3 Teal']}/users/{users[0]['id']}")
    database = await demo.stack.database("roster")
    try:
        await database.execute(
            "UPDATE links SET origin = 'mis', override = false WHERE school_id = $1",
            UUID(school.id),
        )
    finally:
        await database.close()
    return Teal(demo, school, groups, pupils)


async def _group(api: Api, name: str, **given: Any) -> str:
    year = name[0] if name[0].isdigit() else None
    made = await api.post(
        "/api/groups", {"name": name, "kind": "class", "year_group": year} | given
    )
    return str(made["id"])


async def _pupil(api: Api, name: str, year: str) -> str:
    body = {"legal_forename": name, "legal_surname": "Hart", "year_group": year}
    return str((await api.post("/api/pupils", body))["id"])


async def _user(api: Api, surname: str) -> dict[str, Any]:
    body = {"title": "Ms", "forename": "Jo", "surname": surname, "role": "teacher"}
    made: dict[str, Any] = await api.post("/api/users", body)
    return made


def region(page: Page, name: str) -> Locator:
    return page.get_by_role("region", name=name, exact=True)


async def choose(page: Page, label: str, option: str) -> None:
    await page.get_by_role("combobox", name=label).click()
    await page.get_by_role("option", name=option, exact=True).click()


async def test_a_group_is_added_filled_changed_and_put_away(teal: Teal, page: Page) -> None:
    """R6, R13, R14: a name that would confuse is refused, and what others changed is told."""
    await teal.signs_in(page)
    await teal.open(page, "/groups")
    await page.get_by_role("button", name="New group").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("Name").fill("3 sand")
    await expect(dialog.get_by_role("status")).to_contain_text("3 Sand (class, Year 3)")
    await choose(page, "Year group", "Year 3")
    await expect(dialog.get_by_role("status")).to_contain_text("choose another name")
    await dialog.get_by_role("button", name="Add the group").click()
    await expect(dialog.get_by_role("alert")).to_contain_text("There is such a group already")
    await look_at(page, "group-name-taken")
    await dialog.get_by_label("Name").fill("3 Coral")
    await dialog.get_by_role("button", name="Add the group").click()
    await expect(page.get_by_role("heading", name="3 Coral", level=1)).to_be_visible()

    await region(page, "Pupils").get_by_role("button", name="Add pupils").click()
    await dialog.get_by_role("checkbox", name="Hart, Cyd").check()
    await dialog.get_by_role("checkbox", name="Hart, Dot").check()
    await dialog.get_by_label("Search by name or UPN").fill("Eve")
    await expect(dialog.get_by_role("checkbox", name="Hart, Cyd")).to_have_count(0)
    await dialog.get_by_role("checkbox", name="Select all 1 shown").check()
    await expect(dialog.get_by_text("3 pupils selected")).to_be_visible()
    await dialog.get_by_role("button", name="Continue").click()
    does = dialog.get_by_role("list", name="What this does")
    await expect(does).to_contain_text("3 pupils are put into 3 Coral by hand.")
    await expect(does).to_contain_text("1 pupil stays in another class as well")
    await look_at(page, "group-put-pupils-in")
    await dialog.get_by_role("button", name="Put into 3 Coral").click()
    await expect(dialog.get_by_role("status")).to_contain_text("3 pupils were put into 3 Coral.")
    await dialog.get_by_role("button", name="Done").click()
    table = page.get_by_role("table", name="Pupils of 3 Coral")
    await expect(table.get_by_role("row", name="Hart, Dot")).to_contain_text("By hand")

    await table.get_by_role("button", name="Take out: Dot Hart").click()
    out = page.get_by_role("list", name="Taken out by hand")
    await expect(out).to_contain_text("Hart, Dot")
    await out.get_by_role("button", name="Hand back to the MIS: Dot Hart").click()
    await expect(out).to_have_count(0)

    await page.get_by_label("Name").fill("3 Pearl")
    group_id = page.url.rsplit("/", 1)[-1]
    async with signed_in(teal.demo.url, teal.school.admin, ADMIN_PASSWORD) as api:
        body = {"expected_version": 1, "year_group": None}
        await api.ask("PATCH", f"/api/groups/{group_id}", json=body)
    await page.get_by_role("button", name="Save the details").click()
    changed = page.get_by_role("list", name="Changed meanwhile")
    await expect(changed).to_have_text("Year group is now: Mixed years")
    await look_at(page, "group-changed-meanwhile")
    await page.get_by_role("button", name="Show what is there now").click()
    details = region(page, "Details")
    hand_back = details.get_by_role("button", name="Hand back to the MIS: Year group")
    await expect(hand_back).to_be_visible()
    await page.get_by_label("Name").fill("3 Pearl")
    await hand_back.click()
    await expect(hand_back).to_have_count(0)
    await page.get_by_role("button", name="Save the details").click()
    await expect(page.get_by_role("heading", name="3 Pearl", level=1)).to_be_visible()


async def test_making_a_group_inactive_says_whom_its_teachers_lose(teal: Teal, page: Page) -> None:
    """R6, R14, R13: both sides of the link, in the same words."""
    await teal.signs_in(page)
    await teal.open(page, f"/groups/{teal.groups['3 Teal']}")
    users = region(page, "Users")
    linked = users.get_by_role("list", name="Linked users")
    await expect(linked).to_contain_text("MIS")
    await users.get_by_role("button", name="Add users").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_role("checkbox", name="Reed, Ms Jo").check()
    await dialog.get_by_role("button", name="Continue").click()
    await dialog.get_by_role("button", name="Link to 3 Teal").click()
    await dialog.get_by_role("button", name="Done").click()
    await linked.get_by_role("button", name="Unlink: Ms Jo Hall").click()
    gone = users.get_by_role("list", name="Unlinked by hand")
    await expect(gone).to_contain_text("By hand")
    await look_at(page, "group-page")
    await linked.get_by_role("link", name="Ms Jo Reed").click()
    groups = region(page, "Groups").get_by_role("list", name="Linked groups")
    await expect(groups).to_contain_text("By hand")
    await groups.get_by_role("button", name="Hand back to the MIS: 3 Teal").click()
    await expect(groups).to_contain_text("MIS")
    await groups.get_by_role("link", name="3 Teal").click()

    follows = region(page, "At the roll-up").get_by_role("list", name="Where its pupils go")
    await expect(follows).to_contain_text("2 pupils of Year 3 go to 4 Teal")
    part = region(page, "Active or inactive")
    await part.get_by_role("button", name="Make inactive").click()
    does = dialog.get_by_role("list", name="What this does")
    await expect(does).to_contain_text("Ms Jo Reed no longer sees its 2 pupils.")
    await expect(does).to_contain_text("All are in no other class")
    await dialog.get_by_role("button", name="Make inactive").click()
    await expect(dialog).to_contain_text("Enter a reason")
    await look_at(page, "group-make-inactive")
    await dialog.get_by_label("Reason").fill("Two classes became one")
    await dialog.get_by_role("button", name="Make inactive").click()
    await expect(dialog).to_have_count(0)
    await expect(part).to_contain_text("Reason: Two classes became one")
    await teal.open(page, "/groups?active=false")
    await page.get_by_role("link", name="3 Teal").click()
    await part.get_by_role("button", name="Make active").click()
    await expect(does).to_contain_text("Ms Jo Reed sees 2 pupils more.")
    await dialog.get_by_role("button", name="Make active").click()
    await expect(part.get_by_role("heading", name="Active")).to_be_visible()


async def test_every_part_can_be_used_by_everyone(teal: Teal, resized_page: Page) -> None:
    await teal.signs_in(resized_page)
    await teal.open(resized_page, "/groups")
    await choose(resized_page, "What is missing", "Without users")
    await choose(resized_page, "Kind", "Sets")
    await expect(resized_page.get_by_text("1 group", exact=True)).to_be_visible()
    await look_at(resized_page, "groups-filtered")
    await choose(resized_page, "From", "MIS")
    await expect(resized_page.get_by_text("take a filter off")).to_be_visible()
    await teal.open(resized_page, "/groups?sort=-member_count")
    await expect(resized_page.get_by_role("link", name="3 Sand")).to_be_visible()
    await look_at(resized_page, "groups")
    await teal.open(resized_page, f"/groups/{teal.groups['3 Sand']}")
    await expect(region(resized_page, "At the roll-up")).to_be_visible()
    await look_at(resized_page, "group-of-one")
    await region(resized_page, "Pupils").get_by_role("button", name="Add pupils").click()
    dialog = resized_page.get_by_role("dialog")
    await expect(dialog.get_by_role("checkbox", name="Hart, Ann")).to_be_visible()
    await look_at(resized_page, "group-add-pupils")


async def test_the_set_for_leavers_and_the_one_table_of_classes(
    teal: Teal, page: Page, other_page: Page
) -> None:
    """R12, R29: of two who change the table, the second is told, and keeps what they chose."""
    await teal.signs_in(page)
    await teal.open(page, "/settings")
    section = region(page, "Roll-up")
    await expect(section).to_contain_text("Chosen: No set")
    await section.get_by_role("combobox", name="Set for leavers").fill("Leav")
    await page.get_by_role("option", name="Leavers").click()
    await expect(section).to_contain_text("Chosen: Leavers")
    await section.get_by_role("button", name="Save where leavers go").click()
    await expect(page.get_by_text("The settings were saved.")).to_be_visible()
    await look_at(page, "settings-roll-up")

    await teal.signs_in(other_page)
    for one in (page, other_page):
        await teal.open(one, "/data-management/roll-up")
        await expect(one.get_by_role("region", name="Leaving")).to_contain_text("Leavers")
        table = one.get_by_role("table", name="Which class follows which")
        await table.get_by_label("Follows 3 Sand, Year 3").click()
        option = "No class" if one is other_page else "4 Teal (Year 4)"
        await one.get_by_role("option", name=option).click()
    await other_page.get_by_role("button", name="Save", exact=True).click()
    await expect(other_page.get_by_text("not saved yet")).to_have_count(0)
    await page.get_by_role("button", name="Save", exact=True).click()
    await page.get_by_role("button", name="Show what they changed").click()
    others = page.get_by_role("list", name="Saved by somebody else")
    await expect(others).to_have_text("3 Sand, Year 3: No class")
    await expect(page.get_by_text("1 change not saved yet")).to_be_visible()
    await look_at(page, "roll-up-changed-meanwhile")
    await page.get_by_role("button", name="Save", exact=True).click()
    row = page.get_by_role("row", name="3 Sand")
    await expect(row.get_by_role("combobox")).to_have_value("4 Teal (Year 4)")
    await expect(page.get_by_text("not saved yet")).to_have_count(0)
    await expect(row).to_contain_text("Chosen here")

    await teal.open(page, f"/groups/{teal.groups['Leavers']}")
    await expect(region(page, "At the roll-up")).to_contain_text(
        "Pupils who leave are put into this set."
    )
