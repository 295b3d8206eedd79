"""The page of one pupil: added, changed by two at once, groups, parents, history (R6, R11, R13)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from uuid import uuid4

import pytest
from playwright.async_api import Locator, Page, expect

from tests.api import signed_in, visitor
from tests.browser.pages import enter, expect_saved
from tests.browser.pictures import look_at
from tests.demo import Demo
from tests.stack import ADMIN_PASSWORD, School

OWN_PASSWORD = "osprey above the still lake"


@dataclass(frozen=True)
class Ospreys:
    """A school with two classes, a pupil with a parent, and a senior leader who is new."""

    demo: Demo
    school: School
    pupil: str
    leader: str

    async def open(self, page: Page, path: str = "") -> None:
        address = f"{self.demo.url}{path or f'/pupils/{self.pupil}'}"
        await enter(page, address, self.school.admin, ADMIN_PASSWORD)


@pytest.fixture(scope="module")
async def ospreys(demo: Demo) -> Ospreys:
    email = f"office-{uuid4().hex[:8]}@ospreylake.example"
    school = await demo.stack.add_school("Osprey Lake Primary", "CA12 5JR", email)
    async with signed_in(demo.url, school.admin, ADMIN_PASSWORD) as api:
        for name in ("2 Lake", "3 Lake"):
            await api.post("/api/groups", {"name": name, "kind": "class", "year_group": name[0]})
        pupil = {"legal_forename": "Ines", "legal_surname": "Duarte", "year_group": "3"}
        added = await api.post("/api/pupils", {**pupil, "date_of_birth": "2018-10-02"})
        user = {"forename": "Jo", "surname": "Fell", "role": "slt"}
        leader = (await api.post("/api/users", user))["username"]
    async with visitor(demo.url) as new:
        await new.sign_in(leader, school.default_password)
        await new.set_password(OWN_PASSWORD)
    return Ospreys(demo, school, added["id"], leader)


def part(page: Page, name: str) -> Locator:
    return page.get_by_role("region", name=name, exact=True)


async def choose(where: Page | Locator, field: str, option: str) -> None:
    await where.get_by_role("combobox", name=field).click()
    await where.get_by_role("option", name=option, exact=True).click()


async def save_details(page: Page) -> None:
    await page.get_by_role("button", name="Save the details").click()
    await expect(page.get_by_text("The details were saved.").first).to_be_visible()
    await expect_saved(page, "Save the details")


async def test_a_pupil_is_added_and_told_what_is_wrong_with_the_upn(
    ospreys: Ospreys, resized_page: Page
) -> None:
    """R11: the position that is wrong is named. R13: an offset says why a year group fits."""
    page = resized_page
    await ospreys.open(page, "/pupils")
    await page.get_by_role("button", name="Add a pupil").click()
    form = page.get_by_role("dialog", name="Add a pupil")
    await form.get_by_label("Legal forename").fill("Ravi")
    await form.get_by_label("UPN").fill("A80120000X0O5")
    await form.get_by_role("button", name="Add the pupil").click()
    await expect(form.get_by_text("Enter the legal surname")).to_be_visible()
    surname = f"Achar {uuid4().hex[:4]}"
    await form.get_by_label("Legal surname").fill(surname)
    await form.get_by_role("button", name="Add the pupil").click()
    for place in (10, 12):
        await expect(form.get_by_text(f"Character {place}, in the number").first).to_be_visible()
    await expect(form.get_by_label("UPN")).to_be_focused()
    await look_at(page, "pupil-add-refused")
    await form.get_by_label("UPN").fill("")
    await form.get_by_label("Date of birth").fill("2019-09-01")
    await choose(form, "Year group", "Year 3")
    await form.get_by_role("button", name="Add the pupil").click()
    await expect(
        page.get_by_role("heading", name=re.compile("^Ravi Achar"), level=1)
    ).to_be_visible()
    wrong = page.get_by_role("alert").filter(has_text="do not fit")
    await expect(wrong).to_contain_text("Children born on 1 Sept 2019 are in Year 2")
    await look_at(page, "pupil-new")
    await page.get_by_role("button", name="It is right: taught 1 year above their age").click()
    await expect(page.get_by_text("Taught 1 year above their age")).to_be_visible()
    await expect(wrong).to_have_count(0)

    await page.goto(f"{ospreys.demo.url}/pupils")
    await page.get_by_role("button", name="Add a pupil").click()
    await form.get_by_label("Legal forename").fill("ravi")
    await form.get_by_label("Legal surname").fill(surname.upper())
    same = form.get_by_role("alert").filter(has_text="A pupil of this name is here already")
    await expect(same).to_contain_text("Ravi Achar")
    await expect(same).to_contain_text("Year 3, born 1 Sept 2019")
    await look_at(page, "pupil-add-namesake")
    await form.get_by_label("Date of birth").fill("2018-09-01")
    await expect(same).to_have_count(0)


async def test_of_two_who_change_a_pupil_neither_loses_anything(
    ospreys: Ospreys, page: Page, other_page: Page
) -> None:
    """R1: the admin account is shared, so two may be at it."""
    await ospreys.open(page)
    await ospreys.open(other_page)
    await part(page, "Details").get_by_label("Middle names").fill("Maria")
    await choose(part(page, "Details"), "Sex", "Male")
    await choose(part(other_page, "Details"), "Sex", "Female")
    await part(other_page, "Details").get_by_label("Preferred forename").fill("Inês")
    await save_details(other_page)
    await page.get_by_role("button", name="Save the details").click()
    refused = part(page, "Details").get_by_role("alert")
    await expect(refused).to_contain_text("Preferred forename is now: Inês")
    await expect(refused).to_contain_text("Sex is now: Female – what you typed there")
    await look_at(page, "pupil-changed-meanwhile")
    await refused.get_by_role("button", name="Take these over and keep what I typed").click()
    await expect(refused).to_have_count(0)
    await expect(page.get_by_label("Preferred forename")).to_have_value("Inês")
    await choose(part(page, "Details"), "Sex", "Female")
    await save_details(page)
    await expect(page.get_by_role("heading", name="Inês Duarte", level=1)).to_be_visible()

    await page.get_by_role("button", name="Hand details back to the MIS").click()
    dialog = page.get_by_role("dialog", name="Hand details back to the MIS")
    await look_at(page, "pupil-hand-back")
    await dialog.get_by_role("button", name="Hand back to the MIS: Middle names").click()
    await expect(dialog.get_by_text("Maria")).to_have_count(0)
    await dialog.get_by_role("button", name="Close").click()


async def test_groups_parents_history_and_leaving(ospreys: Ospreys, page: Page) -> None:
    """R13: by hand, until handed back. R6: nothing is deleted."""
    async with signed_in(ospreys.demo.url, ospreys.school.admin, ADMIN_PASSWORD) as api:
        address = f"rui-{uuid4().hex[:8]}@home.example"
        parent = {"forename": "Rui", "surname": "Duarte", "email": address}
        await api.post("/api/parents", {**parent, "children": [ospreys.pupil]})
    await ospreys.open(page)
    groups = part(page, "Groups")
    await groups.get_by_role("combobox", name="Put into another group").fill("3 La")
    await expect(groups.get_by_role("option")).to_have_text(["3 Lake"])
    await groups.get_by_role("option", name="3 Lake").click()
    await groups.get_by_role("button", name="Put in", exact=True).click()
    row = groups.get_by_role("listitem").filter(has_text="3 Lake")
    await expect(row.get_by_text("By hand")).to_be_visible()
    await groups.get_by_role("button", name="Take out of 3 Lake").click()
    await groups.get_by_role("button", name="Put back into 3 Lake").click()
    await groups.get_by_role("button", name="Hand back to the MIS: 3 Lake").click()
    await expect(row.get_by_text("MIS", exact=True)).to_be_visible()
    await expect(part(page, "Parents").get_by_role("link", name="Rui Duarte")).to_be_visible()
    history = part(page, "History")
    await expect(history.get_by_text("3 Lake: In").first).to_be_visible()

    await page.get_by_role("button", name="Make inactive").click()
    dialog = page.get_by_role("dialog")
    confirm = dialog.get_by_role("button", name="Make inactive")
    await expect(confirm).to_be_disabled()
    await choose(dialog, "Reason", "Moved to another school")
    await look_at(page, "pupil-make-inactive")
    await confirm.click()
    await expect(part(page, "Active or inactive")).to_contain_text("Moved to another school")
    await expect(history.get_by_text("made inactive").first).to_be_visible()
    await look_at(page, "pupil-inactive")
    await page.get_by_role("button", name="Make active").click()
    await dialog.get_by_role("button", name="Make active").click()
    await expect(part(page, "Active or inactive")).to_contain_text("Pupils are never deleted")


async def test_optional_fields_are_switched_on_recorded_and_seen_by_slt(
    ospreys: Ospreys, page: Page, other_page: Page
) -> None:
    """R29: off until switched on; the history never says what they hold."""
    await ospreys.open(page, "/settings")
    fields = part(page, "Pupil fields")
    for name in ("First language", "SEN provision"):
        await fields.get_by_role("switch", name=name).check(force=True)
    await look_at(page, "settings-pupil-fields")
    await page.get_by_role("button", name="Save the pupil fields").click()
    await expect(page.get_by_text("The settings were saved.").first).to_be_visible()
    await page.goto(f"{ospreys.demo.url}/pupils/{ospreys.pupil}")
    kept = page.get_by_role("group", name="For the admin and SLT only")
    await kept.get_by_role("combobox", name="First language").fill("Portu")
    await kept.get_by_role("option", name="Portuguese").click()
    await choose(kept, "SEN provision", "SEN support")
    await expect(kept.get_by_role("combobox", name="In care")).to_have_count(0)
    await save_details(page)
    await expect(kept).to_contain_text("English is an additional language (EAL)")
    line = part(page, "History").get_by_role("button", name="SEN provision")
    await line.first.click()
    await expect(part(page, "History")).to_contain_text("SEN provision: recorded")
    await look_at(page, "pupil-optional-fields")

    slt = other_page
    address = f"{ospreys.demo.url}/pupils/{ospreys.pupil}"
    await enter(slt, address, ospreys.leader, OWN_PASSWORD)
    for fact in ("SEN support", "Portuguese (English as an additional language)"):
        await expect(part(slt, "Details")).to_contain_text(fact)
    await expect(slt.get_by_role("button", name="Save the details")).to_have_count(0)
    await expect(part(slt, "History")).to_have_count(0)
    await look_at(slt, "pupil-slt")
