"""First passwords as an office hands them out: slips, who has claimed, and who waits (R2, R4)."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass
from uuid import UUID

import httpx
from playwright.async_api import Download, FilePayload, Locator, Page, expect

from tests.api import signed_in, visitor
from tests.browser.pages import choose_password, enter, sign_in
from tests.browser.pictures import look_at
from tests.demo import Demo
from tests.slips import codes_on, pages_of
from tests.stack import ADMIN_PASSWORD, School

OWN_PASSWORD = "heron under the weir bridge"
PAGE = "Claimed and unclaimed accounts"


@dataclass(frozen=True)
class Weir:
    """A school with a head and some teachers who wait; their usernames and ids by surname."""

    demo: Demo
    school: School
    usernames: dict[str, str]
    ids: dict[str, str]

    async def open_claims(self, page: Page) -> None:
        await enter(page, f"{self.demo.url}/users/claims", self.school.admin, ADMIN_PASSWORD)
        await expect(page.get_by_role("heading", name=PAGE, level=1)).to_be_visible()

    async def give_out(self, first_passwords: str) -> None:
        async with signed_in(self.demo.url, self.school.admin, ADMIN_PASSWORD) as api:
            now = (await api.get("/api/settings"))["sign_in"]
            change = {
                "expected_version": now["version"],
                "first_passwords": first_passwords,
                "two_step": now["two_step"],
            }
            await api.ask("PUT", "/api/settings/sign-in", json=change)

    async def fifteen_days_pass_for(self, surname: str) -> None:
        """Nobody can wait for them here, so the running school is told that they have."""
        database = await self.demo.stack.database("identity")
        try:
            await database.execute(
                "UPDATE accounts SET default_until = default_until - interval '15 days' "
                "WHERE account_id = $1",
                UUID(self.ids[surname]),
            )
        finally:
            await database.close()


async def a_school(demo: Demo, name: str, postcode: str, *surnames: str) -> Weir:
    domain = name.replace(" ", "").lower()
    school = await demo.stack.add_school(name, postcode, f"office@{domain}.example")
    made = {}
    async with signed_in(demo.url, school.admin, ADMIN_PASSWORD) as api:
        for surname in surnames:
            user = {"forename": "Jo", "surname": surname, "role": "teacher"}
            made[surname] = await api.post("/api/users", user)
        head = {"forename": "Ann", "surname": "Head", "role": "slt", "leadership": "head"}
        made["Head"] = await api.post("/api/users", {**head, "email": f"head@{domain}.example"})
    return Weir(
        demo,
        school,
        {surname: user["username"] for surname, user in made.items()},
        {surname: user["id"] for surname, user in made.items()},
    )


def row(page: Page, name: str) -> Locator:
    return page.get_by_role("row").filter(has=page.get_by_role("link", name=name))


async def saved(page: Page) -> bytes:
    """The PDF that the dialog's button saves."""
    async with page.expect_download() as begun:
        await page.get_by_role("dialog").get_by_role("button", name="save the PDF").click()
    download: Download = await begun.value
    assert download.suggested_filename == "slips.pdf"
    path = await download.path()
    return await asyncio.to_thread(path.read_bytes)


async def test_slips_are_printed_and_let_their_users_in_once(
    demo: Demo, page: Page, other_page: Page
) -> None:
    weir = await a_school(demo, "Heron Weir", "LA2 2HW", "Able", "Baker", "Cook")
    await weir.give_out("starting_codes")
    await weir.open_claims(page)
    await expect(row(page, "Able, Jo")).to_contain_text("Needs a slip")
    await expect(row(page, "Head, Ann")).to_contain_text("Waits with a link")
    await look_at(page, "claims-codes")

    await page.get_by_role("button", name="Print slips").click()
    dialog = page.get_by_role("dialog")
    await expect(dialog).to_contain_text("This makes 3 new starting codes")
    await look_at(page, "claims-print")
    sheet = await saved(page)
    await expect(dialog.get_by_role("status")).to_contain_text("Then delete the file")
    await look_at(page, "claims-printed")
    await dialog.get_by_role("button", name="Done").click()
    codes = codes_on(sheet)
    assert set(codes) == {weir.usernames[name] for name in ("Able", "Baker", "Cook")}
    assert f"{demo.url}/sign-in" in pages_of(sheet)[0]
    await expect(row(page, "Able, Jo")).to_contain_text("Waits with a slip")

    able = weir.usernames["Able"]
    await sign_in(other_page, demo.url, able, codes[able].lower().replace("-", " "))
    await choose_password(other_page, OWN_PASSWORD)
    await expect(other_page.get_by_role("heading", name="My groups")).to_be_visible()

    # One more for Baker, by tick: the slip from before opens nothing any more.
    await page.reload()
    await expect(row(page, "Able, Jo")).to_contain_text("Has their own password")
    await page.get_by_role("checkbox", name="Select Jo Baker").check()
    await page.get_by_role("button", name="Print slips").click()
    await expect(dialog.get_by_role("radio", name="Those selected (1)")).to_be_checked()
    await look_at(page, "claims-print-choice")
    again = codes_on(await saved(page))
    baker = weir.usernames["Baker"]
    assert list(again) == [baker]
    assert await tried(demo, baker, codes[baker]) == 401
    assert await tried(demo, baker, again[baker]) == 201

    # On Cook's own page, too.
    await page.goto(f"{demo.url}/users/{weir.ids['Cook']}")
    part = page.get_by_role("region", name="Password", exact=True)
    await expect(part).to_contain_text("Has a starting code")
    reset = part.get_by_role("button", name="Reset the password")
    await expect(reset).to_be_disabled()
    await expect(reset).to_have_accessible_description(re.compile("starting code"))
    await look_at(page, "user-with-code")
    await part.get_by_role("button", name="Print a slip").click()
    await expect(dialog).to_contain_text("that one stops working")
    assert list(codes_on(await saved(page))) == [weir.usernames["Cook"]]

    # The home page tells of Able, who says that it was not them.
    await page.goto(demo.url)
    claimed = page.get_by_role("list", name="Accounts claimed lately")
    await expect(claimed).to_contain_text("Jo Able")
    await look_at(page, "home-claims")
    await claimed.get_by_role("button", name="Jo Able says it was not them").click()
    await look_at(page, "home-not-them")
    await dialog.get_by_role("button", name="Reset the password").click()
    await expect(claimed).to_have_count(0)
    await expect(page.get_by_role("region", name="New users")).to_contain_text("1 user has nothing")
    await other_page.reload()
    await expect(other_page.get_by_role("heading", name="Sign in")).to_be_visible()


async def test_with_the_default_who_waited_too_long_is_let_in_again(
    demo: Demo, resized_page: Page
) -> None:
    page, width = resized_page, (resized_page.viewport_size or {"width": 0})["width"]
    weir = await a_school(demo, f"Heron Weir {width}", f"LA3 {width // 200}HW", "Late", "Waits")
    await weir.fifteen_days_pass_for("Late")
    await weir.open_claims(page)
    await expect(row(page, "Late, Jo")).to_contain_text("The 14 days are over")
    await expect(row(page, "Waits, Jo")).to_contain_text("Waits with the default")
    await look_at(page, "claims")
    await page.get_by_role("link", name="Show them").click()
    await expect(row(page, "Waits, Jo")).to_have_count(0)

    dialog = page.get_by_role("dialog")
    await page.get_by_role("button", name="Reset those that lapsed").click()
    await expect(dialog).to_contain_text("start anew")
    await look_at(page, "claims-reset")
    await dialog.get_by_role("button", name="Reset those that lapsed").click()
    await expect(dialog.get_by_role("status")).to_contain_text("1 account reset")
    await dialog.get_by_role("button", name="Close", exact=True).last.click()
    await expect(page.get_by_text("No users found")).to_be_visible()

    await page.get_by_role("button", name="Send links again").click()
    await expect(dialog).to_contain_text("Send 1 link again?")
    await dialog.get_by_role("button", name="Send links again").click()
    await expect(dialog.get_by_role("status")).to_contain_text("1 new link sent")
    await dialog.get_by_role("button", name="Close", exact=True).last.click()

    await page.get_by_role("button", name="Print slips").click()
    await expect(dialog).to_contain_text("default password is not on it")
    sheet = "\n".join(pages_of(await saved(page)))
    assert weir.usernames["Late"] in sheet
    assert weir.school.default_password not in sheet
    await dialog.get_by_role("button", name="Done").click()


async def test_with_codes_nothing_leads_to_the_default(demo: Demo, page: Page) -> None:
    """R2, R10: user management and an import lead on to slips."""
    weir = await a_school(demo, "Heron Mere", "LA2 7HR", "Able")
    await weir.give_out("starting_codes")
    await enter(page, f"{demo.url}/users", weir.school.admin, ADMIN_PASSWORD)
    await page.get_by_role("combobox", name="Password").click()
    await page.get_by_role("option", name="Waiting for first password").click()
    await expect(page.get_by_text("1 user", exact=True)).to_be_visible()
    await page.get_by_role("button", name="More", exact=True).click()
    await expect(page.get_by_role("menuitem", name="Export as CSV")).to_be_visible()
    await expect(page.get_by_role("menuitem", name="Default password")).to_have_count(0)
    await look_at(page, "users-codes")
    await page.keyboard.press("Escape")
    await page.get_by_role("button", name="New user").click()
    await expect(page.get_by_role("dialog")).to_contain_text("signs in with it and a starting code")

    await page.goto(f"{demo.url}/users/import")
    file = FilePayload(name="staff.csv", mimeType="", buffer=b"Forename,Surname\nBo,Baker\n")
    await page.locator("input[type=file]").set_input_files(file)
    await page.get_by_role("button", name="Show the preview").click()
    await page.get_by_role("button", name="Import 1 user").click()
    await expect(page.get_by_text("Print a slip for each new user")).to_be_visible()
    await look_at(page, "import-done-codes")
    await page.get_by_role("link", name="Print their slips").click()
    await expect(row(page, "Baker, Bo")).to_contain_text("Needs a slip")


async def test_the_admin_is_told_that_the_default_is_paused(demo: Demo, page: Page) -> None:
    """R2: until when, and what to do; the home page tells it, and the default's own dialog."""
    weir = await a_school(demo, "Heron Spray", "LA4 4HW", "Able", "Baker", "Cook", "Dale", "Else")
    await sign_in(page, demo.url, weir.school.admin, ADMIN_PASSWORD)
    await expect(page.get_by_role("heading", name="Heron Spray", level=1)).to_be_visible()
    await expect(page.get_by_text("is paused")).to_have_count(0)
    for surname in ("Able", "Baker", "Cook", "Dale", "Else"):
        for _ in range(4):
            assert await tried(demo, weir.usernames[surname], "a guess") == 401
    assert await tried(demo, weir.usernames["Able"], weir.school.default_password) == 401
    await page.reload()
    alert = page.get_by_role("alert").filter(has_text="The default password is paused")
    await expect(alert).to_contain_text(re.compile(r"It works again: .+ at \d\d:\d\d"))
    await look_at(page, "home-paused")
    await page.goto(f"{demo.url}/users")
    await page.get_by_role("button", name="More", exact=True).click()
    await page.get_by_role("menuitem", name="Default password").click()
    await expect(page.get_by_role("dialog").get_by_role("alert")).to_contain_text("is paused")
    await look_at(page, "default-paused")


async def tried(demo: Demo, username: str, password: str) -> int:
    """The status of the answer."""
    async with visitor(demo.url) as api:
        try:
            await api.sign_in(username, password)
        except httpx.HTTPStatusError as refused:
            return refused.response.status_code
        return 201
