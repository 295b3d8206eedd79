"""Data Management › MIS Mapping, and who is not here: one at a time, in bulk, and two admins."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
from playwright.async_api import Page, expect

from tests.api import Api, signed_in
from tests.browser.pages import DataManagement, Mapping, enter, open_group, sign_in
from tests.browser.pictures import look_at
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
async def mapping(otters: Otters, resized_page: Page) -> Mapping:
    page = resized_page
    await sign_in(page, otters.demo.url, otters.school.admin, ADMIN_PASSWORD)
    await page.get_by_role("dialog").get_by_role("link", name="OK", exact=True).click()
    await expect(page.get_by_role("heading", name="MIS Mapping")).to_be_visible()
    return Mapping(page)


async def open_differences(api: Api) -> dict[str, dict[str, object]]:
    listed = await api.everything("/api/mis/differences", state="open")
    return {difference["label"]: difference for difference in listed}


async def test_consequences_are_shown_and_nothing_is_done(mapping: Mapping, api: Api) -> None:
    """R19. Found by the teacher's name, and chosen and looked through with the keyboard alone."""
    before = await open_differences(api)
    await look_at(mapping.page, "mapping-to-map")
    search = mapping.page.get_by_label("Search by name")
    await search.fill("whitfield")
    await expect(mapping.page.get_by_role("region").get_by_role("group")).not_to_have_count(0)
    await expect(mapping.difference("3 Green")).to_have_count(0)
    await expect(search).to_be_focused()
    await mapping.difference("3 Blue").get_by_role("button", name="Create").press("Enter")
    await expect(mapping.difference("3 Blue").get_by_text("New", exact=True)).to_be_visible()
    await mapping.page.get_by_role("button", name="Review and save").press("Enter")
    lines = mapping.page.get_by_role("list", name="What saving does")
    await expect(lines).to_contain_text("Creates 1 group")
    await expect(lines).to_contain_text(re.compile(r"Creates \d+ users?"))
    await expect(lines).to_contain_text(re.compile(r"Adds \d+ memberships"))
    await look_at(mapping.page, "mapping-review")
    await mapping.page.keyboard.press("Escape")
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
    await look_at(mapping.page, "mapping-ignored")
    await mapping.page.get_by_role("button", name="Un-ignore Phonics Red").click()
    await expect(mapping.page.get_by_text("Nothing is ignored")).to_be_visible()
    assert "Phonics Red" in await open_differences(api)


async def test_another_admin_was_faster(mapping: Mapping, api: Api) -> None:
    """R19: of two admins at once the second is told, undoes nothing, keeps the other choices."""
    await mapping.choose("Phonics Yellow", "Create")
    await mapping.choose("Phonics Red", "Create")
    other = (await open_differences(api))["Phonics Yellow"]
    decision = {"difference_id": other["id"], "expected_version": other["version"]}
    await api.post("/api/mis/mapping", {"decisions": [{**decision, "action": "ignore"}]})
    await mapping.page.get_by_role("button", name="Review and save").click()
    told = mapping.page.get_by_role("alert").filter(has_text="Not saved")
    await expect(told).to_contain_text("Phonics Yellow")
    await expect(told).to_contain_text("has ignored it")
    await expect(mapping.difference("Phonics Yellow")).to_have_count(0)
    kept = mapping.difference("Phonics Red").get_by_role("button", name="Create")
    await expect(kept).to_have_attribute("aria-pressed", "true")
    await look_at(mapping.page, "mapping-faster")
    await mapping.page.get_by_role("button", name="Clear").click()


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
    await look_at(mapping.page, "mapping-may-match")
    await mapping.choose("Priya Shah", "Map")
    await mapping.save()
    await expect(mapping.page.get_by_text("Nothing to map")).to_be_visible(timeout=60_000)

    async def shahs() -> list[tuple[str, int]]:
        users = await api.everything("/api/users", search="Shah")
        return [(user["email"], len(user["groups"])) for user in users]

    await eventually(shahs, lambda seen: seen == [("priya@elsewhere.example", 1)])


async def test_what_is_mapped_is_looked_through_and_taken_apart(
    otters: Otters, resized_page: Page, api: Api
) -> None:
    """R19, R20: though nothing is different; the alert comes back, and nothing here is changed."""
    page, mapping = resized_page, Mapping(resized_page)
    before = await api.everything("/api/users")
    address = f"{otters.demo.url}/data-management/mis-mapping"
    await enter(page, address, otters.school.admin, ADMIN_PASSWORD)
    await page.get_by_role("tab", name="Mapped").click()
    await page.get_by_text(re.compile(r"^Staff \(")).click()
    await page.get_by_label("Search in your MIS and here").fill("shah")
    mapped = page.get_by_role("table", name="Staff that are mapped")
    await expect(mapped.get_by_role("row")).to_have_count(2)
    await expect(mapped).to_contain_text("By hand")
    await look_at(page, "mapping-mapped")
    await page.get_by_role("button", name="Change what Priya Shah is mapped to").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_role("combobox").fill("Broadbent")
    await page.get_by_role("option", name=re.compile("Angela Broadbent")).click()
    told = dialog.get_by_text("in the MIS is mapped to Angela Broadbent already")
    await expect(told).to_be_visible()
    await expect(dialog.get_by_role("button", name="Change the mapping")).to_be_disabled()
    await look_at(page, "mapping-change")
    await dialog.get_by_role("button", name="Go back").click()
    await page.get_by_role("button", name="Unmap Priya Shah").click()
    await expect(dialog.get_by_text("Unmaps 1 record")).to_be_visible()
    await look_at(page, "mapping-unmap")
    await dialog.get_by_role("button", name="Unmap", exact=True).click()
    await expect(page.get_by_text("Priya Shah is not mapped any more")).to_be_visible()
    await page.get_by_role("tab", name="To map").click()
    await expect(mapping.difference("Priya Shah")).to_contain_text("unmapped it")
    assert await api.everything("/api/users") == before
    home = await api.get("/api/home")
    assert home["alert"]["differences"] >= 1


async def test_who_is_not_here_and_what_can_be_done(
    otters: Otters, resized_page: Page, api: Api
) -> None:
    """R20: staff without a class get a user from the list, and pupils without a UPN a reason."""
    page = resized_page
    address = f"{otters.demo.url}/data-management/not-here"
    await enter(page, address, otters.school.admin, ADMIN_PASSWORD)
    people = page.get_by_role("table", name="People in the MIS, not here")
    await expect(people).to_contain_text("No UPN in the MIS")
    await look_at(page, "not-here")
    await page.get_by_text(re.compile(r"^Staff \(")).click()
    await expect(page).to_have_url(re.compile("who=staff"))
    make = page.get_by_role("button", name="Make a user for Judith Hartley")
    await make.press("Enter")
    dialog = page.get_by_role("dialog")
    await expect(dialog.get_by_text("Creates 1 user")).to_be_visible()
    await look_at(page, "not-here-make-a-user")
    await dialog.get_by_role("button", name="Make a user").click()
    await expect(page.get_by_text("A user for Judith Hartley is being made.")).to_be_visible()
    await expect(make).to_have_count(0)

    async def hartleys() -> int:
        return len(await api.everything("/api/users", search="Hartley"))

    await eventually(hartleys, lambda count: count == 1)
    async with page.expect_download() as coming:
        await page.get_by_role("link", name="Export as CSV").click()
    assert (await coming.value).suggested_filename == "in-the-mis-not-here.csv"


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
    await look_at(page, "mapping-nothing-left")
