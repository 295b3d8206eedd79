"""Parents: added and invited by the admin, their dates of birth, their pages (R2–R4, R6, R8)."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from uuid import uuid4

import pytest
from playwright.async_api import Locator, Page, expect

from tests.api import signed_in
from tests.browser.pages import choose_password, enter, sign_out
from tests.browser.pictures import look_at
from tests.demo import Demo
from tests.eventually import eventually
from tests.stack import ADMIN_PASSWORD, School

OWN_PASSWORD = "kingfisher over the quiet ford"
NEW_PASSWORD = "a lantern for the meadow 7"
MAYA, RAVI, LENA = "2018-05-17", "2020-11-03", "2019-02-28"


@dataclass(frozen=True)
class Fords:
    """A school with a few pupils and no parent yet."""

    demo: Demo
    school: School

    async def open_parents(self, page: Page) -> None:
        await enter(page, f"{self.demo.url}/parents", self.school.admin, ADMIN_PASSWORD)
        await expect(page.get_by_role("heading", name="Parent Management", level=1)).to_be_visible()

    async def sign_in_as_parent(self, page: Page, email: str, password: str) -> None:
        await page.goto(f"{self.demo.url}/parents/sign-in")
        await page.get_by_label("E-mail address").fill(email)
        await page.get_by_label("Password", exact=True).fill(password)
        await page.get_by_role("button", name="Sign in").click()


@pytest.fixture(scope="module")
async def fords(demo: Demo) -> Fords:
    email = f"office-{uuid4().hex[:8]}@fordstreet.example"
    school = await demo.stack.add_school("Ford Street Primary", "LA2 7RT", email)
    async with signed_in(demo.url, school.admin, ADMIN_PASSWORD) as api:
        for forename, surname, born in (
            ("Maya", "Achebe", MAYA),
            ("Ravi", "Achebe", RAVI),
            ("Lena", "Holt", LENA),
            ("Otis", "Marsh", None),
        ):
            pupil = {"legal_forename": forename, "legal_surname": surname, "year_group": "2"}
            await api.post("/api/pupils", {**pupil, "date_of_birth": born})
    return Fords(demo, school)


def an_address(name: str) -> str:
    return f"{name}-{uuid4().hex[:8]}@home.example"


def part(page: Page, name: str) -> Locator:
    return page.get_by_role("region", name=name, exact=True)


async def pick(where: Locator, page: Page, label: str, child: str) -> None:
    await where.get_by_role("combobox", name=label).fill(child)
    await page.get_by_role("option", name=re.compile(f"^{child}")).click()


async def fill_in(page: Page, surname: str, email: str, *children: str) -> Locator:
    """The form for a new parent; not sent yet."""
    await page.get_by_role("button", name="New parent").click()
    form = page.get_by_role("dialog")
    await form.get_by_label("First name").fill("Ada")
    await form.get_by_label("Surname").fill(surname)
    await form.get_by_label("E-mail address").fill(email)
    for child in children:
        await pick(form, page, "Children", child)
        await expect(form.get_by_role("list", name="Chosen children")).to_contain_text(child)
    return form


async def add_parent(page: Page, surname: str, email: str, *children: str) -> None:
    form = await fill_in(page, surname, email, *children)
    await form.get_by_role("button", name="Add the parent").click()
    await expect(page.get_by_role("heading", name=f"Ada {surname}", level=1)).to_be_visible()


async def fill_date(page: Page, forename: str, born: str) -> None:
    fields = page.get_by_role("group", name=f"{forename}’s date of birth")
    for name, value in zip(("Year", "Month", "Day"), born.split("-"), strict=True):
        await fields.get_by_label(name).fill(value.lstrip("0"))


async def mailed_link(demo: Demo, email: str, nth: int) -> str:
    """The address in the nth mail with a link, in the order they came."""

    async def links() -> list[str]:
        mails = await demo.stack.mails(email)
        found: list[str] = re.findall(r"https?://\S+/link#[\w-]+", mails)
        return list(dict.fromkeys(found))

    found = await eventually(links, lambda found: len(found) >= nth, seconds=30)
    return found[nth - 1]


async def accept(fords: Fords, page: Page, email: str, password: str, nth: int = 1) -> None:
    """Through the mailed link to what comes after the password."""
    await page.goto(await mailed_link(fords.demo, email, nth))
    await page.get_by_role("button", name="Continue").click()
    await choose_password(page, password)


async def test_from_the_invitation_to_the_child_and_back_after_a_forgotten_password(
    fords: Fords, page: Page, other_page: Page
) -> None:
    """R2, R3: nothing opens before each date of birth was right."""
    email = an_address("ada")
    await fords.open_parents(page)
    await add_parent(page, "Achebe", email, "Maya Achebe", "Ravi Achebe")
    await expect(part(page, "Signing in").get_by_text("Invited.")).to_be_visible()

    parent = other_page
    await accept(fords, parent, email, OWN_PASSWORD)
    await expect(parent.get_by_role("heading", name="Your children", level=1)).to_be_visible()
    await parent.goto(f"{fords.demo.url}/children")
    await expect(parent.get_by_role("heading", name="Your children", level=1)).to_be_visible()
    await look_at(parent, "parent-dates")
    await fill_date(parent, "Maya", MAYA)
    await parent.get_by_role("button", name="Confirm and go on").click()
    await expect(parent.get_by_text("Give the day, the month and the whole year")).to_be_visible()
    await fill_date(parent, "Ravi", MAYA)
    await parent.get_by_role("button", name="Confirm and go on").click()
    await expect(parent.get_by_role("alert")).to_contain_text("Please look at each date again")
    await expect(parent.get_by_role("alert")).not_to_contain_text("Ravi")
    await look_at(parent, "parent-dates-wrong")
    await fill_date(parent, "Ravi", RAVI)
    await parent.get_by_role("button", name="Confirm and go on").click()
    await expect(parent.get_by_role("heading", name="My children", level=1)).to_be_visible()
    children = parent.get_by_role("list", name="My children")
    await expect(children.get_by_role("listitem")).to_have_text(
        ["Maya AchebeYear 2Reports", "Ravi AchebeYear 2Reports"]
    )
    await look_at(parent, "parent-children")
    await parent.goto(f"{fords.demo.url}/pupils")
    heading = parent.get_by_role("heading", name="This page is not for your account")
    await expect(heading).to_be_visible()
    await parent.goto(f"{fords.demo.url}/account")
    await expect(parent.get_by_role("heading", name="My account", level=1)).to_be_visible()
    await expect(parent.get_by_role("table", name="Your sessions")).to_be_visible()
    await look_at(parent, "parent-account")

    await sign_out(parent)
    await expect(parent.get_by_role("heading", name="Sign in for parents")).to_be_visible()
    await look_at(parent, "parent-sign-in")
    await parent.get_by_role("link", name="Forgotten your password?").click()
    await expect(parent).to_have_url(re.compile("/parents/forgotten-password$"))
    await look_at(parent, "parent-forgotten")
    await parent.get_by_label("E-mail address").fill(email)
    await parent.get_by_role("button", name="Send me a link").click()
    await expect(parent.get_by_text("Look at your e-mail")).to_be_visible()
    await accept(fords, parent, email, NEW_PASSWORD, nth=2)
    await expect(parent.get_by_role("heading", name="My children", level=1)).to_be_visible()

    await page.reload()
    await expect(part(page, "Children").get_by_text("Confirmed", exact=True)).to_have_count(2)
    await part(page, "Active or inactive").get_by_role("button").click()
    await page.get_by_role("dialog").get_by_role("button", name="Make inactive").click()
    await expect(page.get_by_role("dialog")).to_have_count(0)
    await parent.goto(f"{fords.demo.url}/children")
    await expect(parent.get_by_role("heading", name="Sign in for parents")).to_be_visible()
    await fords.sign_in_as_parent(parent, email, NEW_PASSWORD)
    await expect(parent.get_by_role("alert")).to_be_visible()


async def test_the_admin_is_told_what_keeps_a_parent_from_a_child(fords: Fords, page: Page) -> None:
    """R8, R20: brothers and sisters share one parent; a date that is missing is said."""
    email = an_address("holt")
    await fords.open_parents(page)
    await add_parent(page, "Holt", email, "Lena Holt")
    await page.goto(f"{fords.demo.url}/parents")
    form = await fill_in(page, "Twice", email.upper(), "Otis Marsh")
    await form.get_by_role("button", name="Add the parent").click()
    await expect(form.get_by_role("alert")).to_contain_text("belongs to Ada Holt")
    await look_at(page, "parent-is-there")
    await form.get_by_role("button", name="Add the child to Ada Holt").click()
    await expect(page.get_by_role("heading", name="Ada Holt", level=1)).to_be_visible()
    children = part(page, "Children").get_by_role("listitem")
    await expect(children).to_have_count(2)
    await expect(children.nth(1)).to_contain_text("There is no date of birth for this pupil")
    await look_at(page, "parent")

    await children.nth(1).get_by_role("button", name="Unlink").click()
    await expect(children).to_have_count(1)
    await part(page, "Signing in").get_by_role("button", name="Send a new link").click()
    await expect(page.get_by_text(f"An invitation was sent to {email}")).to_be_visible()
    details = part(page, "Details")
    await details.get_by_label("Surname").fill("Holt-Reed")
    await details.get_by_role("button", name="Save the details").click()
    await expect(page.get_by_role("heading", name="Ada Holt-Reed", level=1)).to_be_visible()
    await details.get_by_label("E-mail address").fill("")
    await details.get_by_role("button", name="Save the details").click()
    await expect(details.get_by_text("Enter a whole e-mail address")).to_be_visible()


async def test_the_list_is_searched_filtered_changed_and_kept_as_a_file(
    fords: Fords, resized_page: Page
) -> None:
    page, surname = (
        resized_page,
        f"Q{uuid4().hex[:6]}".translate(str.maketrans("0123456789", "ghijklmnop")),
    )
    await fords.open_parents(page)
    await add_parent(page, surname, an_address("one"), "Maya Achebe")
    await page.goto(f"{fords.demo.url}/parents")
    await add_parent(page, f"{surname}b", an_address("two"))
    await page.goto(f"{fords.demo.url}/parents?search={surname}")
    rows = page.get_by_role("table", name="Parents").get_by_role("link")
    await expect(rows).to_have_count(2)
    await look_at(page, "parents")
    async with page.expect_download() as download:
        await page.get_by_role("link", name="Export as CSV").click()
    file = await download.value
    assert file.suggested_filename == "parents.csv"
    with open(await file.path(), encoding="utf-8", newline="") as lines:  # noqa: ASYNC230
        found = list(csv.DictReader(lines.read().removeprefix("\ufeff").splitlines()))
    assert [row["Children"] for row in found] == ["Maya Achebe", ""]

    await page.get_by_label("Select all on this page").check()
    await page.get_by_role("button", name="Invite again").click()
    await expect(page.get_by_text("2 invitations sent")).to_be_visible()
    await page.goto(f"{fords.demo.url}/parents?search={surname}+maya")
    await expect(rows).to_have_count(1)
    await page.goto(f"{fords.demo.url}/parents?search={surname}&without=children")
    await expect(rows).to_have_text([re.compile(f"^{surname}b")])
    await page.get_by_label(f"Select Ada {surname}b").check()
    await (
        page.get_by_role("group", name="For the selected parents")
        .get_by_role("button", name="Make inactive")
        .click()
    )
    await look_at(page, "parents-make-inactive")
    await page.get_by_role("dialog").get_by_role("button", name="Make inactive").click()
    await expect(page.get_by_text("No parents found")).to_be_visible()
    await page.get_by_role("combobox", name="Active").click()
    await page.get_by_role("option", name="Inactive").click()
    await expect(rows).to_have_count(1)
    await page.goto(f"{fords.demo.url}/parents?state=lapsed&search={surname}")
    await expect(page.get_by_text("No parents found")).to_be_visible()
