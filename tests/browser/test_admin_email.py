"""The admin account's address as a school changes it: head, office, and who gets the mails (R5)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from uuid import uuid4

import pytest
from playwright.async_api import Page, expect

from tests.api import Api, signed_in, visitor
from tests.browser.pages import enter, sign_in, sign_out
from tests.browser.pictures import look_at
from tests.demo import Demo
from tests.eventually import eventually
from tests.stack import ADMIN_PASSWORD, School

HEAD_PASSWORD = "curlew above the tarn 8"


@dataclass(frozen=True)
class Teal:
    """A school of the test's own, with a head who has just been flagged and signed in once."""

    demo: Demo
    school: School
    head: str

    async def newest_link(self, recipient: str, page: str, nth: int = 1) -> str:
        """From the mail to this address that is the `nth` that holds one for this page."""

        async def look() -> list[str]:
            mails = await self.demo.stack.mails(recipient)
            return re.findall(rf"https?://\S+/{page}#[\w-]+", mails)

        return (await eventually(look, lambda links: len(links) >= nth))[nth - 1]

    async def a_week_passes(self) -> None:
        """For the head: the times of their account are moved, which only the owner can."""
        database = await self.demo.stack.database("identity")
        try:
            await database.execute("SET session_replication_role = replica")
            await database.execute(
                "UPDATE accounts SET claimed_at = claimed_at - interval '7 days', "
                "leader_since = leader_since - interval '7 days' WHERE email = $1",
                self.head,
            )
        finally:
            await database.close()


@pytest.fixture
async def teal(demo: Demo) -> Teal:
    domain = f"teal-{uuid4().hex[:8]}.example"
    school = await demo.stack.add_school("Teal Lane Primary", "EX6 6TL", f"old-office@{domain}")
    made = Teal(demo, school, f"head@{domain}")
    async with signed_in(demo.url, school.admin, ADMIN_PASSWORD) as api:
        await add_head(api, made.head)
    link = await made.newest_link(made.head, "link")
    async with visitor(demo.url) as api:
        await api.open_link(link.rpartition("#")[2])
        await api.set_password(HEAD_PASSWORD)
    return made


async def add_head(api: Api, email: str) -> None:
    head = {"forename": "Ada", "surname": "Teal", "role": "slt", "leadership": "head"}
    await api.post("/api/users", {**head, "email": email})


async def open_admin_account(page: Page) -> None:
    if await page.get_by_role("button", name="Open the menu").is_visible():
        await page.get_by_role("button", name="Open the menu").click()
    await page.get_by_role("link", name="Admin account").click()
    await expect(page.get_by_role("heading", name="Admin account", level=1)).to_be_visible()


async def ask_for(page: Page, email: str, password: str = HEAD_PASSWORD) -> None:
    form = page.get_by_role("region", name="Ask for another address")
    await form.get_by_label("New e-mail address of the admin account").fill(email)
    await form.get_by_label("Your password").fill(password)
    await form.get_by_role("button", name="Ask for this address").click()


async def test_from_the_head_to_the_new_address(
    teal: Teal, resized_page: Page, other_page: Page
) -> None:
    """Asked for, seen by the admin, cancelled, asked for again, confirmed."""
    page, url = resized_page, teal.demo.url
    new = teal.head.replace("head@", "new-office@")

    await sign_in(page, url, teal.head, HEAD_PASSWORD)
    await expect(page.get_by_role("heading", name="My groups", level=1)).to_be_visible()
    await open_admin_account(page)
    await expect(page.get_by_text(teal.school.admin)).to_be_visible()
    await expect(page.get_by_text("You can ask for this from")).to_be_visible()
    await expect(page.get_by_role("button", name="Ask for this address")).to_have_count(0)
    await look_at(page, "admin-email-too-early")

    await teal.a_week_passes()
    await page.reload()
    await page.get_by_role("button", name="Ask for this address").click()
    await expect(page.get_by_text("Enter a whole e-mail address")).to_be_visible()
    await ask_for(page, teal.head, "not my password")
    await expect(page.get_by_role("alert")).to_contain_text("not your present password")
    await look_at(page, "admin-email-wrong-password")
    await ask_for(page, teal.head)
    await expect(page.get_by_role("alert").first).to_contain_text("belongs to Ada Teal")
    await ask_for(page, new)
    await expect(page.get_by_text("waiting to be confirmed")).to_be_visible()
    await look_at(page, "admin-email-asked")

    # The admin sees it on the first page and in My account, and can stop it.
    await sign_in(other_page, url, teal.school.admin, ADMIN_PASSWORD)
    await expect(other_page.get_by_text("waiting to be confirmed")).to_be_visible()
    await look_at(other_page, "admin-email-home")
    await other_page.goto(f"{url}/account")
    await expect(other_page.get_by_text("Ada Teal, head")).to_be_visible()
    await look_at(other_page, "admin-email-my-account")
    await other_page.get_by_role("button", name="Cancel the request").click()
    dialog = other_page.get_by_role("dialog")
    await look_at(other_page, "admin-email-cancel")
    await dialog.get_by_role("button", name="Cancel the request").click()
    await expect(other_page.get_by_text("waiting to be confirmed")).to_have_count(0)

    await page.reload()
    await expect(page.get_by_role("heading", name="Present e-mail address")).to_be_visible()
    await expect(page.get_by_text("waiting to be confirmed")).to_have_count(0)
    await ask_for(page, new)
    await expect(page.get_by_text("waiting to be confirmed")).to_be_visible()

    # Opening the link confirms nothing; the button does.
    confirm = await teal.newest_link(new, "confirm-address", nth=2)
    await other_page.goto(confirm)
    await expect(other_page.get_by_text("Ada Teal asked that")).to_be_visible()
    await look_at(other_page, "admin-email-confirm")
    await page.goto(confirm)
    await expect(page.get_by_text("Ada Teal asked that")).to_be_visible()
    await look_at(page, "admin-email-confirm-again")
    await page.get_by_role("button", name="Confirm this address").click()
    await expect(page.get_by_role("status")).to_contain_text("is now the e-mail address")
    await look_at(page, "admin-email-confirmed")
    await other_page.get_by_role("button", name="Confirm this address").click()
    await expect(other_page.get_by_role("alert")).to_contain_text("This link cannot be used")
    await look_at(other_page, "admin-email-spent")

    await other_page.goto(f"{url}/account")
    await expect(other_page.get_by_text(new)).to_be_visible()
    await other_page.goto(f"{url}/activity")
    log = other_page.get_by_role("table")
    await expect(log).to_contain_text("Admin account: e-mail address changed")
    await expect(log).to_contain_text("Admin account: request for another e-mail address cancelled")
    await look_at(other_page, "admin-email-log")
    await other_page.goto(f"{url}/pupils")
    await sign_out(other_page)
    await sign_in(other_page, url, new, ADMIN_PASSWORD)
    await expect(other_page.get_by_role("heading", name="Teal Lane Primary")).to_be_visible()


async def test_the_old_address_stops_it_and_a_school_without_a_head_is_told(
    teal: Teal, page: Page
) -> None:
    url = teal.demo.url
    await teal.a_week_passes()
    async with signed_in(url, teal.head, HEAD_PASSWORD) as api:
        form = {"email": f"other-{teal.head}", "current_password": HEAD_PASSWORD}
        await api.post("/api/admin-email/requests", form)
    stop = await teal.newest_link(teal.school.admin, "stop-address-change")
    await page.goto(stop)
    await expect(page.get_by_text("Ada Teal asked that")).to_be_visible()
    await look_at(page, "admin-email-stop")
    await page.get_by_role("button", name="Stop the change").click()
    await expect(page.get_by_role("status")).to_contain_text("The change was stopped")
    await look_at(page, "admin-email-stopped")
    await page.reload()
    await expect(page.get_by_role("alert")).to_contain_text("This link cannot be used")
    await page.goto(f"{url}/confirm-address")
    await expect(page.get_by_text("This link is not complete")).to_be_visible()
    await look_at(page, "admin-email-no-link")

    async with signed_in(url, teal.school.admin, ADMIN_PASSWORD) as api:
        [head] = (await api.get("/api/users"))["items"]
        await api.ask("PUT", f"/api/users/{head['id']}/active", json={"active": False})
    await enter(page, f"{url}/admin-account", teal.school.admin, ADMIN_PASSWORD)
    await expect(page.get_by_text("This page is not for your account")).to_be_visible()
    await page.goto(f"{url}/account")
    await expect(page.get_by_text("nobody in your school is marked as one yet")).to_be_visible()
    await look_at(page, "admin-email-no-head")
