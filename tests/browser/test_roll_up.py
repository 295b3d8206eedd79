"""The roll-up's page: the plan, the day that was missed, undoing it, and running it again (R12)."""

from __future__ import annotations

from uuid import UUID

import pytest
from playwright.async_api import Page, expect

from tests.api import Api, signed_in
from tests.browser.pages import sign_in
from tests.browser.pictures import look_at
from tests.demo import Demo
from tests.eventually import eventually
from tests.stack import ADMIN_PASSWORD, School

CLASSES = ("1 Heron", "1 Swift", "2 Heron", "2 Plover", "6 Heron")


@pytest.fixture(scope="module")
async def marsh(demo: Demo) -> School:
    """A pupil in each class; nothing follows 1 Swift by its name."""
    school = await demo.stack.add_school("Marsh Lane Primary", "IP1 1AB", "office@marsh.example")
    async with signed_in(demo.url, school.admin, ADMIN_PASSWORD) as api:
        for name in CLASSES:
            await _add(api, name)
    return school


async def _add(api: Api, name: str) -> None:
    year = name[0]
    group = await api.post("/api/groups", {"name": name, "kind": "class", "year_group": year})
    named = {"legal_forename": "Ada", "legal_surname": f"of {name}", "year_group": year}
    pupil = await api.post("/api/pupils", named)
    await api.ask("PUT", f"/api/groups/{group['id']}/pupils/{pupil['id']}")


async def _is_a_year_behind(demo: Demo, school: School) -> None:
    """As if the services had been down on the 26th."""
    database = await demo.stack.database("roster")
    try:
        await database.execute(
            "UPDATE schools SET academic_year = "
            "(left(academic_year, 4)::int - 1) || '/' || right(left(academic_year, 4), 2) "
            "WHERE school_id = $1",
            UUID(school.id),
        )
    finally:
        await database.close()


async def _shown(demo: Demo, page: Page, name: str, is_in: str) -> None:
    await page.goto(f"{demo.url}/pupils?search={name.replace(' ', '+')}")
    await expect(page.get_by_role("row", name=f"of {name}")).to_contain_text(is_in)


async def test_a_year_goes_on_and_back_and_on_again(demo: Demo, marsh: School, page: Page) -> None:
    """R12: late by weeks, since nobody was there on the day."""
    await sign_in(page, demo.url, marsh.admin, ADMIN_PASSWORD)
    await page.get_by_role("navigation").get_by_role("link", name="Roll-up").click()
    table = page.get_by_role("table", name="Which class follows which")
    await expect(table.get_by_label("Follows 1 Heron, Year 1")).to_have_value("Proposed: 2 Heron")
    await expect(table.get_by_role("row", name="6 Heron")).to_contain_text("They leave")
    await expect(page.get_by_role("region", name="Leaving")).to_contain_text("Ada of 6 Heron")
    without = page.get_by_role("region", name="Without a class afterwards")
    await expect(without).to_contain_text("Ada of 1 Swift")
    await look_at(page, "roll-up")

    await table.get_by_label("Follows 1 Swift, Year 1").click()
    await page.get_by_role("option", name="2 Plover (Year 2)").click()
    await page.get_by_role("button", name="Save", exact=True).click()
    await expect(table.get_by_role("row", name="1 Swift")).to_contain_text("Chosen here")
    await expect(without).not_to_contain_text("Ada of 1 Swift")

    await _is_a_year_behind(demo, marsh)
    async with signed_in(demo.url, marsh.admin, ADMIN_PASSWORD) as api:
        await eventually(lambda: api.get("/api/roll-up"), lambda plan: plan["last"] is not None)
    await page.reload()
    last = page.get_by_role("region", name="The last roll-up")
    await expect(last).to_contain_text("went up, 1 left")
    await look_at(page, "rolled-up")
    await _shown(demo, page, "1 Swift", "2 Plover")
    await _shown(demo, page, "1 Heron", "2 Heron")

    await page.goto(f"{demo.url}/data-management/roll-up")
    await last.get_by_role("button", name="Undo the roll-up").click()
    dialog = page.get_by_role("dialog")
    await expect(dialog).to_contain_text("go back to their year group and class")
    await look_at(page, "undo-roll-up")
    await dialog.get_by_role("button", name="Undo the roll-up").click()
    await expect(dialog).to_have_count(0)
    await expect(last).to_contain_text("Undone:")
    await _shown(demo, page, "1 Swift", "1 Swift")

    await page.goto(f"{demo.url}/data-management/roll-up")
    await last.get_by_role("button", name="Run the roll-up again").click()
    await dialog.get_by_role("button", name="Run the roll-up again").click()
    await expect(dialog).to_have_count(0)
    await _shown(demo, page, "1 Swift", "2 Plover")
