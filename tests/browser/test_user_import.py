"""Users imported from a file, in a school of its own: from the file to the new users (R10)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.async_api import FilePayload, Locator, Page, expect

from tests.api import signed_in
from tests.browser.pages import enter
from tests.browser.pictures import look_at
from tests.demo import Demo
from tests.shared.tables import as_csv, as_xlsx
from tests.stack import ADMIN_PASSWORD, School


@dataclass(frozen=True)
class Wrens:
    """A school with one user."""

    demo: Demo
    school: School

    async def open_import(self, page: Page) -> None:
        await enter(page, f"{self.demo.url}/users", self.school.admin, ADMIN_PASSWORD)
        await page.get_by_role("link", name="Import users").click()
        await expect(page.get_by_role("heading", name="Import users", level=1)).to_be_visible()


@pytest.fixture(scope="module")
async def wrens(demo: Demo) -> Wrens:
    school = await demo.stack.add_school("Wren Hill Primary", "LA9 3WH", "hi@wrenhill.example")
    user = {
        "title": "Mrs",
        "forename": "Ann",
        "surname": "Bell",
        "role": "teacher",
        "email": "ann@wrenhill.example",
    }
    async with signed_in(demo.url, school.admin, ADMIN_PASSWORD) as api:
        await api.post("/api/users", user)
    return Wrens(demo, school)


async def choose(page: Page, name: str, content: bytes) -> None:
    async with page.expect_file_chooser() as chooser:
        await page.get_by_role("button", name="Choose a file").click()
    file = FilePayload(name=name, mimeType="application/octet-stream", buffer=content)
    await (await chooser.value).set_files(file)


async def use_for(page: Page, column: str, field: str) -> None:
    await page.get_by_role("combobox", name=f"{column} is used for").click()
    await page.get_by_role("option", name=field, exact=True).click()


def row_of(page: Page, person: str) -> Locator:
    return page.get_by_role("row").filter(has_text=person)


async def test_from_a_file_to_new_users(wrens: Wrens, resized_page: Page) -> None:
    """As Excel writes it where a comma is a decimal point; mended and uploaded again."""
    page, here = resized_page, (resized_page.viewport_size or {"width": 0})["width"]
    file = as_csv(
        [
            ["Title", "Rufname", "Surname", "Work email", "Job title", "Room"],
            ["Miss", "Zoë", f"Wood{here}", f"zoe{here}@wrenhill.example", "Class teacher", "3"],
            ["Mr", "Siân", f"Wood{here}", "", "SLT", "Hall; stage"],
            [f"Ms{here}", "Ann", "Bell", "ann@wrenhill.example", "", ""],
            ["Mr", "Bo", f"Reed{here}", "bo at wrenhill", "Caretaker", ""],
        ],
        delimiter=";",
        encoding="cp1252",
    )
    await wrens.open_import(page)
    await look_at(page, "import-choose")
    async with page.expect_download() as download:
        await page.get_by_role("link", name="Download a template").click()
    assert (await download.value).suggested_filename == "users-to-import.csv"

    await choose(page, "Staff autumn.csv", file)
    await expect(page.get_by_role("heading", name="Which column is which?")).to_be_visible()
    await use_for(page, "Rufname", "Not used")
    await use_for(page, "Work email", "Not used")
    await expect(page.get_by_text("Say which columns hold")).to_be_visible()
    await expect(page.get_by_role("button", name="Show the preview")).to_be_disabled()
    await look_at(page, "import-columns")
    await use_for(page, "Rufname", "First name")
    await use_for(page, "Work email", "E-mail address")
    await page.get_by_role("button", name="Show the preview").click()

    await expect(page.get_by_text("2 users will be added and 1 updated.")).to_be_visible()
    await expect(row_of(page, "Zoë Wood")).to_contain_text(f"la93wh_wood{here}")
    await expect(row_of(page, "Siân Wood")).to_contain_text(f"la93wh_wood{here}.1")
    await expect(row_of(page, "Bo Reed")).to_contain_text("Caretaker’ is no role here")
    await expect(row_of(page, "Bo Reed")).to_contain_text("Column D, Work email")
    await look_at(page, "import-preview")
    await page.get_by_text("Rejected 1").click()
    await expect(page.get_by_role("row").filter(has_text="Wood")).to_have_count(0)
    await expect(row_of(page, "Bo Reed")).to_be_visible()
    async with page.expect_download() as download:
        await page.get_by_role("link", name="Download the rows to mend").click()
    mended = (await kept(await (await download.value).path())).replace("bo at wrenhill", "")
    mended = mended.replace("Caretaker", "Teacher")

    await page.get_by_role("button", name="Import 3 users").click()
    await expect(page.get_by_text("2 users added, 1 updated")).to_be_visible()
    await look_at(page, "import-done")
    await page.get_by_role("link", name="Import another file").click()
    await choose(page, "mended.csv", mended.encode())
    # What was chosen for the first file is known for the second.
    await page.get_by_role("button", name="Show the preview").click()
    await page.get_by_role("button", name="Import 1 user").click()
    await page.get_by_role("link", name="See who has the default password").click()
    table = page.get_by_role("table", name="Users")
    await expect(table.get_by_role("link", name=f"Reed{here}, Mr Bo")).to_be_visible()
    await expect(table.get_by_role("link", name=f"Wood{here}, Miss Zoë")).to_be_visible()


async def kept(path: Path) -> str:
    return path.read_bytes().decode("utf-8-sig")  # noqa: ASYNC240


async def test_by_keyboard(wrens: Wrens, page: Page) -> None:
    await wrens.open_import(page)
    async with page.expect_file_chooser() as chooser:
        await page.get_by_role("button", name="Choose a file").press("Enter")
    content = as_xlsx([["Forename", "Surname"], ["Kay", "Board"], ["", "Nobody"]])
    file = FilePayload(name="a.xlsx", mimeType="", buffer=content)
    await (await chooser.value).set_files(file)
    await page.get_by_role("combobox", name="Surname is used for").focus()
    await page.keyboard.press("Tab")
    await expect(
        page.get_by_role("checkbox", name="Keep these details over the MIS")
    ).to_be_focused()
    await page.keyboard.press("Space")
    await page.get_by_role("button", name="Show the preview").press("Enter")
    await page.get_by_role("radio", name="All 2").focus()
    await page.keyboard.press("ArrowRight")
    await expect(page.get_by_role("radio", name="Added 1")).to_be_checked()
    await expect(row_of(page, "Kay Board")).to_be_visible()
    await expect(row_of(page, "Nobody")).to_have_count(0)
    await page.reload()
    await expect(page.get_by_role("button", name="Import 1 user")).to_be_visible()
    await page.get_by_role("button", name="Back to the columns").press("Enter")
    await expect(
        page.get_by_role("checkbox", name="Keep these details over the MIS")
    ).to_be_checked()
    await page.get_by_role("button", name="Cancel this import").press("Enter")
    await expect(page.get_by_role("button", name="Choose a file")).to_be_visible()


async def test_a_file_that_is_none_says_why(wrens: Wrens, page: Page, tmp_path: Path) -> None:
    await wrens.open_import(page)
    await choose(page, "picture.csv", b"\x89PNG\r\n\x1a\n\x00\x00")
    await expect(page.get_by_role("alert")).to_contain_text("neither an Excel workbook")
    await look_at(page, "import-refused")
    large = tmp_path / "large.csv"
    large.write_bytes(b"x" * (20 * 1024 * 1024 + 1))
    await page.locator("input[type=file]").set_input_files(large)
    await expect(page.get_by_role("alert")).to_contain_text("This file is too large")
    await choose(page, "empty.csv", b"")
    await expect(page.get_by_role("alert")).to_contain_text("The file is empty")
    await choose(page, "staff.csv", as_csv([["Forename", "Surname"], ["Jo", "Field"]]))
    await expect(page.get_by_role("button", name="Show the preview")).to_be_visible()


async def test_what_changed_meanwhile_is_looked_at_again(
    wrens: Wrens, page: Page, other_page: Page
) -> None:
    """R1: the admin account is shared."""
    file = as_csv([["Forename", "Surname", "E-mail"], ["Meg", "Twice", "meg@wrenhill.example"]])
    for one in (page, other_page):
        await wrens.open_import(one)
        await choose(one, "staff.csv", file)
        await one.get_by_role("button", name="Show the preview").click()
        await expect(one.get_by_role("button", name="Import 1 user")).to_be_visible()
    await other_page.get_by_role("button", name="Import 1 user").click()
    await expect(other_page.get_by_text("The import is done")).to_be_visible()
    await page.get_by_role("button", name="Import 1 user").click()
    await expect(page.get_by_role("alert")).to_contain_text("Nothing was imported")
    await expect(page.get_by_role("button", name="Nothing to import")).to_be_disabled()
    await expect(row_of(page, "Meg Twice")).to_contain_text("Unchanged")
    await look_at(page, "import-changed-meanwhile")
    await page.goto(f"{wrens.demo.url}/activity")
    await expect(page.get_by_text("1 user imported from staff.csv")).to_be_visible()
    await page.goto(f"{wrens.demo.url}/users/import?file=0192f3a0-0000-7000-8000-000000000000")
    await expect(page.get_by_role("alert")).to_contain_text(re.compile("uploads are kept for two"))
