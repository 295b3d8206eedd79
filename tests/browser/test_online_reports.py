"""Online reports in browsers: published, read by a parent, opened, withdrawn while open (R27)."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import pytest
from playwright.async_api import Locator, Page, expect

from tests.api import Api, signed_in, visitor
from tests.browser.pages import enter
from tests.browser.pictures import look_at
from tests.browser.test_generated_reports import COMMENT, a_user, linked, recorded
from tests.browser.test_parents import mailed_link
from tests.demo import Demo
from tests.eventually import eventually
from tests.reports.generation import pages_of
from tests.stack import ADMIN_PASSWORD, School

OWN_PASSWORD = "a heron stands in the reeds"
BORN = "2018-05-17"
PUPILS = (("Zoë", "Adams"), ("Bo", "Adams"), ("Cy", "Carr"))


@dataclass(frozen=True)
class Reeds:
    """A class of three. Anna is the parent of two of them, Ben waits, and Cy has none."""

    demo: Demo
    school: School
    teacher: str
    anna: str
    children: list[str]


@pytest.fixture(scope="module")
async def reeds(demo: Demo) -> Reeds:
    office = f"office-{uuid4().hex[:8]}@reedbank.example"
    school = await demo.stack.add_school("Reed Bank Primary", "NR12 8XT", office)
    anna, ben = (f"{name}-{uuid4().hex[:8]}@home.example" for name in ("anna", "ben"))
    async with signed_in(demo.url, school.admin, ADMIN_PASSWORD) as api:
        group = await api.post(
            "/api/groups", {"name": "3 Reed", "kind": "class", "year_group": "3"}
        )
        children = [await _pupil(api, group["id"], *names) for names in PUPILS]
        user = await a_user(api, "teacher")
        await eventually(lambda: linked(api, f"/api/groups/{group['id']}/users/{user['id']}"))
        await api.get("/api/settings")
        await eventually(lambda: _parent(api, "Anna", anna, children[:2]))
        await _parent(api, "Ben", ben, children[1:2])
    async with visitor(demo.url) as somebody:
        await somebody.sign_in(user["username"], school.default_password)
        await somebody.set_password(OWN_PASSWORD)
    async with visitor(demo.url) as parent:
        link = await mailed_link(demo, anna, 1)
        await parent.open_link(link.partition("#")[2])
        await parent.set_password(OWN_PASSWORD)
        dates = [{"child_id": child, "date_of_birth": BORN} for child in children[:2]]
        await parent.post("/api/children/first-confirmation", {"dates": dates})
    await recorded(demo, UUID(school.id), [UUID(child) for child in children])
    async with signed_in(demo.url, user["username"], OWN_PASSWORD) as api:
        await _made(api, group["id"])
    return Reeds(demo, school, user["username"], anna, children)


async def _pupil(api: Api, group: str, forename: str, surname: str) -> str:
    pupil = {"legal_forename": forename, "legal_surname": surname, "year_group": "3"}
    added = await api.post("/api/pupils", {**pupil, "date_of_birth": BORN})
    await api.ask("PUT", f"/api/groups/{group}/pupils/{added['id']}")
    return str(added["id"])


async def _parent(api: Api, forename: str, email: str, children: list[str]) -> bool:
    """Once identity has heard of the children."""
    body = {"forename": forename, "surname": "Adams", "email": email, "children": children}
    try:
        await api.post("/api/parents", body)
    except Exception as error:
        if "child" not in str(error):
            raise
        return False
    return True


async def _made(api: Api, group: str) -> None:
    async def choices() -> Any:
        return await api.get("/api/generated-reports/choices")

    found = await eventually(choices, lambda said: [g["pupils"] for g in said["groups"]] == [3])
    template = next(one for one in found["templates"] if one["kind"] == "written_report")
    term = next(one for one in found["terms"] if one["current"])
    wanted = {
        "template_id": template["id"],
        "term_id": term["id"],
        "scope": {"kind": "group", "id": group},
        "form": "pdf",
    }
    job = await api.post("/api/generated-reports", wanted)
    path = f"/api/generated-reports/{job['id']}"
    await eventually(lambda: api.get(path), lambda said: said["state"] == "done")


def row_of(page: Page, text: str) -> Locator:
    return page.get_by_role("row").filter(has_text=text)


async def _sign_in(reeds: Reeds, page: Page) -> None:
    await page.goto(f"{reeds.demo.url}/parents/sign-in")
    await page.get_by_label("E-mail address").fill(reeds.anna)
    await page.get_by_label("Password", exact=True).fill(OWN_PASSWORD)
    await page.get_by_role("button", name="Sign in").click()


async def _told(reeds: Reeds) -> str:
    return await reeds.demo.stack.command("mail", "--to", reeds.anna)


async def test_published_read_and_withdrawn_while_it_is_open(
    reeds: Reeds, resized_page: Page, other_page: Page
) -> None:
    page, parent = resized_page, other_page
    await enter(page, f"{reeds.demo.url}/generate-reports", reeds.teacher, OWN_PASSWORD)
    await row_of(page, "3 Reed").get_by_role("link", name="Online for parents").click()
    does = page.get_by_role("list", name="What publishing does")
    await expect(does).to_contain_text("2 pupils have a parent who can sign in")
    await expect(does).to_contain_text("1 pupil has no parent here")
    await expect(does).to_contain_text("Carr, Cy")
    await look_at(page, "online-before")
    await page.get_by_role("button", name="Publish 3 reports to parents").click()
    await expect(page.get_by_text("0 of 3 opened")).to_be_visible()
    await look_at(page, "online-published")

    mails = await eventually(lambda: _told(reeds), lambda text: "A new report from" in text)
    assert "/parents/sign-in" in mails

    await _reads(reeds, parent)

    await page.reload()
    await expect(page.get_by_text("1 of 3 opened")).to_be_visible()
    await expect(row_of(page, "Adams, Zoë")).to_contain_text("Anna Adams")
    await page.get_by_role("combobox", name="Show").click()
    await page.get_by_role("option", name="Published, not opened (2)").click()
    await expect(row_of(page, "Adams, Zoë")).to_have_count(0)
    await look_at(page, "online-not-opened")
    await page.get_by_role("button", name="Withdraw 3 reports").click()
    dialog = page.get_by_role("dialog", name="Withdraw 3 reports?")
    await expect(dialog).to_contain_text("1 of 3 have been opened already")
    await look_at(page, "online-withdraw")
    await dialog.get_by_role("button", name="Withdraw 3 reports").click()
    await expect(page.get_by_role("button", name="Publish 3 reports again")).to_be_visible()

    await parent.evaluate("window.dispatchEvent(new Event('visibilitychange'))")
    gone = parent.get_by_role("heading", name="The school has withdrawn this report", level=1)
    await expect(gone).to_be_visible()
    await look_at(parent, "parent-withdrawn")
    await parent.get_by_role("link", name="All reports of this child").click()
    await expect(parent.get_by_text("There is no report yet")).to_be_visible()

    await page.get_by_role("combobox", name="Show").click()
    await page.get_by_role("option", name="All pupils (3)").click()
    await page.get_by_role("button", name="Publish the report of Adams, Zoë").click()
    await expect(row_of(page, "Adams, Zoë").get_by_text("Published")).to_be_visible()
    await parent.reload()
    await expect(parent.get_by_role("link", name=re.compile("^Read "))).to_have_count(1)
    assert (await _told(reeds)).count("A new report from") == mails.count("A new report from")


async def _reads(reeds: Reeds, parent: Page) -> None:
    """At the size of a phone, as parents do."""
    await parent.set_viewport_size({"width": 390, "height": 844})
    await _sign_in(reeds, parent)
    await expect(parent.get_by_role("link", name="Reports, 1 new: Zoë Adams")).to_be_visible()
    await look_at(parent, "parent-children")
    await parent.get_by_role("link", name="Reports, 1 new: Zoë Adams").click()
    heading = parent.get_by_role("heading", name="Reports of Zoë Adams", level=1)
    await expect(heading).to_be_visible()
    await expect(parent.get_by_text("New", exact=True)).to_be_visible()
    await look_at(parent, "parent-reports")
    await parent.get_by_role("link", name=re.compile("^Read ")).click()
    await expect(parent.get_by_text(COMMENT).first).to_be_visible()
    await look_at(parent, "parent-report")
    await parent.emulate_media(media="print")
    await expect(parent.get_by_role("button", name="Print")).to_be_hidden()
    await expect(parent.get_by_role("columnheader", name="Attainment").first).to_be_visible()
    await parent.emulate_media(media="screen")
    async with parent.expect_download() as download:
        await parent.get_by_role("link", name="Download as PDF").click()
    file = await download.value
    assert file.suggested_filename.endswith(".pdf")
    text = "".join(pages_of(await asyncio.to_thread((await file.path()).read_bytes)))
    assert "Zoë Adams" in text
    assert "Bo Adams" not in text
    await parent.set_viewport_size({"width": 1280, "height": 900})
    await look_at(parent, "parent-report")
