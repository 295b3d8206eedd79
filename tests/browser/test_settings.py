"""School settings: each section saved by itself, never over somebody else's change (R29)."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pytest
from playwright.async_api import Locator, Page, Route, expect

from tests.api import signed_in
from tests.browser.pages import choose_password, enter, expect_saved, sign_in
from tests.browser.pictures import look_at
from tests.demo import Demo
from tests.stack import ADMIN_PASSWORD, School

OWN_PASSWORD = "egret in the reeds at dawn"


@dataclass(frozen=True)
class Egrets:
    """A school with one pupil, in Year 6, a teacher and a senior leader who are both new."""

    demo: Demo
    school: School
    teacher: str
    leader: str

    async def open(self, page: Page) -> None:
        await enter(page, f"{self.demo.url}/settings", self.school.admin, ADMIN_PASSWORD)
        await expect(page.get_by_role("heading", name="School settings", level=1)).to_be_visible()
        await expect(section(page, "School details")).to_be_visible()


@pytest.fixture(scope="module")
async def egrets(demo: Demo) -> Egrets:
    school = await demo.stack.add_school("Egret Marsh Primary", "PE1 1EE", "hi@egretmarsh.example")
    async with signed_in(demo.url, school.admin, ADMIN_PASSWORD) as api:
        pupil = {"legal_forename": "Ada", "legal_surname": "Reed", "year_group": "6"}
        await api.post("/api/pupils", pupil)
        usernames = {}
        for role, surname in (("teacher", "Sedge"), ("slt", "Marsh")):
            user = {"forename": "Jo", "surname": surname, "role": role}
            usernames[role] = (await api.post("/api/users", user))["username"]
    return Egrets(demo, school, usernames["teacher"], usernames["slt"])


def section(page: Page, name: str) -> Locator:
    return page.get_by_role("region", name=name, exact=True)


async def choose(page: Page, field: str, option: str) -> None:
    await page.get_by_role("combobox", name=field).click()
    await page.get_by_role("option", name=option, exact=True).click()


async def save(page: Page, button: str) -> None:
    await page.get_by_role("button", name=button).click()
    await expect(page.get_by_text("The settings were saved.").first).to_be_visible()
    await expect_saved(page, button)


async def test_the_details_are_saved_and_stand_on_every_page(
    egrets: Egrets, resized_page: Page
) -> None:
    page = resized_page
    await egrets.open(page)
    await look_at(page, "settings")
    details = section(page, "School details")
    await details.get_by_label("Postcode").fill("XX1 1AA")
    await details.get_by_label("Telephone").fill("496 0123")
    await choose(page, "First year group", "Year 6")
    await choose(page, "Last year group", "Year 2")
    await page.get_by_role("button", name="Save the details").click()
    await expect(details.get_by_text("Year 2 comes before Year 6")).to_be_visible()
    await choose(page, "First year group", "Year 1")
    await choose(page, "Last year group", "Year 5")
    await page.get_by_role("button", name="Save the details").click()
    await expect(details.get_by_text("A postcode looks like NG7 5PN.")).to_be_visible()
    await expect(details.get_by_label("Postcode")).to_be_focused()
    await expect(details.get_by_role("alert")).to_contain_text("Not saved yet")
    outside = details.get_by_role("status").filter(has_text="outside these year groups")
    await expect(outside).to_contain_text("1 pupil in Year 6 would stay as they are")
    await look_at(page, "settings-refused")
    await page.get_by_role("button", name="Undo my changes").click()
    await expect(details.get_by_label("Postcode")).to_have_value("PE1 1EE")

    name = f"Egret Marsh Academy {(page.viewport_size or {'width': 0})['width']}"
    await details.get_by_label("Name of the school").fill(name)
    await details.get_by_label("Town or city").fill("Peterborough")
    await details.get_by_label("Telephone").fill("01154960123")
    await save(page, "Save the details")
    await expect(details.get_by_label("Telephone")).to_have_value("0115 496 0123")
    if await page.get_by_role("banner").get_by_text("Egret Marsh").is_visible():
        await expect(page.get_by_role("banner")).to_contain_text(name)
    await page.goto(egrets.demo.url)
    await expect(page.get_by_role("heading", name=name, level=1)).to_be_visible()
    await page.goto(f"{egrets.demo.url}/activity")
    row = page.get_by_role("row").filter(has_text="School details: name").first
    await expect(row).to_be_visible()


async def test_nothing_that_others_changed_is_lost_nor_what_is_typed(
    egrets: Egrets, page: Page, other_page: Page
) -> None:
    """R1: the admin account is shared, so two may be at it."""
    await egrets.open(page)
    await egrets.open(other_page)
    await section(page, "School details").get_by_label("Address line 1").fill("1 Fen Road")
    await section(other_page, "School details").get_by_label("Address line 1").fill("2 Fen Road")
    await save(other_page, "Save the details")
    await page.get_by_role("button", name="Save the details").click()
    refused = section(page, "School details").get_by_role("alert")
    await expect(refused).to_contain_text("These settings were changed meanwhile")
    await expect(refused).to_contain_text("Address line 1 is now: 2 Fen Road")
    await look_at(page, "settings-changed-meanwhile")

    await page.get_by_role("navigation").get_by_role("link", name="Home").click()
    dialog = page.get_by_role("dialog", name="Leave without saving?")
    await expect(dialog).to_be_visible()
    await look_at(page, "settings-unsaved")
    await dialog.get_by_role("button", name="Stay on this page").click()
    await expect(page.get_by_label("Address line 1")).to_have_value("1 Fen Road")
    await page.get_by_role("button", name="Show what is there now").click()
    await expect(page.get_by_label("Address line 1")).to_have_value("2 Fen Road")
    await expect(refused).to_have_count(0)

    await page.get_by_label("Address line 1").fill("3 Fen Road")
    await save(page, "Save the details")
    await page.get_by_label("Address line 1").fill("4 Fen Road")
    await page.get_by_role("navigation").get_by_role("link", name="Home").click()
    await dialog.get_by_role("button", name="Leave without saving").click()
    await expect(page).to_have_url(f"{egrets.demo.url}/")


async def test_a_section_whose_service_is_away_says_so_and_the_rest_works(
    egrets: Egrets, page: Page
) -> None:
    """Both sections are one service's today, so the part is taken out of the gateway's answer."""

    async def without_details(route: Route) -> None:
        answer = await route.fetch()
        body = await answer.json()
        partial = {**body, "details": None, "unavailable": ["identity"]}
        await route.fulfill(response=answer, json=partial)

    await page.route("**/api/settings", without_details)
    await egrets.open(page)
    away = section(page, "School details").get_by_role("status")
    await expect(away).to_contain_text("These settings can’t be shown just now")
    await look_at(page, "settings-away")
    signing_in = section(page, "Signing in")
    await signing_in.get_by_label(re.compile("^The admin account and SLT")).check()
    await page.get_by_role("button", name="Undo my changes").click()
    await page.unroute("**/api/settings")
    await expect(page.get_by_label("Name of the school")).to_be_visible(timeout=20_000)


async def test_lists_are_added_to_put_in_order_and_never_shortened(
    egrets: Egrets, page: Page
) -> None:
    """R6, R29: subjects, terms and scale, each saved by itself, each in the activity log."""
    await egrets.open(page)
    subjects = section(page, "Subjects")
    await subjects.get_by_label("Name of subject 2").fill("Maths")
    await subjects.get_by_role("button", name="Move Maths up").click()
    await expect(subjects.get_by_role("button", name="Move Maths up")).to_be_focused()
    await subjects.get_by_label("In use: Computing").uncheck()
    await subjects.get_by_role("button", name="Add a subject").click()
    await subjects.get_by_label("Name of subject 13").fill("Latin")
    await subjects.get_by_role("combobox", name="Year groups of Latin").click()
    for year in ("Year 5", "Year 6"):
        await page.get_by_role("option", name=year, exact=True).click()
    await subjects.get_by_label("Name of subject 13").fill("english")
    await page.get_by_role("button", name="Save the subjects").click()
    await expect(subjects.get_by_text("Another subject is called english.")).to_be_visible()
    await expect(subjects.get_by_label("Name of subject 13")).to_be_focused()
    await look_at(page, "settings-subjects-refused")
    await subjects.get_by_label("Name of subject 13").fill("Latin")
    await save(page, "Save the subjects")
    await expect(subjects.get_by_label("Name of subject 1", exact=True)).to_have_value("Maths")

    terms = section(page, "Terms")
    await terms.get_by_role("button", name="The dates are right").click()
    await expect(terms.get_by_role("status")).to_have_count(0)
    of_spring = (await terms.get_by_label("First day of Spring").input_value())[:4]
    await terms.get_by_label("Last day of Autumn").fill(f"{of_spring}-02-01")
    await page.get_by_role("button", name="Save the terms").click()
    goes_on = f"Autumn goes on until 1 February {of_spring}."
    await expect(terms.get_by_text(goes_on)).to_be_visible()
    await page.get_by_role("button", name="Undo my changes").click()

    scale = section(page, "Attainment scale")
    await scale.get_by_label("Code of band 3").fill("EXS")
    await scale.get_by_label("The expectation is Securely at expectations").check()
    await save(page, "Save the scale")
    await look_at(page, "settings-lists")

    await page.goto(f"{egrets.demo.url}/activity")
    for line in (
        "Subject Maths: name changed",
        "Subject Computing made inactive",
        "Subject Latin added",
        "Subjects put in another order",
        "2 bands of the attainment scale changed",
    ):
        await expect(page.get_by_role("row").filter(has_text=line)).to_have_count(1)


async def test_the_mis_is_asked_at_the_hour_that_the_school_chose(
    egrets: Egrets, page: Page
) -> None:
    """R16, R29."""
    await egrets.open(page)
    hour = page.get_by_role("combobox", name="When your MIS is asked")
    await expect(hour).to_have_value(re.compile(r"^About 0[1-4]:\d\d \(normal setting\)$"))
    await hour.click()
    await page.get_by_role("option", name=re.compile("^About 06:")).click()
    await save(page, "Save the synchronisation")
    at = (await hour.input_value()).removeprefix("About ")
    await page.goto(f"{egrets.demo.url}/data-management/mis-synchronisation")
    await expect(page.get_by_text(f"Asked every night at about {at}.")).to_be_visible()
    await look_at(page, "synchronisation-asked-at")
    await page.get_by_role("link", name="Change the hour").click()
    await expect(hour).to_be_visible()


async def test_how_people_sign_in_counts_from_their_next_sign_in_on(
    egrets: Egrets, page: Page, other_page: Page
) -> None:
    url = egrets.demo.url
    await other_page.clock.install()
    await sign_in(other_page, url, egrets.teacher, egrets.school.default_password)
    await choose_password(other_page, OWN_PASSWORD)
    await expect(other_page.get_by_role("heading", name="My groups", level=1)).to_be_visible()
    await other_page.goto(f"{url}/settings")
    refused = other_page.get_by_role("heading", name="This page is not for your account")
    await expect(refused).to_be_visible()

    await egrets.open(page)
    signing_in = section(page, "Signing in")
    await expect(signing_in).to_contain_text(re.compile("Made: (Today|Yesterday) at"))
    await signing_in.get_by_label(re.compile("^The admin account and SLT")).check()
    await save(page, "Save how people sign in")
    await look_at(page, "settings-two-step")
    name = page.get_by_label("Name of the school")
    await name.fill("Egret Fen Primary")
    await save(page, "Save the details")

    # The teacher, who is signed in already, sees the new name and is asked for nothing.
    await other_page.clock.fast_forward(31_000)
    await other_page.get_by_role("button", name="account").click()
    await other_page.get_by_role("link", name="My account").click()
    await expect(other_page.get_by_role("banner")).to_contain_text("Egret Fen Primary")

    await other_page.context.clear_cookies()
    await sign_in(other_page, url, egrets.leader, egrets.school.default_password)
    await choose_password(other_page, OWN_PASSWORD)
    await expect(other_page.get_by_label("Name of this authenticator")).to_be_visible()
    await other_page.goto(f"{url}/pupils")
    await expect(other_page.get_by_label("Name of this authenticator")).to_be_visible()
    await page.goto(f"{url}/activity")
    row = page.get_by_role("row").filter(has_text="School settings: two-step sign-in")
    await expect(row).to_have_count(1)

    # How new users begin is for whoever is new from now on.
    await page.goto(f"{url}/settings")
    await page.get_by_role("button", name="Make a new default password").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_role("button", name="Make a new one").click()
    words = dialog.get_by_label("The new default password")
    await expect(words).to_have_text(re.compile(r"^\w+-\w+-\w+-\w+$"))
    await dialog.get_by_role("button", name="Done").click()
    await signing_in.get_by_label("Starting codes").check()
    await save(page, "Save how people sign in")
    await expect(page.get_by_role("button", name="Make a new default password")).to_have_count(0)
    await look_at(page, "settings-starting-codes")
