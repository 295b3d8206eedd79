"""Marks written in the grid by keyboard, by two people at once, and from a file (R26)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import partial
from typing import Any

import httpx
import pytest
from playwright.async_api import FilePayload, Locator, Page, expect

from tests.api import Api, signed_in, visitor
from tests.browser.pages import enter
from tests.browser.pictures import DESK, PHONE, look_at
from tests.demo import Demo
from tests.eventually import eventually
from tests.shared.tables import as_csv
from tests.stack import ADMIN_PASSWORD, School

OWN_PASSWORD = "siskins in the alder tops"
PUPILS = (("Zoë", "Bell", "F"), ("Adam", "Cole", "M"), ("Evie", "Dean", None))


@dataclass(frozen=True)
class Siskins:
    """A school with a class of three, its teacher, and a senior leader."""

    demo: Demo
    school: School
    teacher: str
    leader: str

    async def open(self, page: Page, username: str) -> None:
        await enter(page, f"{self.demo.url}/markbook", username, OWN_PASSWORD)
        await expect(page.get_by_label("Attainment of Zoë Bell")).to_be_visible()


@pytest.fixture(scope="module")
async def siskins(demo: Demo) -> Siskins:
    school = await demo.stack.add_school("Siskin Wood Primary", "LD3 8AL", "hi@siskins.example")
    async with signed_in(demo.url, school.admin, ADMIN_PASSWORD) as api:
        group = await api.post(
            "/api/groups", {"name": "3 Siskin", "kind": "class", "year_group": "3"}
        )
        for forename, surname, sex in PUPILS:
            pupil = {"legal_forename": forename, "legal_surname": surname, "year_group": "3"}
            added = await api.post("/api/pupils", {**pupil, "sex": sex})
            await api.ask("PUT", f"/api/groups/{group['id']}/pupils/{added['id']}")
        users = [await add_user(api, role) for role in ("teacher", "slt")]
        link = f"/api/groups/{group['id']}/users/{users[0]['id']}"
        await eventually(lambda: done(api, "PUT", link))
    for user in users:
        async with visitor(demo.url) as somebody:
            await somebody.sign_in(user["username"], school.default_password)
            await somebody.set_password(OWN_PASSWORD)
            await eventually(partial(all_pupils, somebody))
    return Siskins(demo, school, users[0]["username"], users[1]["username"])


async def add_user(api: Api, role: str) -> dict[str, Any]:
    surname = {"teacher": "Able", "slt": "Head"}[role]
    user = {"title": "Ms", "forename": "Jo", "surname": surname, "role": role}
    return dict(await api.post("/api/users", user))


async def done(api: Api, method: str, path: str) -> bool:
    """False while the service asked has not heard of a new record yet."""
    try:
        await api.ask(method, path)
    except httpx.HTTPStatusError:
        return False
    return True


async def all_pupils(api: Api) -> bool:
    """Once reports has heard of them."""
    groups = (await api.get("/api/markbook"))["groups"]
    return [group["pupils"] for group in groups] == [len(PUPILS)]


def status(page: Page) -> Locator:
    return page.get_by_role("status").filter(has_text=re.compile("saved|Saving|choose"))


async def saved(page: Page) -> None:
    await expect(status(page)).to_have_text("All changes are saved")


async def shows(page: Page, label: str, text: str) -> None:
    """What is chosen in a cell, as one reads it."""
    chosen = page.get_by_label(label, exact=True).locator("option:checked")
    await expect(chosen).to_have_text(text)


async def test_by_keyboard(siskins: Siskins, resized_page: Page) -> None:
    """Codes, arrows, Enter and Tab; nothing is lost offline or when the session ends."""
    page, press, type_ = resized_page, resized_page.keyboard.press, resized_page.keyboard.type
    await siskins.open(page, siskins.teacher)
    await page.get_by_role("combobox", name="Subject").click()
    await page.get_by_role("option", name="English").click()
    await look_at(page, "markbook-empty")

    await page.get_by_label("Attainment of Zoë Bell").focus()
    await type_("s")
    await press("Enter")
    await type_("b")
    await expect(page.get_by_text("Below the year’s expectation")).to_be_visible()
    await press("ArrowDown")
    await type_("j")
    await press("Delete")
    await press("ArrowRight")
    await type_("c")
    await press("ArrowUp")
    await press("ArrowUp")
    await expect(page.get_by_label("Effort of Zoë Bell")).to_be_focused()
    await type_("e")
    await press("Tab")
    await expect(page.get_by_label("Comment on Zoë Bell", exact=True)).to_be_focused()
    await type_("Reads with pleasure.")
    await press("Shift+Enter")
    await type_("Writes well")
    await saved(page)
    await press("Enter")
    await expect(page.get_by_label("Comment on Adam Cole", exact=True)).to_be_focused()
    await page.get_by_role("button", name="Put a statement into: Comment on Adam Cole").click()
    bank = page.get_by_role("dialog", name="Statements for Adam Cole")
    await expect(bank.get_by_role("listitem").first).to_be_visible()
    await look_at(page, "markbook-statements")
    await bank.get_by_label("Find a statement").fill("pride")
    await bank.get_by_role("button", name="Adam takes pride").press("Enter")
    comment = page.get_by_label("Comment on Adam Cole", exact=True)
    await expect(comment).to_have_value("Adam takes pride in the presentation of his work.")
    await saved(page)
    await look_at(page, "markbook-filled")
    # What its box is too narrow for stands below it in full.
    whole = page.get_by_text("S – Securely at expectations", exact=True).filter(visible=True)
    for size, below in ((PHONE, 0), (DESK, 1)):
        await page.set_viewport_size(size)
        await expect(whole).to_have_count(below)

    await page.reload()
    await shows(page, "Attainment of Zoë Bell", "S – Securely at expectations")
    await shows(page, "Attainment of Evie Dean", "–")
    await shows(page, "Effort of Evie Dean", "Cause for concern")
    expected = "Reads with pleasure.\nWrites well"
    zoe = page.get_by_label("Comment on Zoë Bell", exact=True)
    await expect(zoe).to_have_value(expected)
    await expect(page.get_by_text("2 of 3 have an attainment: 1 at or above")).to_be_visible()

    await page.context.set_offline(True)
    await page.get_by_label("Attainment of Evie Dean").focus()
    await type_("a")
    await expect(status(page)).to_have_text("1 change not saved yet")
    await look_at(page, "markbook-offline")
    await page.get_by_role("navigation").get_by_role("link", name="My groups").click()
    leaving = page.get_by_role("dialog", name="Leave without saving?")
    await leaving.get_by_role("button", name="Stay on this page").click()
    await page.context.set_offline(False)
    await saved(page)

    await page.context.clear_cookies()
    await zoe.fill("Written after the session")
    await expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    await page.get_by_label("Username or e-mail address").fill(siskins.teacher)
    await page.get_by_label("Password", exact=True).fill(OWN_PASSWORD)
    await page.get_by_role("button", name="Sign in").click()
    await expect(zoe).to_have_value("Written after the session")
    await saved(page)


async def test_two_at_once(siskins: Siskins, page: Page, other_page: Page) -> None:
    """Each is told what the other wrote, and chooses; the head teacher's comment is a leader's."""
    await siskins.open(page, siskins.teacher)
    await siskins.open(other_page, siskins.leader)
    for one, subject in ((page, "Science"), (other_page, "Science")):
        await one.get_by_role("combobox", name="Subject").click()
        await one.get_by_role("option", name=subject).click()
        await expect(one.get_by_role("table", name=re.compile("3 Siskin: Science"))).to_be_visible()
    mine, theirs = (
        one.get_by_label("Comment on Adam Cole", exact=True) for one in (page, other_page)
    )
    await theirs.fill("Asks good questions")
    await saved(other_page)
    await page.get_by_label("Effort of Adam Cole").select_option("good")
    await expect(mine).to_have_value("Asks good questions")
    await saved(page)
    await theirs.fill("Asks very good questions")
    await saved(other_page)
    await mine.fill("Is curious")
    alert = page.get_by_role("alert")
    await expect(alert).to_contain_text("Ms Jo Head has written this too: Adam Cole")
    await expect(alert).to_contain_text("‘Asks very good questions’")
    await look_at(page, "markbook-conflict")
    await alert.get_by_role("button", name="Keep theirs").click()
    await expect(mine).to_have_value("Asks very good questions")
    await saved(page)

    await page.get_by_text("General comments", exact=True).click()
    await other_page.get_by_text("General comments", exact=True).click()
    head = "Head teacher’s comment on Zoë Bell"
    await other_page.get_by_label(head, exact=True).fill("A fine term")
    await saved(other_page)
    await page.get_by_label("Class teacher’s comment on Zoë Bell", exact=True).fill("A joy")
    await saved(page)
    await page.reload()
    await expect(page.get_by_label(head, exact=True)).to_have_value("A fine term")
    await expect(page.get_by_label(head, exact=True)).not_to_be_editable()
    await look_at(page, "markbook-general")


async def test_from_a_file_and_the_statement_bank(siskins: Siskins, resized_page: Page) -> None:
    page = resized_page
    await siskins.open(page, siskins.leader)
    await page.get_by_role("combobox", name="Subject").click()
    await page.get_by_role("option", name="Mathematics").click()
    await page.get_by_label("Attainment of Zoë Bell").select_option(label="B – Below expectations")
    await saved(page)
    await page.get_by_role("button", name="More").click()
    await page.get_by_role("menuitem", name="Import marks").click()
    await expect(page.get_by_role("heading", name="Import marks", level=1)).to_be_visible()
    await expect(page.get_by_role("link", name="Download a list of 3 Siskin")).to_be_visible()
    await look_at(page, "marks-import-choose")
    file = as_csv(
        [
            ["Surname", "Forename", "Grade", "Effort", "Comment"],
            ["Bell", "Zoë", "S", "", "Counts well"],
            ["Cole", "Adam", "A", "Good", ""],
            ["Reed", "Bo", "A", "", ""],
        ]
    )
    async with page.expect_file_chooser() as chooser:
        await page.get_by_role("button", name="Choose a file").click()
    await (await chooser.value).set_files(
        FilePayload(name="Maths.csv", mimeType="text/csv", buffer=file)
    )
    await page.get_by_role("button", name="Show the preview").click()
    await expect(page.get_by_text("1 mark will be added and 1 changed.")).to_be_visible()
    zoe = page.get_by_role("row").filter(has_text="Zoë Bell")
    await expect(zoe).to_contain_text(re.compile("Attainment: B → S"))
    await expect(page.get_by_role("row").filter(has_text="Bo Reed")).to_contain_text(
        "No pupil of 3 Siskin has this name"
    )
    await look_at(page, "marks-import-preview")
    await page.get_by_role("button", name="Import 2 marks").click()
    await expect(page.get_by_text("1 mark added, 1 changed")).to_be_visible()
    await page.get_by_role("link", name="Go to the markbook").click()
    await shows(page, "Attainment of Adam Cole", "A – Above expectations")

    await page.get_by_role("button", name="More").click()
    await page.get_by_role("menuitem", name="Statement bank").click()
    await page.get_by_role("button", name="Add a statement").click()
    form = page.get_by_role("dialog", name="Add a statement")
    await form.get_by_label("Statement").fill("{name} counts to a million.")
    await form.get_by_role("button", name="Save the statement").click()
    await expect(form.get_by_text("{name} cannot be filled in.")).to_be_visible()
    await form.get_by_label("Statement").fill("{forename} counts to a million.")
    await expect(form.get_by_text("Maya counts to a million.")).to_be_visible()
    await look_at(page, "statement-form")
    await form.get_by_role("button", name="Save the statement").click()
    line = page.get_by_role("row").filter(has_text="counts to a million")
    await line.get_by_role("button", name="Make inactive").click()
    await expect(line).to_have_count(0)
    await look_at(page, "statement-bank")


async def test_is_not_the_admins(siskins: Siskins, page: Page) -> None:
    """R1."""
    await enter(page, f"{siskins.demo.url}/markbook", siskins.school.admin, ADMIN_PASSWORD)
    await expect(page.get_by_text("This page is not for your account")).to_be_visible()
