"""Data Management › MIS Mapping in a school of its own: one at a time, in bulk, and two admins."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
from playwright.async_api import Page, expect

from tests.api import Api, signed_in
from tests.browser.axe import assert_accessible
from tests.browser.pages import DataManagement, Mapping, open_group, sign_in
from tests.demo import Demo
from tests.eventually import eventually
from tests.exports import export_for
from tests.stack import ADMIN_PASSWORD, School, runs_at_rest


@dataclass(frozen=True)
class Otters:
    """A school whose MIS was read and not mapped, with a user and a group made by hand."""

    demo: Demo
    school: School


@pytest.fixture(scope="module")
async def otters(demo: Demo, tmp_path_factory: pytest.TempPathFactory) -> Otters:
    export = export_for(tmp_path_factory.mktemp("otters"), "otters.example")
    school = await demo.stack.add_school("Otter Lane Primary", "DE1 1AA", "office@otters.example")
    async with signed_in(demo.url, school.admin, ADMIN_PASSWORD) as api:
        await api.post("/api/groups", {"name": "Top maths set", "kind": "set", "year_group": "6"})
        priya = {"forename": "Priya", "surname": "Shah", "email": "priya@elsewhere.example"}
        await api.post("/api/users", {**priya, "role": "teacher"})
        await demo.stack.push(school, export)
        await runs_at_rest(api, 1)
    return Otters(demo, school)


@pytest.fixture
async def api(otters: Otters) -> AsyncIterator[Api]:
    async with signed_in(otters.demo.url, otters.school.admin, ADMIN_PASSWORD) as visitor:
        yield visitor


@pytest.fixture
async def mapping(otters: Otters, page: Page) -> Mapping:
    await sign_in(page, otters.demo.url, otters.school.admin, ADMIN_PASSWORD)
    await page.get_by_role("dialog").get_by_role("link", name="OK", exact=True).click()
    await expect(page.get_by_role("heading", name="MIS Mapping")).to_be_visible()
    return Mapping(page)


async def open_differences(api: Api) -> dict[str, dict[str, object]]:
    listed = await api.everything("/api/mis/differences", state="open")
    return {difference["label"]: difference for difference in listed}


async def test_consequences_are_shown_and_nothing_is_done(mapping: Mapping, api: Api) -> None:
    before = await open_differences(api)
    await mapping.choose("3 Blue", "Create")
    lines = await mapping.review()
    await expect(lines).to_contain_text("Creates 1 group")
    await expect(lines).to_contain_text(re.compile(r"Creates \d+ users?"))
    await mapping.page.get_by_role("button", name="Go back").click()
    await mapping.page.get_by_role("button", name="Clear").click()
    await expect(
        mapping.page.get_by_text(re.compile(r"^0 of \d+ differences decided"))
    ).to_be_visible()
    assert await open_differences(api) == before


async def test_ignored_and_taken_back(mapping: Mapping, api: Api) -> None:
    """R19: ignored differences raise no alert, and can be un-ignored."""
    await mapping.choose("Phonics Red", "Ignore")
    await mapping.save()
    await expect(mapping.difference("Phonics Red")).to_have_count(0)
    assert "Phonics Red" not in await open_differences(api)
    await mapping.page.get_by_role("tab", name="Ignored").click()
    await expect(mapping.page.get_by_role("heading", name="Phonics Red")).to_be_visible()
    await assert_accessible(mapping.page)
    await mapping.page.get_by_role("button", name="Un-ignore Phonics Red").click()
    await expect(mapping.page.get_by_text("Nothing is ignored")).to_be_visible()
    assert "Phonics Red" in await open_differences(api)


async def test_another_admin_was_faster(mapping: Mapping, api: Api) -> None:
    """R19: of two admins at once the second is told, and undoes nothing."""
    await mapping.choose("Phonics Yellow", "Create")
    other = (await open_differences(api))["Phonics Yellow"]
    decision = {"difference_id": other["id"], "expected_version": other["version"]}
    await api.post("/api/mis/mapping", {"decisions": [{**decision, "action": "ignore"}]})
    await mapping.page.get_by_role("button", name="Review and save").click()
    await mapping.page.get_by_role("button", name="Save the mapping").click()
    told = mapping.page.get_by_role("alert").filter(has_text="could not be saved")
    await expect(told).to_contain_text("Phonics Yellow")
    await expect(told).to_contain_text("changed this in the meantime")
    await expect(mapping.difference("Phonics Yellow")).to_have_count(0)
    await assert_accessible(mapping.page)


async def test_a_class_of_the_mis_is_a_group_of_ours(
    otters: Otters, mapping: Mapping, api: Api
) -> None:
    await mapping.map_to("Year 6 Maths A", "Top maths set")
    await mapping.save()
    await runs_at_rest(api, 2)
    await expect(mapping.difference("Year 6 Maths A")).to_have_count(0)
    await open_group(mapping.page, otters.demo.url, "Top maths set")
    pupils = mapping.page.get_by_role("table", name="Pupils of Top maths set")
    await expect(pupils.get_by_role("row").nth(1)).to_be_visible()


async def test_a_may_match_is_for_a_person_to_decide(
    otters: Otters, mapping: Mapping, api: Api
) -> None:
    """R17, R18, R20: her class is mapped, but the user of her name stays as she is until told."""
    await mapping.choose_for_all("Classes and groups", "Create")
    await mapping.save()
    priya = mapping.difference("Priya Shah")
    await expect(priya).to_contain_text("May match", timeout=60_000)
    await expect(priya).to_contain_text("priya@elsewhere.example")
    await expect(priya).to_contain_text("pshah@otters.example")
    await assert_accessible(mapping.page)
    await mapping.choose("Priya Shah", "Map")
    await mapping.save()
    await expect(mapping.page.get_by_text("Nothing to map")).to_be_visible(timeout=60_000)

    async def shahs() -> list[tuple[str, int]]:
        users = await api.everything("/api/users", search="Shah")
        return [(user["email"], len(user["groups"])) for user in users]

    await eventually(shahs, lambda seen: seen == [("priya@elsewhere.example", 1)])


async def test_with_nothing_left_the_alert_is_gone(otters: Otters, page: Page, api: Api) -> None:
    """R19. Runs last: whatever the others have left is ignored first."""
    left = (await open_differences(api)).values()
    decisions = [
        {"difference_id": one["id"], "expected_version": one["version"], "action": "ignore"}
        for one in left
    ]
    if decisions:
        await api.post("/api/mis/mapping", {"decisions": decisions})
    await sign_in(page, otters.demo.url, otters.school.admin, ADMIN_PASSWORD)
    await expect(page.get_by_role("heading", name="Otter Lane Primary")).to_be_visible()
    await expect(page.get_by_role("region", name="MIS link")).to_be_visible()
    await expect(page.get_by_text("Mapping alert")).to_have_count(0)
    await DataManagement(page).open("MIS Mapping")
    await expect(page.get_by_text("Nothing to map")).to_be_visible()
    await DataManagement(page).open("MIS Synchronisation")
    runs = page.get_by_role("table", name="The last syncs")
    await expect(runs.get_by_role("row").filter(has_text="A saved mapping")).not_to_have_count(0)
    await assert_accessible(page)
