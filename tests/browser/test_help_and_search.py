"""Help for each page, and the search at the top right (R28), for admin, teacher and visitor."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import httpx
import pytest
from playwright.async_api import Browser, Locator, Page, Route, expect

from deploy.local.state import State
from deploy.local.wiring import METRICS
from tests.api import Api, signed_in
from tests.browser.chromium import opened_page
from tests.browser.pages import choose_password, enter, sign_in, unanswered
from tests.browser.pictures import PHONE, look_at
from tests.collector import Seen
from tests.demo import Demo
from tests.eventually import eventually
from tests.stack import ADMIN_PASSWORD, School

OWN_PASSWORD = "swift nest under the eaves"


@dataclass(frozen=True)
class Swifts:
    """A school with a class, a teacher of it, and people whose names begin alike."""

    demo: Demo
    school: School
    teacher: str
    ids: dict[str, str]

    async def open(self, page: Page, path: str) -> None:
        await enter(page, self.demo.url + path, self.school.admin, ADMIN_PASSWORD)
        await expect(search_field(page)).to_be_visible()


@pytest.fixture(scope="module")
async def swifts(demo: Demo) -> Swifts:
    email = f"office-{uuid4().hex[:8]}@swiftlane.example"
    school = await demo.stack.add_school("Swift Lane Primary", "SW9 4FT", email)
    async with signed_in(demo.url, school.admin, ADMIN_PASSWORD) as api:
        group = {"name": "3 Swift", "kind": "class", "year_group": "3"}
        ids = {"3 Swift": (await api.post("/api/groups", group))["id"]}
        for forename, surname in (
            ("Zoë", "O’Neill"),
            ("Zoe", "Nash"),
            ("Zola", "Left"),
            *((f"Kit{letter}", "Many") for letter in "abcdefg"),
        ):
            pupil = {"legal_forename": forename, "legal_surname": surname, "year_group": "3"}
            ids[surname] = (await api.post("/api/pupils", pupil))["id"]
        await api.ask("PUT", f"/api/groups/{ids['3 Swift']}/pupils/{ids['O’Neill']}")
        await change(api, f"/api/pupils/{ids['Left']}", active=False)
        zora = {"title": "Ms", "forename": "Zora", "surname": "Bell", "role": "teacher"}
        made = await api.post("/api/users", zora)
        ids["Bell"] = made["id"]
        link = f"/api/groups/{ids['3 Swift']}/users/{made['id']}"
        await eventually(lambda: done(api, link))
    return Swifts(demo, school, made["username"], ids)


async def change(api: Api, path: str, **to: Any) -> None:
    await api.ask("PATCH", path, json={"expected_version": 1, **to})


async def done(api: Api, path: str) -> bool:
    """Roster hears of a new user a moment later."""
    try:
        await api.ask("PUT", path)
    except httpx.HTTPStatusError as error:
        if error.response.status_code != 404:
            raise
        return False
    return True


@pytest.fixture
async def phone(browser: Browser) -> AsyncIterator[Page]:
    async with opened_page(browser, PHONE) as opened:
        yield opened


def search_field(page: Page) -> Locator:
    return page.get_by_role("banner").get_by_role("combobox", name="Search")


async def found(page: Page, part: str) -> list[str]:
    """The lines of one kind, as they are read."""
    lines = await page.get_by_role("group", name=part, exact=True).get_by_role("option").all()
    return [" ".join((await line.inner_text()).split()) for line in lines]


async def help_of(page: Page, title: str) -> None:
    await page.get_by_role("banner").get_by_role("link", name="Help", exact=True).click()
    await expect(page.get_by_role("heading", name=title, level=1)).to_be_visible()


async def test_each_page_leads_to_its_help_and_back(swifts: Swifts, resized_page: Page) -> None:
    page = resized_page
    await swifts.open(page, f"/pupils/{swifts.ids['Nash']}")
    fetched = "performance.getEntriesByType('resource').map(({name}) => name).join()"
    assert not re.search("texts|markdown|search-help", await page.evaluate(fetched))
    await help_of(page, "The page of a pupil")
    await look_at(page, "help-pupil")
    await page.get_by_role("region", name="Related help").get_by_role("link").first.click()
    await expect(page.get_by_role("heading", name="Pupil Management", level=1)).to_be_visible()
    await page.get_by_role("main").get_by_role("link", name="Pupil Import").first.click()
    await expect(page).to_have_url(re.compile("/pupils/import$"))
    await help_of(page, "Pupil Import")
    await help_of(page, "Help")
    await look_at(page, "help-contents")
    await page.get_by_role("link", name="Frequently asked questions").click()
    await expect(page.get_by_text("Can a username be changed?")).to_be_visible()
    await look_at(page, "help-faq")


async def test_who_is_not_signed_in_reads_how_to_get_in(swifts: Swifts, resized_page: Page) -> None:
    page, url = resized_page, swifts.demo.url
    await page.goto(f"{url}/parents/forgotten-password")
    await help_of(page, "Forgotten password, for parents")
    await look_at(page, "help-visitor")
    await page.goto(f"{url}/help")
    await expect(page.get_by_role("link", name="Signing in", exact=True)).to_be_visible()
    await expect(page.get_by_role("link", name="Pupil Import")).to_have_count(0)
    await look_at(page, "help-visitor-contents")
    await page.goto(f"{url}/help/pupil-import")
    await expect(page.get_by_role("heading", name="There is no such help page")).to_be_visible()
    await page.get_by_role("main").get_by_role("link", name="Sign in").click()
    await expect(page).to_have_url(re.compile(r"/sign-in\?next="))
    await look_at(page, "help-sign-in")


async def test_the_admin_finds_people_groups_and_help(swifts: Swifts, page: Page) -> None:
    await swifts.open(page, "/settings")
    await page.keyboard.press("Control+k")
    field = search_field(page)
    await expect(field).to_be_focused()
    await page.keyboard.type("z")
    await expect(page.get_by_role("option")).to_have_count(0)
    await page.keyboard.type("o")
    await expect(page.get_by_role("option", name="Zora Bell")).to_be_visible()
    assert await found(page, "Pupils") == [
        "Zoe Nash Year 3",
        "Zoë O’Neill Year 3, 3 Swift",
        "Zola Left Inactive Year 3",
    ]
    assert await found(page, "Users") == [f"Ms Zora Bell Teacher, {swifts.teacher}"]
    await look_at(page, "search-admin")
    await field.fill("swift")
    await expect(page.get_by_role("option", name="3 Swift")).to_be_visible()
    await field.fill("roll-up")
    await expect(page.get_by_role("option", name=re.compile("^Roll-up"))).to_be_visible()
    await field.fill("many kit")
    await expect(page.get_by_role("option", name="See all 7 pupils")).to_be_visible()
    await field.press("ArrowUp")
    await expect(field).to_have_attribute("aria-activedescendant", re.compile("."))
    await field.press("Enter")
    await expect(page).to_have_url(re.compile(r"/pupils\?search=many"))
    await expect(page.get_by_text("7 pupils", exact=True)).to_be_visible()
    await expect(field).to_have_value("")
    await field.fill("oneill")
    await expect(page.get_by_role("option", name="Zoë O’Neill")).to_be_visible()
    await field.press("Enter")
    await expect(page).to_have_url(re.compile(f"/pupils/{swifts.ids['O’Neill']}$"))
    await expect(page.get_by_role("heading", name="Zoë O’Neill", level=1)).to_be_focused()
    await page.get_by_role("navigation").get_by_role("link", name="Pupil Management").click()
    async with unanswered(page, f"**/api/pupils/{swifts.ids['Nash']}"):
        await page.get_by_role("main").get_by_role("link", name="Nash").click()
        await field.fill("xyzzyx")
    # Whoever types while a page comes goes on typing.
    await expect(page.get_by_role("heading", name="Zoe Nash", level=1)).to_be_visible()
    await expect(field).to_be_focused()
    await expect(page.get_by_role("option", name="All help pages")).to_be_visible()
    await look_at(page, "search-nothing")


async def test_a_late_answer_is_passed_over_and_a_missing_part_is_told(
    swifts: Swifts, page: Page
) -> None:
    await swifts.open(page, "/settings")
    answered = asyncio.Event()

    async def late(route: Route) -> None:
        await answered.wait()
        await route.continue_()

    async def without_roster(route: Route) -> None:
        answer = await (await route.fetch()).json()
        missing = {"pupils": None, "groups": None, "unavailable": ["roster"]}
        await route.fulfill(body=json.dumps({**answer, **missing}), content_type="application/json")

    await page.route(re.compile(r"/api/search\?q=nash$"), late)
    await page.route(re.compile(r"/api/search\?q=bell$"), without_roster)
    field = search_field(page)
    async with page.expect_request(re.compile(r"search\?q=nash$")):
        await field.fill("nash")
    await field.fill("oneill")
    await expect(page.get_by_role("option", name="Zoë O’Neill")).to_be_visible()
    answered.set()
    await field.fill("bell")
    await expect(page.get_by_role("option", name="Zora Bell")).to_be_visible()
    await expect(page.get_by_text("Pupils and groups could not be searched")).to_be_visible()
    await expect(page.get_by_role("option", name="Nash")).to_have_count(0)
    await look_at(page, "search-partial")


async def test_a_teacher_on_a_phone_finds_their_own(swifts: Swifts, phone: Page) -> None:
    """R14."""
    await sign_in(phone, swifts.demo.url, swifts.teacher, swifts.school.default_password)
    await expect(phone.get_by_role("heading", name="Choose your password")).to_be_visible()
    await help_of(phone, "Choosing your password")
    await phone.go_back()
    await choose_password(phone, OWN_PASSWORD)
    await expect(phone.get_by_role("heading", name="My groups", level=1)).to_be_visible()
    await look_at(phone, "search-phone-closed")
    await phone.get_by_role("button", name="Search").click()
    field = phone.get_by_role("dialog").get_by_role("combobox", name="Search")
    await expect(field).to_be_focused()
    await field.fill("zo")
    await expect(phone.get_by_role("option", name="Zoë O’Neill")).to_be_visible()
    assert await found(phone, "Pupils") == ["Zoë O’Neill Year 3, 3 Swift"]
    await expect(phone.get_by_role("group", name="Users", exact=True)).to_have_count(0)
    await look_at(phone, "search-phone")
    await phone.get_by_role("option", name="Zoë O’Neill").click()
    await expect(phone.get_by_role("heading", name="3 Swift", level=1)).to_be_visible()
    await expect(phone.get_by_role("dialog")).to_have_count(0)
    await help_of(phone, "My groups")
    await look_at(phone, "help-phone-teacher")


async def test_what_is_searched_for_is_in_no_log_span_or_figure(swifts: Swifts) -> None:
    """They are names of children."""
    demo, name = swifts.demo, "Quillfeather"
    async with signed_in(demo.url, swifts.school.admin, ADMIN_PASSWORD) as api:
        await api.get("/api/search", q=f"{name} O’Neill")

    async def spans() -> list[Seen]:
        return [span for span in demo.collector.all() if "/search" in str(span.attributes)]

    seen = await eventually(spans, lambda seen: len(seen) >= 3, seconds=30)
    told = [str(span) for span in seen]
    logs = [log.read_text("utf-8") for log in demo.stack.home.rglob("*.log")]
    assert any("/api/search" in log for log in logs)
    ports = State(demo.stack.home).read("stack")["ports"]
    async with httpx.AsyncClient() as http:
        addresses = [f"http://127.0.0.1:{ports[port]}/metrics" for port in METRICS.values()]
        told += [(await http.get(address)).text for address in addresses]
    assert not any(name.lower() in text.lower() for text in (*told, *logs))
