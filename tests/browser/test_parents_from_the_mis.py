"""Parents who come from the MIS, through every service: made, linked, invited (R13, R20, R29)."""

from __future__ import annotations

from uuid import uuid4

from playwright.async_api import Page, expect

from services.mis_sync.connectors.credentials import Credentials
from tests.api import signed_in
from tests.browser.pages import enter
from tests.browser.pictures import look_at
from tests.demo import Demo
from tests.mis_sync.mis import Mis, push
from tests.stack import ADMIN_PASSWORD, School, runs_at_rest


def a_family(domain: str) -> Mis:
    """Brother and sister with one mother, an aunt, and a father without an address."""
    mis = Mis(academic_year=None)
    mis.pupil("P1", legal_forename="Ada", legal_surname="Larch")
    mis.pupil("P2", legal_forename="Ben", legal_surname="Larch")
    mis.contact("C1", "P1", "P2", forename="Mia", surname="Larch", email=f"mia@{domain}")
    mis.contact("C2", "P1", relationship="relative", surname="Birch", email=f"aunt@{domain}")
    mis.contact(
        "C3", "P1", "P2", relationship="father", forename="Tom", surname="Larch", email=None
    )
    return mis


async def sync(demo: Demo, school: School, mis: Mis, runs: int) -> None:
    credentials = Credentials.model_validate_json(school.credentials.read_text())
    await push(credentials, mis.snapshot())
    async with signed_in(demo.url, school.admin, ADMIN_PASSWORD) as api:
        await runs_at_rest(api, runs)


async def test_parents_come_when_the_school_says_so_and_are_invited_when_it_says_so(
    demo: Demo, page: Page
) -> None:
    domain = f"{uuid4().hex[:8]}.larchwood.example"
    school = await demo.stack.add_school("Larchwood Primary", "WR1 2LW", f"office@{domain}")
    mis = a_family(domain)
    await sync(demo, school, mis, 1)
    await enter(page, f"{demo.url}/settings", school.admin, ADMIN_PASSWORD)
    switch = page.get_by_role("switch", name="Parents come from the MIS")
    await expect(switch).not_to_be_checked()
    await switch.check(force=True)
    await page.get_by_role("button", name="Save the synchronisation").click()
    await expect(page.get_by_text("The settings were saved.").first).to_be_visible()
    await look_at(page, "settings-parents-from-the-mis")

    await sync(demo, school, mis, 2)
    await page.goto(f"{demo.url}/parents")
    row = page.get_by_role("row").filter(has_text="Larch")
    await expect(row).to_have_count(1)
    await expect(row).to_contain_text("Not invited yet")
    for child in ("Ada Larch", "Ben Larch"):
        await expect(row).to_contain_text(child)
    await expect(page.get_by_text("1 parent from your MIS not invited yet")).to_be_visible()
    await look_at(page, "parents-not-invited")
    assert "/link#" not in await demo.stack.command("mail", "--to", f"mia@{domain}")

    await page.get_by_role("button", name="Invite them", exact=True).click()
    await page.get_by_role("button", name="Send the invitations").click()
    await expect(row).to_contain_text("Invited")
    await expect(page.get_by_text("from your MIS not invited yet")).to_have_count(0)

    # Unlinked by hand she stays apart from Ben, whatever the MIS says (R13).
    await row.get_by_role("link").first.click()
    async with signed_in(demo.url, school.admin, ADMIN_PASSWORD) as api:
        (parent,) = await api.everything("/api/parents")
        ben = next(c["id"] for c in parent["children"] if c["name"] == "Ben Larch")
        await api.ask("DELETE", f"/api/parents/{parent['id']}/children/{ben}")
        mis.contact("C1", forename="Mia", surname="Larch-Rowan", email=f"mia@{domain}")
        await sync(demo, school, mis, 3)
        (parent,) = await api.everything("/api/parents")
        assert parent["name"] == "Mia Larch-Rowan"
        assert [child["name"] for child in parent["children"]] == ["Ada Larch"]

    await page.goto(f"{demo.url}/data-management/not-here")
    await expect(page.get_by_role("row").filter(has_text="Anna Birch")).to_contain_text("parent")
    await expect(page.get_by_role("row").filter(has_text="Tom Larch")).to_contain_text("address")
    await look_at(page, "not-here-parents")
