"""A teacher's first sign-in, and that they see their own groups and no others (R2, R14)."""

from __future__ import annotations

from dataclasses import dataclass

import httpx
import pytest
from playwright.async_api import Page, expect

from tests.api import Api, signed_in
from tests.browser.axe import assert_accessible
from tests.browser.pages import choose_password, sign_in
from tests.browser.pictures import DESK, PHONE
from tests.demo import Demo
from tests.eventually import eventually
from tests.stack import ADMIN_PASSWORD, School

OWN_PASSWORD = "heron feather in the reeds"


@dataclass(frozen=True)
class Wrens:
    """A school made by hand: two classes of two pupils, a teacher of the first, and a deputy."""

    demo: Demo
    school: School
    usernames: dict[str, str]
    groups: dict[str, str]


@pytest.fixture(scope="module")
async def wrens(demo: Demo) -> Wrens:
    school = await demo.stack.add_school("Wren Street Primary", "YO1 1AB", "office@wrens.example")
    async with signed_in(demo.url, school.admin, ADMIN_PASSWORD) as api:
        groups = {name: await add_class(api, name) for name in ("1 Wren", "2 Robin")}
        users = {role: await add_user(api, role) for role in ("teacher", "slt")}
        link = f"/api/groups/{groups['1 Wren']}/users/{users['teacher']['id']}"
        await eventually(lambda: done(api, "PUT", link))
    return Wrens(demo, school, {role: users[role]["username"] for role in users}, groups)


async def add_class(api: Api, name: str) -> str:
    group = await api.post("/api/groups", {"name": name, "kind": "class", "year_group": name[0]})
    for forename in ("Amina", "Zoë"):
        pupil = {
            "legal_forename": forename,
            "legal_surname": f"O'{name[2:]}",
            "year_group": name[0],
        }
        added = await api.post("/api/pupils", pupil)
        await api.ask("PUT", f"/api/groups/{group['id']}/pupils/{added['id']}")
    return str(group["id"])


async def add_user(api: Api, role: str) -> dict[str, str]:
    user = {"title": "Ms", "forename": "Jo", "surname": role.capitalize(), "role": role}
    return dict(await api.post("/api/users", user))


async def done(api: Api, method: str, path: str) -> bool:
    """False while the service asked has not heard of a new record yet."""
    try:
        await api.ask(method, path)
    except httpx.HTTPStatusError:
        return False
    return True


async def first_sign_in(wrens: Wrens, page: Page, role: str) -> None:
    username = wrens.usernames[role]
    await sign_in(page, wrens.demo.url, username, wrens.school.default_password)
    await choose_password(page, OWN_PASSWORD)
    await expect(page.get_by_role("heading", name="My groups", level=1)).to_be_visible()


async def test_a_teacher_sees_their_own_groups_only(wrens: Wrens, page: Page) -> None:
    await first_sign_in(wrens, page, "teacher")
    groups = page.get_by_role("main").get_by_role("listitem")
    await expect(groups).to_have_count(1)
    for size in (PHONE, DESK):
        await page.set_viewport_size({"width": size["width"], "height": size["height"]})
        await assert_accessible(page)
    await groups.get_by_role("link", name="1 Wren").click()
    pupils = page.get_by_role("table", name="Pupils of 1 Wren")
    await expect(pupils.get_by_role("row")).to_have_count(3)
    await expect(page.get_by_role("region", name="Users")).to_contain_text("By hand")
    await assert_accessible(page)

    await page.goto(f"{wrens.demo.url}/my-groups/{wrens.groups['2 Robin']}")
    await expect(page.get_by_role("link", name="Go to the home page")).to_be_visible()
    await expect(page.get_by_text("O'Robin")).to_have_count(0)
    await assert_accessible(page)
    for address in ("/users", "/pupils", "/data-management/mis-mapping"):
        await page.goto(wrens.demo.url + address)
        await expect(page.get_by_text("This page is not for your account")).to_be_visible()


async def test_a_senior_leader_sees_the_school(wrens: Wrens, page: Page) -> None:
    await first_sign_in(wrens, page, "slt")
    await page.get_by_role("link", name="Pupils", exact=True).click()
    await expect(page.get_by_role("status").filter(has_text="4 pupils")).to_be_visible()
    await assert_accessible(page)
    await page.get_by_role("link", name="Groups", exact=True).click()
    await page.get_by_role("link", name="2 Robin").click()
    await expect(page.get_by_role("table", name="Pupils of 2 Robin")).to_be_visible()


async def test_the_default_password_has_had_its_day(wrens: Wrens, page: Page) -> None:
    """R2: it works only for accounts that wait for their first password. Runs after the first."""
    await sign_in(page, wrens.demo.url, wrens.usernames["teacher"], wrens.school.default_password)
    await expect(page.get_by_role("alert")).to_be_visible()
    await sign_in(page, wrens.demo.url, wrens.usernames["teacher"], OWN_PASSWORD)
    await expect(page.get_by_role("heading", name="My groups", level=1)).to_be_visible()
