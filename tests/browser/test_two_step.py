"""Two-step sign-in as people meet it: set up, used, and asked for by the school (R1, R29)."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass

import pyotp
import pytest
from playwright.async_api import Page, expect

from tests.api import signed_in
from tests.browser.axe import assert_accessible
from tests.browser.pages import choose_password, enter, sign_in, sign_out
from tests.browser.pictures import look_at
from tests.demo import Demo
from tests.stack import ADMIN_PASSWORD, School

OWN_PASSWORD = "kestrel over the long barrow"


@dataclass(frozen=True)
class Kites:
    """A school that lets each of its people decide, with an admin and two users."""

    demo: Demo
    school: School
    teacher: str
    leader: str


@pytest.fixture(scope="module")
async def kites(demo: Demo) -> Kites:
    school = await demo.stack.add_school("Kite Hill Primary", "EX3 3HH", "hi@kitehill.example")
    async with signed_in(demo.url, school.admin, ADMIN_PASSWORD) as api:
        usernames = {}
        for role, surname in (("teacher", "Dale"), ("slt", "Fell")):
            user = {"forename": "Jo", "surname": surname, "role": role}
            usernames[role] = (await api.post("/api/users", user))["username"]
    return Kites(demo, school, usernames["teacher"], usernames["slt"])


@dataclass
class App:
    """An authenticator app that was told the key on the page."""

    key: str
    ahead: int = 0

    def code(self) -> str:
        """One that was not shown before: each next one is half a minute ahead."""
        self.ahead += 1
        return pyotp.TOTP(self.key).at(int(time.time()) + 30 * (self.ahead - 1))


async def read_key(page: Page) -> App:
    return App((await page.get_by_test_id("authenticator-key").inner_text()).replace(" ", ""))


async def give(page: Page, code: str, button: str) -> None:
    await page.get_by_label("Code", exact=True).fill(code)
    await page.get_by_role("button", name=button, exact=True).click()


async def keep_recovery_codes(page: Page) -> list[str]:
    shown = page.get_by_role("region", name="Your recovery codes").get_by_role("listitem")
    await expect(shown).to_have_count(10)
    codes = await shown.all_inner_texts()
    await page.keyboard.press("Escape")  # they are shown this once, and not to be lost by a slip
    await page.get_by_label("I have kept the recovery codes").check()
    await page.get_by_role("button", name="Go on").click()
    return codes


async def test_the_admin_sets_it_up_and_signs_in_with_it(kites: Kites, resized_page: Page) -> None:
    """R1: the account is shared, so each authenticator is named, and so is what is done with it."""
    page, url = resized_page, kites.demo.url
    school = await kites.demo.stack.add_school(
        "Kite Dale Primary",
        "EX4 4HH" if (page.viewport_size or {"width": 0})["width"] > 500 else "EX5 5HH",
        f"hi-{(page.viewport_size or {'width': 0})['width']}@kitedale.example",
    )
    await enter(page, f"{url}/account", school.admin, ADMIN_PASSWORD)
    await page.get_by_role("link", name="Authenticators and recovery codes").click()
    await expect(page.get_by_text("No authenticator yet")).to_be_visible()
    await look_at(page, "two-step-off")
    await page.get_by_role("button", name="Set up two-step sign-in").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_role("button", name="Next").click()
    await expect(dialog.get_by_text("Give it a name")).to_be_visible()
    await look_at(page, "two-step-add")
    await dialog.get_by_label("Name of the new authenticator").fill("Mrs Smith’s phone")
    await dialog.get_by_label("Your password").fill(ADMIN_PASSWORD)
    await dialog.get_by_role("button", name="Next").click()
    await expect(dialog.get_by_role("img", name=re.compile("QR code"))).to_be_visible()
    await look_at(page, "two-step-key")
    app = await read_key(page)
    await give(page, app.code(), "Confirm")
    await expect(dialog.get_by_text("Keep these recovery codes now")).to_be_visible()
    await look_at(page, "two-step-codes")
    codes = await keep_recovery_codes(page)
    await expect(page.get_by_role("dialog")).to_have_count(0)
    await expect(page.get_by_role("table")).to_contain_text("Mrs Smith’s phone")
    await expect(page.get_by_text("10 codes left.")).to_be_visible()
    await look_at(page, "two-step-on")

    await sign_out(page)
    await sign_in(page, url, school.admin, ADMIN_PASSWORD)
    await expect(page.get_by_role("heading", name="Two-step sign-in")).to_be_visible()
    await give(page, "000000", "Sign in")
    await expect(page.get_by_role("alert")).to_contain_text("This code cannot be used")
    await look_at(page, "two-step-sign-in")
    await give(page, app.code(), "Sign in")
    await expect(page.get_by_role("heading", name="Kite Dale Primary")).to_be_visible()
    await page.goto(f"{url}/activity")
    await expect(page.get_by_role("table")).to_contain_text("Administrator: authenticator added")

    await sign_out(page)
    await page.goto(f"{url}/users?role=slt")
    await page.get_by_label("Username or e-mail address").fill(school.admin)
    await page.get_by_label("Password", exact=True).fill(ADMIN_PASSWORD)
    await page.get_by_role("button", name="Sign in").click()
    await page.get_by_role("button", name="Use a recovery code instead").click()
    await page.get_by_role("textbox", name="Recovery code").fill(codes[0].upper())
    await look_at(page, "two-step-recovery")
    await page.get_by_role("button", name="Sign in").click()
    await expect(page).to_have_url(re.compile(r"/users\?role=slt$"))
    await page.goto(f"{url}/account/two-step")
    await expect(page.get_by_text("9 codes left.")).to_be_visible()

    # The session ends while something is typed: both steps again, over the page.
    await page.goto(f"{url}/users")
    await page.get_by_role("button", name="New user").click()
    form = page.get_by_role("dialog", name="New user")
    await form.get_by_label("First name").fill("Ottoline")
    await page.keyboard.press("Escape")
    question = page.get_by_role("dialog", name="Close without saving?")
    await question.get_by_role("button", name="Go on with it").click()
    await form.get_by_label("Surname").fill("Late")
    await page.context.clear_cookies()
    await form.get_by_role("button", name="Add the user").click()
    again = page.get_by_role("dialog", name="Sign in again")
    await again.get_by_label("Password", exact=True).fill(ADMIN_PASSWORD)
    await page.keyboard.press("Enter")
    await expect(again.get_by_label("Code", exact=True)).to_be_focused()
    await page.keyboard.type("000000")
    await page.keyboard.press("Enter")
    await expect(again.get_by_role("alert", name="This code cannot be used")).to_be_visible()
    await look_at(page, "two-step-sign-in-again")
    await again.get_by_role("button", name="Use a recovery code instead").click()
    await again.get_by_role("textbox", name="Recovery code").fill(codes[1])
    await page.keyboard.press("Enter")
    await expect(again).to_be_hidden()
    await expect(form.get_by_label("First name")).to_have_value("Ottoline")

    # When everything is lost, whoever runs the system takes it away.
    told = await kites.demo.stack.command("school", "reset-two-step", "--school", school.id)
    assert school.admin in told
    await sign_in(page, url, school.admin, ADMIN_PASSWORD)
    await expect(page.get_by_role("heading", name="Kite Dale Primary")).to_be_visible()


async def test_renaming_and_removing(kites: Kites, page: Page) -> None:
    await sign_in(page, kites.demo.url, kites.teacher, kites.school.default_password)
    await choose_password(page, OWN_PASSWORD)
    await expect(page.get_by_role("heading", name="My groups", level=1)).to_be_visible()
    await page.goto(f"{kites.demo.url}/account/two-step")
    await page.get_by_role("button", name="Set up two-step sign-in").click()
    await page.get_by_label("Name of the new authenticator").fill("My phone")
    await page.get_by_label("Your password").fill(OWN_PASSWORD)
    await page.get_by_role("button", name="Next").click()
    app = await read_key(page)
    await give(page, app.code(), "Confirm")
    codes = await keep_recovery_codes(page)
    await page.get_by_role("button", name="Rename My phone").click()
    await page.get_by_label("Name", exact=True).fill("My tablet")
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_role("table")).to_contain_text("My tablet")
    await page.get_by_role("button", name="Make new recovery codes").click()
    await page.get_by_role("dialog").get_by_label("Your password").fill(OWN_PASSWORD)
    await page.get_by_role("button", name="Use a recovery code instead").click()
    await page.get_by_role("textbox", name="Recovery code").fill(codes[0])
    await page.get_by_role("button", name="Make new codes").click()
    fresh = await keep_recovery_codes(page)
    assert not set(codes) & set(fresh)
    await page.get_by_role("button", name="Remove My tablet").click()
    await page.get_by_role("dialog").get_by_label("Your password").fill(OWN_PASSWORD)
    await look_at(page, "two-step-remove")
    await give(page, app.code(), "Remove")
    await expect(page.get_by_text("No authenticator yet")).to_be_visible()


async def test_where_the_school_asks_for_it_it_is_set_up_first(
    kites: Kites, page: Page, other_page: Page
) -> None:
    """R29; and the admin resets it for who has lost everything."""
    url = kites.demo.url
    async with signed_in(url, kites.school.admin, ADMIN_PASSWORD) as api:
        settings = (await api.get("/api/settings"))["sign_in"]
        change = {
            "expected_version": settings["version"],
            "first_passwords": settings["first_passwords"],
            "two_step": "admin_and_slt",
        }
        await api.ask("PUT", "/api/settings/sign-in", json=change)
    await sign_in(page, url, kites.leader, kites.school.default_password)
    await choose_password(page, OWN_PASSWORD)
    await expect(page.get_by_role("heading", name="Set up two-step sign-in")).to_be_visible()
    await look_at(page, "two-step-set-up")
    await page.goto(f"{url}/pupils")
    await expect(page.get_by_role("heading", name="Set up two-step sign-in")).to_be_visible()
    await page.get_by_role("button", name="Next").click()
    app = await read_key(page)
    await look_at(page, "two-step-set-up-key")
    await give(page, app.code(), "Confirm")
    await look_at(page, "two-step-set-up-codes")
    await keep_recovery_codes(page)
    await expect(page).to_have_url(f"{url}/pupils")

    await sign_in(other_page, url, kites.school.admin, ADMIN_PASSWORD)
    await other_page.get_by_label("Name of this authenticator").fill("Office iPad")
    await other_page.get_by_role("button", name="Next").click()
    office = await read_key(other_page)
    await give(other_page, office.code(), "Confirm")
    await keep_recovery_codes(other_page)
    await expect(other_page.get_by_role("heading", name="Kite Hill Primary")).to_be_visible()
    await other_page.goto(f"{url}/users?search=fell")
    await other_page.get_by_role("table").get_by_role("link").first.click()
    part = other_page.get_by_role("region", name="Two-step sign-in")
    await expect(part).to_contain_text(re.compile("On. First set up: (Today|Yesterday)"))
    await look_at(other_page, "two-step-of-a-user")
    await part.get_by_role("button", name="Reset two-step sign-in").click()
    dialog = other_page.get_by_role("dialog")
    await assert_accessible(other_page)
    await dialog.get_by_role("button", name="Reset two-step sign-in").click()
    await expect(part).to_contain_text("Off.")
    await page.reload()
    await expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    await other_page.goto(f"{url}/activity")
    row = other_page.get_by_role("row").filter(has_text="two-step sign-in reset")
    await expect(row).to_contain_text("Administrator (Office iPad)")
    await look_at(other_page, "two-step-in-the-log")
