"""Pupils imported from a file, in schools of their own: partial, mended, undone; full (R10)."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from playwright.async_api import FilePayload, Locator, Page, expect
from stdnum.gb import upn as standard

from tests.api import signed_in
from tests.browser.pages import sign_in
from tests.browser.pictures import look_at
from tests.demo import Demo
from tests.shared.tables import as_csv, as_xlsx
from tests.stack import ADMIN_PASSWORD

NewSchool = Callable[[str, str], Awaitable[str]]


def upn(number: int) -> str:
    """A number of a made-up school, with its right check letter."""
    digits = f"80120000{number:04d}"
    return standard.calc_check_digit(digits) + digits


@pytest.fixture
async def new_school(demo: Demo) -> NewSchool:
    """Makes a school with ten pupils in Year 2; the username of its admin."""

    async def make(name: str, postcode: str) -> str:
        address = f"hi@{postcode.replace(' ', '')}.example"
        school = await demo.stack.add_school(name, postcode, address)
        async with signed_in(demo.url, school.admin, ADMIN_PASSWORD) as api:
            for number, forename in enumerate(
                ("Ada", "Ben", "Cleo", "Dan", "Eve", "Finn", "Gia", "Hal", "Ivy", "Jo"), start=1
            ):
                pupil = {
                    "legal_forename": forename,
                    "legal_surname": "Marsh",
                    "upn": upn(number),
                    "date_of_birth": "2019-10-04",
                    "year_group": "2",
                }
                await api.post("/api/pupils", pupil)
        return school.admin

    return make


async def open_import(page: Page, url: str, admin: str) -> None:
    await sign_in(page, url, admin, ADMIN_PASSWORD)
    await expect(page.get_by_role("heading", level=1)).to_contain_text("Primary")
    await page.goto(f"{url}/pupils")
    await page.get_by_role("link", name="Import pupils").click()
    await expect(page.get_by_role("heading", name="Pupil Import", level=1)).to_be_visible()


async def choose(page: Page, name: str, content: bytes) -> None:
    async with page.expect_file_chooser() as chooser:
        await page.get_by_role("button", name="Choose a file").click()
    file = FilePayload(name=name, mimeType="application/octet-stream", buffer=content)
    await (await chooser.value).set_files(file)
    await expect(page.get_by_role("heading", name="Which column is which?")).to_be_visible()


async def show_preview(page: Page) -> None:
    await page.get_by_role("button", name="Show the preview").click()
    await expect(
        page.get_by_role("button", name=re.compile("^(Import|Make|Nothing)"))
    ).to_be_visible()


def row_of(page: Page, pupil: str) -> Locator:
    return page.get_by_role("row").filter(has_text=pupil)


async def downloaded(page: Page, link: str) -> Path:
    async with page.expect_download() as download:
        await page.get_by_role("link", name=link).click()
    return await (await download.value).path()


async def test_a_file_with_mistakes_is_mended_imported_and_undone(
    demo: Demo, new_school: NewSchool, any_page: Page
) -> None:
    page = any_page
    narrow = (page.viewport_size or {"width": 0})["width"] < 500
    admin = await new_school("Kestrel Rise Primary", "LA9 5PB" if narrow else "LA9 5PA")
    file = as_csv(
        [
            ["Unique Pupil Number", "Last name", "First name", "D.O.B.", "NC Year", "Reg", "S"],
            [upn(90), "O’Neill", "Zoë", "03/02/2019", "Year 3", "3 Owls", "F"],
            [upn(1), "Marsh", "Ada", "04/10/2019", "Yr 2", "3 Owls", "F"],
            [upn(91)[:-1] + "9", "Price", "Siân", "05/06/2019", "3", "3 Owls", "F"],
            [upn(92), "Reed", "Max", "2019", "3", "3 Owls", "male?"],
        ],
        encoding="cp1252",
    )  # fmt: skip
    await open_import(page, demo.url, admin)
    await look_at(page, "pupil-import-choose")
    assert (await downloaded(page, "Download a template for Excel")).exists()
    titled = as_csv([["Year 3 in the autumn"], ["Surname", "Forename"], ["Reed", "Max"]])
    await choose(page, "titled.csv", titled)
    await expect(page.get_by_text("begin with ‘Year 3 in the autumn’")).to_be_visible()
    await look_at(page, "pupil-import-title")
    await page.goto(f"{demo.url}/pupils/import")
    await choose(page, "year 3.csv", file)
    await expect(page.get_by_text("No heading of this list is known")).to_have_count(0)
    await expect(page.get_by_role("combobox", name="D.O.B. is used for")).to_have_value(
        "Date of birth"
    )
    await page.get_by_role("combobox", name="S is used for").click()
    await page.get_by_role("option", name="Sex", exact=True).click()
    await look_at(page, "pupil-import-columns")
    await page.get_by_role("button", name="Next").click()

    await expect(page.get_by_text("In the first rows: 03/02/2019")).to_be_visible()
    await expect(page.get_by_role("button", name="Show the preview")).to_be_disabled()
    await look_at(page, "pupil-import-how-unsaid")
    await page.get_by_label("Day first").check()
    await page.get_by_label("takes the place").check()
    await page.reload()
    await expect(page.get_by_label("Day first")).to_be_checked()
    await look_at(page, "pupil-import-how")
    await page.go_back()
    await expect(page.get_by_role("combobox", name="S is used for")).to_have_value("Sex")
    await page.go_forward()
    await show_preview(page)
    await expect(page.get_by_text("What is wrong is said beside each row.")).to_be_visible()
    await look_at(page, "pupil-import-all-rejected")
    await page.get_by_role("button", name="Back to what to do").click()
    await page.get_by_label("Make classes that are not here yet").check()
    await show_preview(page)

    await expect(page.get_by_text("1 pupil will be added and 1 updated.")).to_be_visible()
    await expect(page.get_by_text("4 rows in the file: 1 added, 1 updated")).to_be_visible()
    await expect(page.get_by_text("New classes: 3 Owls.")).to_be_visible()
    await expect(row_of(page, "Siân Price")).to_contain_text("Column A, Unique Pupil Number")
    await expect(row_of(page, "Max Reed")).to_contain_text("male?")
    await look_at(page, "pupil-import-preview")
    await page.get_by_text("Rejected 2").click()
    await expect(row_of(page, "Zoë")).to_have_count(0)
    await page.reload()
    await expect(row_of(page, "Max Reed")).to_be_visible()
    await expect(row_of(page, "Zoë")).to_have_count(0)
    to_mend = await downloaded(page, "Download the rows to mend")
    mended = to_mend.read_text("utf-8-sig")
    mended = mended.replace(upn(91)[:-1] + "9", upn(91)).replace(",2019,", ",03/02/2019,")
    mended = mended.replace("male?", "Male")

    await page.get_by_role("button", name="Import 2 pupils").click()
    await expect(
        page.get_by_text("1 pupil added, 1 updated, 0 unchanged, 2 rows left")
    ).to_be_visible()
    await look_at(page, "pupil-import-done")
    await page.get_by_role("link", name="Import another file").click()
    await expect(page.get_by_role("table", name="Recent imports")).to_contain_text("year 3.csv")
    await look_at(page, "pupil-import-recent")
    await choose(page, "mended.csv", mended.encode())
    # What was said for the first file is known for the second.
    await expect(page.get_by_role("combobox", name="S is used for")).to_have_value("Sex")
    await page.get_by_role("button", name="Next").click()
    await show_preview(page)
    await page.get_by_role("button", name="Import 2 pupils").click()
    await expect(page.get_by_text("2 pupils added")).to_be_visible()

    await page.get_by_role("button", name="Undo this import").click()
    await look_at(page, "pupil-import-undo")
    await page.get_by_role("button", name="Undo it").click()
    await expect(page.get_by_text("The import was undone")).to_be_visible()
    await expect(page.get_by_text("2 added pupils made inactive")).to_be_visible()
    await expect(page.get_by_role("dialog")).to_have_count(0)
    await look_at(page, "pupil-import-undone")
    await page.goto(f"{demo.url}/pupils?search=Siân")
    await expect(page.get_by_text("No pupils found")).to_be_visible()


async def test_a_full_file_that_misses_many_is_asked_about_twice(
    demo: Demo, new_school: NewSchool, page: Page
) -> None:
    admin = await new_school("Merlin Wood Primary", "LA9 5PD")
    rows = [["UPN", "Surname", "Forename"], *([upn(n), "Marsh", f] for n, f in SEVEN)]
    await open_import(page, demo.url, admin)
    await choose(page, "whole school.xlsx", as_xlsx(rows))
    await page.get_by_role("button", name="Next").click()
    await page.get_by_label("Full import").check()
    await expect(page.get_by_text("Choose this only if every pupil")).to_be_visible()
    await show_preview(page)
    await expect(page.get_by_text("3 pupils will be made inactive.")).to_be_visible()
    await expect(page.get_by_text("3 of 10 active pupils (30 %)")).to_be_visible()
    await look_at(page, "pupil-import-full")
    await page.get_by_text("Made inactive 3").click()
    await expect(row_of(page, "Hal Marsh")).to_contain_text("Not in the file")
    await page.get_by_role("button", name="Make 3 pupils inactive", exact=True).click()
    await look_at(page, "pupil-import-twice")
    await page.get_by_role("button", name="No, go back").click()
    await page.get_by_role("button", name="Make 3 pupils inactive", exact=True).press("Enter")
    await page.get_by_role("button", name="Yes, make 3 pupils inactive").press("Enter")
    await expect(page.get_by_text("3 made inactive")).to_be_visible()
    await look_at(page, "pupil-import-full-done")
    await page.get_by_role("link", name="See the pupils").click()
    await expect(page.get_by_text("7 pupils")).to_be_visible()


SEVEN = list(enumerate(("Ada", "Ben", "Cleo", "Dan", "Eve", "Finn", "Gia"), start=1))
