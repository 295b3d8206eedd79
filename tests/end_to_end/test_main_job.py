"""The main job in a browser: link, sync, mapping alert, mapping, users, a teacher's own class."""

from __future__ import annotations

import csv
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, Page, expect

from services.mis_sync.connectors.demo_school.expectations import demo_expectations
from shared.database.provision import SERVICES
from tests.api import Api, signed_in
from tests.browser.chromium import opened_page
from tests.browser.pages import choose_password, sign_in
from tests.browser.pictures import DESK
from tests.demo import Demo
from tests.end_to_end.following import is_followed_to_the_last_consumer
from tests.exports import ACADEMIC_YEAR_STARTS, SEED, export_for
from tests.stack import ADMIN_PASSWORD, School, runs_at_rest

OWN_PASSWORD = "seven herons by the weir"
STATE_EVENTS = (
    "identity.users.changed.v1",
    "roster.pupils.changed.v1",
    "roster.groups.changed.v1",
    "roster.links.changed.v1",
)


@dataclass(frozen=True)
class Synced:
    """A school whose first snapshot has been taken in and not been mapped yet."""

    demo: Demo
    school: School
    export: Path
    expected: Any
    names: dict[str, str]
    """Of pupils and staff, `forename surname` by their MIS id."""


@pytest.fixture(scope="module")
async def synced(demo: Demo, tmp_path_factory: pytest.TempPathFactory) -> Synced:
    folder = tmp_path_factory.mktemp("kingfisher")
    export = export_for(folder, "kingfisher.example")
    stack = demo.stack
    school = await stack.add_school("Kingfisher Primary", "LE1 3ZZ", "office@kingfisher.example")
    await stack.push(school, export)
    async with signed_in(demo.url, school.admin, ADMIN_PASSWORD) as api:
        await runs_at_rest(api, 1)
    with (export / "users.csv").open(encoding="utf-8-sig", newline="") as file:
        names = {
            row["sourcedId"]: f"{row['preferredGivenName'] or row['givenName']} "
            f"{row['preferredFamilyName'] or row['familyName']}"
            for row in csv.DictReader(file)
        }
    return Synced(demo, school, export, demo_expectations(SEED, ACADEMIC_YEAR_STARTS, 0), names)


@pytest.fixture
async def page(browser: Browser) -> AsyncIterator[Page]:
    async with opened_page(browser, DESK) as opened:
        yield opened


@pytest.fixture
async def teacher(browser: Browser) -> AsyncIterator[Page]:
    async with opened_page(browser, DESK) as opened:
        yield opened


async def map_everything(page: Page) -> str:
    """Decide every difference on the mapping page with the bulk actions, and save.

    The reference of that last click, as the gateway answers it.
    """
    await page.get_by_label("Select all").check()
    bulk = page.get_by_role("group", name=re.compile("^For the"))
    await bulk.get_by_role("button", name="Create").click()
    await page.get_by_role("button", name="Review and save").click()
    async with page.expect_response(re.compile(r"/api/mis/mapping$")) as saved:
        await page.get_by_role("button", name="Save the mapping").click()
    return (await (await saved.value).all_headers())["x-correlation-id"]


async def events_written(demo: Demo, school: School) -> int:
    """How many events of pupils, groups, users and links the school has ever had."""
    count = 0
    for service in SERVICES:
        connection = await demo.stack.database(service)
        count += await connection.fetchval(
            "SELECT count(*) FROM outbox WHERE school_id::text = $1 AND routing_key = ANY($2)",
            school.id,
            list(STATE_EVENTS),
        )
        await connection.close()
    return count


async def everything_of(api: Api) -> dict[str, list[dict[str, Any]]]:
    """All pupils, groups and users with their versions and links."""
    return {
        path: await api.everything(path) for path in ("/api/pupils", "/api/groups", "/api/users")
    }


async def test_the_main_job(synced: Synced, page: Page, teacher: Page) -> None:
    demo, school, expected = synced.demo, synced.school, synced.expected

    # The alert is there with its true count, and OK leads to the mapping page.
    await sign_in(page, demo.url, school.admin, ADMIN_PASSWORD)
    alert = page.get_by_role("dialog", name="Mapping alert")
    await expect(alert).to_contain_text(f"{expected.counts.groups} differences")
    await alert.get_by_text("OK", exact=True).click()
    await expect(page).to_have_url(f"{demo.url}/data-management/mis-mapping")
    await expect(page.get_by_role("heading", name="MIS Mapping")).to_be_visible()

    # Mapping all of it makes it go away.
    click = await map_everything(page)
    async with signed_in(demo.url, school.admin, ADMIN_PASSWORD) as api:
        await runs_at_rest(api, 2)
        await is_followed_to_the_last_consumer(demo.collector, click)
        await page.goto(demo.url)
        await expect(page.get_by_role("heading", name="Kingfisher Primary")).to_be_visible()
        await expect(page.get_by_text("Mapping alert")).to_have_count(0)

        # The teachers of the mapped classes have users with the right pupils.
        groups = {group["name"]: group for group in await api.everything("/api/groups")}
        assert set(groups) == {group.name for group in expected.groups}
        for group in expected.groups:
            shown = await api.get(f"/api/groups/{groups[group.name]['id']}")
            users = {f"{user['forename']} {user['surname']}" for user in shown["group"]["users"]}
            assert users == {synced.names[mis_id] for mis_id in group.teacher_ids}
            assert {called(pupil) for pupil in shown["pupils"]} == {
                synced.names[mis_id] for mis_id in group.pupil_ids
            }
        await a_pupil_without_upn_is_listed_and_not_here(synced, page, api)
        await a_teacher_sees_their_own_class(synced, teacher, api)
        await the_same_export_again_changes_nothing(synced, api)


def called(pupil: dict[str, Any]) -> str:
    forename = pupil["preferred_forename"] or pupil["legal_forename"]
    return f"{forename} {pupil['preferred_surname'] or pupil['legal_surname']}"


async def a_pupil_without_upn_is_listed_and_not_here(synced: Synced, page: Page, api: Api) -> None:
    """R11, R20: listed with the reason, and no pupil here."""
    name = synced.names[synced.expected.pupils_without_upn[0]]
    assert name not in {called(pupil) for pupil in await api.everything("/api/pupils")}
    await page.get_by_role("link", name="In the MIS, not here").click()
    row = page.get_by_role("row").filter(has_text=name)
    await expect(row).to_contain_text("UPN")


async def a_teacher_sees_their_own_class(synced: Synced, teacher: Page, api: Api) -> None:
    """R2, R14: the default password opens the form for one's own, and that opens one's class."""
    group = next(group for group in synced.expected.groups if len(group.teacher_ids) == 2)
    surname = synced.names[group.teacher_ids[0]].rpartition(" ")[2]
    (user,) = [user for user in await api.everything("/api/users") if user["surname"] == surname]
    await sign_in(teacher, synced.demo.url, user["username"], synced.school.default_password)
    await expect(teacher).to_have_url(f"{synced.demo.url}/first-password")
    await choose_password(teacher, OWN_PASSWORD)
    await expect(teacher.get_by_role("heading", name="My groups")).to_be_visible()
    mine = teacher.get_by_role("main").get_by_role("link")
    await expect(mine).to_have_count(1)
    await mine.click()
    await expect(teacher.get_by_role("heading", name=group.name)).to_be_visible()
    rows = teacher.get_by_role("row")
    await expect(rows).to_have_count(len(group.pupil_ids) + 1)
    async with signed_in(synced.demo.url, user["username"], OWN_PASSWORD) as own:
        seen = {called(pupil) for pupil in await own.everything("/api/pupils")}
    assert seen == {synced.names[mis_id] for mis_id in group.pupil_ids}


async def the_same_export_again_changes_nothing(synced: Synced, api: Api) -> None:
    """R16: a new snapshot with the same content changes no row and publishes no event of them."""
    before, told = await everything_of(api), await events_written(synced.demo, synced.school)
    await synced.demo.stack.push(synced.school, synced.export)
    runs = await runs_at_rest(api, 3)
    assert runs[0]["state"] == "closed"
    assert await everything_of(api) == before
    assert await events_written(synced.demo, synced.school) == told
