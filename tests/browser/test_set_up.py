"""A new school is led through setting up, sees ticks appear, and writes to support (R28)."""

from __future__ import annotations

import asyncio
import re

import httpx
from playwright.async_api import FilePayload, Locator, Page, expect

from deploy.local.services_client import NewSchool
from tests.api import signed_in
from tests.browser.pages import DataManagement, choose_password, unanswered
from tests.browser.pictures import look_at
from tests.demo import Demo
from tests.eventually import eventually
from tests.shared.tables import as_csv
from tests.stack import ADMIN_PASSWORD

SUPPORT = "support@classroom.example"
TEXT = "The import is done. How do our teachers get in?"


def step(page: Page, title: str) -> Locator:
    return page.get_by_role("listitem", name=re.compile(rf"\d+\. {re.escape(title)}$"))


async def open_guide(page: Page) -> None:
    await DataManagement(page).open("Set-up guide")


async def test_a_new_school_is_led_through_and_writes_to_support(
    demo: Demo, resized_page: Page
) -> None:
    page = resized_page
    new = NewSchool("Curlew Sands Primary", "LA9 6GA", "R", "6", "office@curlew-sands.example")
    made = await asyncio.to_thread(demo.stack.set_up_school, new)
    await page.goto(made["admin"]["sign_in_link"])
    await page.get_by_role("button", name="Continue").click()
    await choose_password(page, ADMIN_PASSWORD)
    progress = page.get_by_role("region", name="Setting up your school")
    await expect(progress).to_contain_text("Next: School details")
    await look_at(page, "set-up-home")
    await progress.get_by_role("link", name="Open the set-up guide").click()
    await expect(step(page, "Link your MIS")).to_be_visible()
    await look_at(page, "set-up-new")
    await page.get_by_text("Without a link to your MIS").click()
    await expect(step(page, "Link your MIS")).to_have_count(0)

    await step(page, "School details").get_by_role("link", name="School details").click()
    details = page.get_by_role("region", name="School details")
    await details.get_by_label("Address line 1").fill("1 Shore Road")
    await details.get_by_label("Town or city").fill("Kendal")
    await details.get_by_label("Telephone").fill("01539 496 012")
    await details.get_by_label("Contact e-mail address").fill("office@curlew-sands.example")
    async with unanswered(page, "**/api/settings/details"):
        await details.get_by_role("button", name="Save the details").click()
        await details.get_by_label("Address line 2").fill("Arnside")
    await expect(page.get_by_text("The settings were saved.")).to_be_visible()
    await expect(details.get_by_label("Address line 2")).to_have_value("Arnside")
    async with unanswered(page, "**/api/settings/details"):
        await details.get_by_role("button", name="Save the details").click()
        # Whoever goes on at once is not asked about what is being saved.
        await page.get_by_role("navigation").get_by_role("link", name="Set-up guide").click()
        await expect(page.get_by_role("heading", name="School settings")).to_be_visible()
    await expect(page.get_by_role("heading", name="Set-up guide", level=1)).to_be_visible()
    await expect(step(page, "School details")).to_contain_text("Done")

    await page.get_by_text("Without a link to your MIS").click()
    await step(page, "Pupils").get_by_role("link", name="Pupil Import").click()
    await import_pupils(page)
    await open_guide(page)
    # The data show which way it goes.
    await expect(page.get_by_text("Your school has pupils and no link to an MIS")).to_be_visible()
    await expect(step(page, "Pupils")).to_contain_text("2 pupils, 1 without a UPN.")
    await expect(step(page, "Classes and sets")).to_contain_text("Done")
    await expect(step(page, "Who teaches which class")).to_contain_text("1 class has nobody")
    await expect(page.get_by_text("3 of 7 needed steps done")).to_be_visible()

    await staff_come(demo, made["admin"]["username"])
    # Coming back is enough.
    await page.get_by_role("navigation").get_by_role("link", name="Home", exact=True).click()
    await expect(progress).to_contain_text("6 of 7 needed steps done. Next: First sign-in.")
    await open_guide(page)
    await expect(step(page, "Who teaches which class")).to_contain_text("Done")
    await look_at(page, "set-up-later")

    await write_to_support(page, demo)
    await open_guide(page)
    await page.get_by_role("button", name="I know my way").click()
    again = page.get_by_role("button", name="Show it on the home page again")
    await expect(again).to_be_visible()
    await page.get_by_role("navigation").get_by_role("link", name="Home", exact=True).click()
    await expect(page.get_by_role("link", name="All pupils")).to_be_visible()
    await expect(progress).to_have_count(0)
    await open_guide(page)
    await again.click()
    await expect(page.get_by_role("button", name="I know my way")).to_be_visible()


async def import_pupils(page: Page) -> None:
    file = as_csv(
        [
            ["UPN", "Surname", "Forename", "DOB", "Year", "Class"],
            ["", "Reed", "Max", "23/11/2018", "3", "3 Owls"],
            ["H801200001001", "Price", "Siân", "14/02/2019", "3", "3 Owls"],
        ]
    )
    async with page.expect_file_chooser() as chooser:
        await page.get_by_role("button", name="Choose a file").click()
    chosen = FilePayload(name="pupils.csv", mimeType="text/csv", buffer=file)
    await (await chooser.value).set_files(chosen)
    await expect(page.get_by_role("heading", name="Which column is which?")).to_be_visible()
    await page.get_by_role("button", name="Next").click()
    await page.get_by_label("Day first").check()
    await page.get_by_label("takes the place").check()
    await page.get_by_label("Make classes that are not here yet").check()
    await page.get_by_role("button", name="Show the preview").click()
    await page.get_by_role("button", name="Import 2 pupils").click()
    await expect(page.get_by_text("2 pupils added")).to_be_visible()


async def staff_come(demo: Demo, admin: str) -> None:
    async with signed_in(demo.url, admin, ADMIN_PASSWORD) as api:
        head = {"forename": "Zoë", "surname": "Hill", "role": "slt", "leadership": "head"}
        await api.post("/api/users", {**head, "email": "head@curlew-sands.example"})
        teacher = {"forename": "Jo", "surname": "Smith", "role": "teacher"}
        user = await api.post("/api/users", teacher)
        [owls] = (await api.get("/api/groups"))["items"]

        async def linked() -> bool:
            """Roster hears of the user a moment later."""
            try:
                await api.ask("PUT", f"/api/groups/{owls['id']}/users/{user['id']}")
            except httpx.HTTPStatusError:
                return False
            return True

        await eventually(linked, bool)


async def write_to_support(page: Page, demo: Demo) -> None:
    await DataManagement(page).open("Contact us")
    await page.get_by_role("button", name="Send the message").click()
    await expect(page.get_by_text("Choose what it is about")).to_be_visible()
    await page.get_by_role("combobox", name="What is it about?").click()
    await page.get_by_role("option", name="Users and signing in").click()
    await page.get_by_label("Your message").fill(TEXT)
    await expect(page.get_by_text("the page that you came from (/set-up)")).to_be_visible()
    await look_at(page, "contact-write")
    await page.get_by_role("button", name="Send the message").click()
    sent = page.get_by_text("Your reference number is")
    await expect(sent).to_be_visible()
    found = re.search(r"CM-\w{4}-\w{4}", await sent.inner_text())
    assert found
    reference = found[0]
    listed = page.get_by_role("region", name="What you have sent")
    await expect(listed).to_contain_text(reference)
    await expect(listed).to_contain_text(TEXT)
    await look_at(page, "contact-sent")

    async def mails() -> str:
        return await demo.stack.mails(SUPPORT)

    text = await eventually(mails, lambda mailed: reference in mailed)
    assert TEXT in text
    assert "Page: /set-up" in text


async def test_who_cannot_sign_in_is_told_what_to_do(demo: Demo, resized_page: Page) -> None:
    for door, advice in (
        ("/sign-in", "A colleague who can sign in can write to us"),
        ("/parents/sign-in", "ask the school office"),
    ):
        await resized_page.goto(f"{demo.url}{door}")
        await resized_page.get_by_text("Trouble signing in?").click()
        await expect(resized_page.get_by_text(advice)).to_be_visible()
        await look_at(resized_page, f"trouble{door.replace('/', '-')}")
