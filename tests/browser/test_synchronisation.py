"""Data Management › MIS Synchronisation: progress as it comes, what a sync changed, a held one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from uuid import uuid4

import pytest
from playwright.async_api import Page, expect

from services.mis_sync.connectors.credentials import load_credentials
from services.mis_sync.connectors.findings import Remark, Remarked
from tests.api import signed_in
from tests.browser.pages import enter
from tests.browser.pictures import look_at
from tests.demo import Demo
from tests.exports import ACADEMIC_YEAR
from tests.mis_sync.mis import Mis, push
from tests.stack import ADMIN_PASSWORD, School, runs_at_rest

PATH = "/data-management/mis-synchronisation"
NUMBERS = count(1)
MISTYPED = Remarked(Remark.BIRTH_DATE_NOT_USED, 1, ("pupils.csv line 3",))
EARLIER = datetime.now(UTC) - timedelta(hours=1)


@dataclass(frozen=True)
class Kestrel:
    demo: Demo
    school: School
    mis: Mis

    async def push(self, minutes: int) -> None:
        credentials = load_credentials(self.school.credentials)
        snapshot = self.mis.snapshot(EARLIER + timedelta(minutes=minutes))
        await push(credentials, replace(snapshot, remarks=(MISTYPED,)))

    async def enter(self, page: Page, path: str) -> None:
        await enter(page, f"{self.demo.url}{path}", self.school.admin, ADMIN_PASSWORD)


@pytest.fixture
async def kestrel(demo: Demo) -> Kestrel:
    """A school whose MIS is linked and has sent nothing yet."""
    office = f"office{next(NUMBERS)}@kestrel.example"
    school = await demo.stack.add_school("Kestrel Rise Primary", "LE2 2AR", office)
    mis = Mis(academic_year=ACADEMIC_YEAR)
    mis.group("G", "3 Blue", "3")
    for serial in range(10):
        mis.pupil(f"P{serial}", "G", year_group="3")
    return Kestrel(demo, school, mis)


async def test_a_sync_is_followed_looked_through_and_held(
    kestrel: Kestrel, resized_page: Page
) -> None:
    """R18, R23. The page is never loaded anew: what comes is told to it."""
    page = resized_page
    await kestrel.enter(page, PATH)
    state = page.get_by_role("region", name="The link to your MIS")
    await expect(state).to_contain_text("Waiting for your MIS")
    await kestrel.push(0)
    await expect(state).to_contain_text("Working", timeout=30_000)
    runs = page.get_by_role("table", name="The last syncs")
    await expect(runs).to_contain_text("10 pupils added")
    await runs.get_by_role("link").first.click()
    changes = page.get_by_role("table", name="What the sync changed")
    await expect(changes.get_by_role("row")).to_have_count(11)
    mend = page.get_by_role("region", name="To mend in your MIS")
    await expect(mend.get_by_role("listitem")).to_contain_text("pupils.csv line 3")
    await look_at(page, "sync-changes")
    await page.get_by_label("Search by name or group").fill("PatelP3")
    await expect(page.get_by_text("1 change", exact=True)).to_be_visible()

    for mis_id in ("P1", "P4", "P7"):
        del kestrel.mis.pupils[mis_id]
        kestrel.mis.memberships.discard((mis_id, "G"))
    await page.get_by_role("main").get_by_role("link", name="MIS Synchronisation").click()
    await kestrel.push(1)
    await expect(state).to_contain_text("Held", timeout=30_000)
    await look_at(page, "sync-held-link")
    await state.get_by_role("link", name="Look at what is held").click()
    gone = page.get_by_role("region", name="Who would be gone")
    await expect(gone.get_by_role("row")).to_have_count(4)
    await look_at(page, "sync-held")
    await page.get_by_role("button", name="It is right: let it go on").click()
    await look_at(page, "sync-release")
    await page.get_by_role("button", name="Let it go on", exact=True).click()
    went = page.get_by_role("region", name="How it went")
    await expect(went).to_contain_text("Done", timeout=30_000)
    await expect(page.get_by_text("It changed nothing")).to_be_visible()
    await look_at(page, "sync-released")


async def test_parents_who_would_lose_their_children_are_named(
    kestrel: Kestrel, page: Page
) -> None:
    """R18, R20. And of a connector that only sends it is not said that it is asked."""
    async with signed_in(kestrel.demo.url, kestrel.school.admin, ADMIN_PASSWORD) as api:
        body = {"hour": None, "parents": True, "expected_version": 0}
        await api.ask("PUT", "/api/settings/sync", json=body)
        for serial in range(8):
            email = f"{uuid4().hex}@kestrel.example"
            kestrel.mis.contact(f"C{serial}", f"P{serial}", email=email)
        await kestrel.push(0)
        await runs_at_rest(api, 1)
        kestrel.mis.relationships = dict(list(kestrel.mis.relationships.items())[:1])
        await kestrel.push(1)
        await runs_at_rest(api, 2)
    await kestrel.enter(page, PATH)
    state = page.get_by_role("region", name="The link to your MIS")
    await expect(state).to_contain_text("It sends by itself and can’t be asked")
    await expect(state).not_to_contain_text("Asked every night")
    await state.get_by_role("link", name="Look at what is held").click()
    await expect(page.get_by_role("region", name="Is that right?")).to_contain_text(
        "7 of 8 parents that came from your MIS would no longer be linked to a child of theirs."
    )
    gone = page.get_by_role("region", name="Who would be gone")
    await expect(gone.get_by_role("row")).to_have_count(8)
    await expect(gone).to_contain_text("Maya PatelP7")
    await look_at(page, "sync-held-parents")
    await page.get_by_role("button", name="It is right: let it go on").click()
    dialog = page.get_by_role("dialog", name="Let this sync go on?")
    await expect(dialog).to_contain_text("Parents keep their account")
    await dialog.get_by_role("button", name="Let it go on", exact=True).click()
    went = page.get_by_role("region", name="How it went")
    await expect(went).to_contain_text("Done", timeout=30_000)


async def test_data_that_has_stopped_coming_is_said_to_have(kestrel: Kestrel, page: Page) -> None:
    """R16, R23. A connector was ended half-way; when it sends anew, the half is passed over."""
    await kestrel.push(0)
    async with signed_in(kestrel.demo.url, kestrel.school.admin, ADMIN_PASSWORD) as api:
        await runs_at_rest(api, 1)
    credentials = load_credentials(kestrel.school.credentials)
    half = kestrel.mis.snapshot(EARLIER + timedelta(minutes=1))
    snapshot_id = await push(credentials, half, arranged=lambda messages: messages[:2])
    await kestrel.enter(page, PATH)
    runs = page.get_by_role("table", name="The last syncs")
    await expect(runs).to_contain_text("Received 1 part so far")
    mis_sync = await kestrel.demo.stack.database("mis_sync")
    try:
        await mis_sync.execute(
            "UPDATE snapshots SET last_heard_at = last_heard_at - interval '12 minutes' "
            "WHERE id = $1",
            snapshot_id,
        )
    finally:
        await mis_sync.close()
    state = page.get_by_role("region", name="The link to your MIS")
    await expect(state).to_contain_text("Nothing has arrived for 12 minutes", timeout=30_000)
    await expect(state).not_to_contain_text("A sync is running")
    await expect(runs).to_contain_text("Standing still")
    await look_at(page, "sync-stands-still")
    await kestrel.push(2)
    await expect(runs).to_contain_text("Newer data came before all of it had", timeout=30_000)
    await expect(state).not_to_contain_text("Nothing has arrived")


async def test_a_held_one_is_on_the_home_page_and_can_be_put_aside(
    kestrel: Kestrel, page: Page
) -> None:
    await kestrel.push(0)
    async with signed_in(kestrel.demo.url, kestrel.school.admin, ADMIN_PASSWORD) as api:
        await runs_at_rest(api, 1)
        kestrel.mis.pupils = dict(list(kestrel.mis.pupils.items())[:4])
        kestrel.mis.memberships = {(mis_id, "G") for mis_id in kestrel.mis.pupils}
        await kestrel.push(1)
        await runs_at_rest(api, 2)
    await kestrel.enter(page, "/")
    await page.get_by_role("dialog").get_by_role("button", name="Later").click()
    link = page.get_by_role("region", name="MIS link")
    await expect(link).to_contain_text("Held")
    await look_at(page, "home-held")
    await link.get_by_role("link", name="MIS Synchronisation").click()
    await page.get_by_role("link", name="Look at what is held").click()
    await page.get_by_role("button", name="Put it aside").click()
    went = page.get_by_role("region", name="How it went")
    await expect(went).to_contain_text("put it aside; it changed nothing")
