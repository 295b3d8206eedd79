"""Report Templates: from the list over the editor and its preview to an earlier version (R25)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Locator, Page, expect

from tests.api import signed_in
from tests.browser.pages import enter
from tests.browser.pictures import look_at
from tests.demo import Demo
from tests.slips import pages_of
from tests.stack import ADMIN_PASSWORD, School


@dataclass(frozen=True)
class Plovers:
    """A school with one pupil, and the templates that each school begins with."""

    demo: Demo
    school: School


@pytest.fixture(scope="module")
async def plovers(demo: Demo) -> Plovers:
    school = await demo.stack.add_school("Plover Sands Primary", "LA4 5AB", "hi@plovers.example")
    async with signed_in(demo.url, school.admin, ADMIN_PASSWORD) as api:
        pupil = {"legal_forename": "Wren", "legal_surname": "Fieldfare", "year_group": "4"}
        await api.post("/api/pupils", pupil)
    return Plovers(demo, school)


def section(page: Page, name: str) -> Locator:
    return page.get_by_role("listitem", name=name, exact=True)


async def sections(page: Page) -> list[str]:
    return [
        re.sub(r"^\d+\. ", "", name)
        for name in await page.get_by_role("heading", level=3).all_inner_texts()
    ]


async def save_elsewhere(plovers: Plovers, page: Page) -> None:
    """Another admin saves the template that is open."""
    path = "/api/templates/" + page.url.rpartition("/")[2]
    async with signed_in(plovers.demo.url, plovers.school.admin, ADMIN_PASSWORD) as api:
        there: dict[str, Any] = await api.get(path)
        layout = there["layout"] | {"title": "Theirs"}
        body = {
            "expected_version": there["newest"],
            "name": there["saved"]["name"],
            "layout": layout,
        }
        await api.ask("PUT", path, json=body)


async def test_a_template_is_made_edited_looked_at_and_taken_back(
    plovers: Plovers, resized_page: Page, tmp_path: Path
) -> None:
    page, url = resized_page, plovers.demo.url
    await enter(page, f"{url}/report-templates", plovers.school.admin, ADMIN_PASSWORD)
    await expect(page.get_by_role("link", name="Assessment summary")).to_be_visible()
    await look_at(page, "templates")

    await page.get_by_role("button", name="New template").click()
    dialog = page.get_by_role("dialog", name="New template")
    await dialog.get_by_label("Name").fill("written REPORT")
    await dialog.get_by_role("button", name="Add the template").click()
    await expect(
        dialog.get_by_text("Another template, maybe an inactive one, is called")
    ).to_be_visible()
    await look_at(page, "templates-new")
    await dialog.get_by_label("Name").fill("Year 4 report")
    await dialog.get_by_role("button", name="Add the template").click()
    await expect(page.get_by_role("heading", name="Year 4 report", level=1)).to_be_visible()

    title = page.get_by_label("Title of the report")
    await title.fill("About ")
    await title.press_sequentially("{forename")
    offered = page.get_by_role("option", name="The forename the pupil is called by")
    await expect(offered).to_be_visible()
    await look_at(page, "templates-placeholders")
    await title.press("Enter")
    await expect(title).to_have_value("About {pupil.forename}")
    await expect(offered).to_be_hidden()

    text = section(page, "Text: About this report").get_by_label("Text", exact=True)
    await text.fill("Dear parents,\n{pupil.forname} has had a good year.")
    await page.get_by_role("button", name="Save the template").click()
    await expect(text).to_be_focused()
    await expect(page.get_by_text("at character 15 is no placeholder")).to_be_visible()
    await look_at(page, "templates-refused")
    await page.get_by_role("button", name="Put in {pupil.forename}").click()
    await expect(text).to_have_value("Dear parents,\n{pupil.forename} has had a good year.")

    down = page.get_by_role("button", name="Move Text: About this report down")
    await down.press("Enter")
    await expect(down).to_be_focused()
    await expect(page.get_by_text("About this report is now 3 of 8")).to_be_attached()
    await page.get_by_label("In reports: Key to the scale: What the bands mean").uncheck()
    await page.get_by_role("button", name="Take out Signatures").click()
    await page.get_by_role("button", name="Add a section").click()
    await page.get_by_role("menuitem", name="Text").click()
    await section(page, "Text").get_by_label("Text", exact=True).fill("See you next year!")
    assert await sections(page) == [
        "Pupil’s details",
        "Attainment table",
        "Text",
        "Comments by subject",
        "General comment",
        "General comment",
        "Key to the scale",
        "Text",
    ]

    await page.get_by_role("link", name="Report Templates").last.click()
    leaving = page.get_by_role("dialog", name="Leave without saving?")
    await leaving.get_by_role("button", name="Stay on this page").click()
    await save_elsewhere(plovers, page)
    await page.get_by_role("button", name="Save the template").click()
    await expect(page.get_by_text("Theirs is version 2")).to_be_visible()
    await look_at(page, "templates-changed-meanwhile")
    await page.get_by_role("button", name="Save mine as the newest").click()
    await expect(page.get_by_text("Year 4 report was saved as version 3.")).to_be_visible()
    await look_at(page, "templates-editor")

    await page.get_by_role("tab", name="Preview").click()
    pictures = page.get_by_role("list", name="Pages of the preview").get_by_role("img")
    await expect(pictures.first).to_be_visible(timeout=30_000)
    await page.get_by_role("combobox", name="Pupil whose details are shown").fill("Wren")
    await page.get_by_role("option", name="Wren Fieldfare, Year 4").click()
    await expect(page.get_by_text("The preview is being made…")).to_have_count(0)
    await look_at(page, "templates-preview")
    async with page.expect_download() as downloading:
        await page.get_by_role("button", name="Save as PDF").click()
    made = tmp_path / "preview.pdf"
    await (await downloading.value).save_as(made)
    shown = " ".join(" ".join(pages_of(made.read_bytes())).split())
    assert "About Wren" in shown
    assert "Wren has had a good year. " in shown
    assert "See you next year!" in shown
    assert "What the bands mean" not in shown, "it is switched off"
    await expect(pictures).to_have_count(len(pages_of(made.read_bytes())))

    await page.get_by_role("tab", name="Versions").click()
    await expect(page.get_by_role("row", name=re.compile("Version 3 In use"))).to_be_visible()
    await look_at(page, "templates-versions")
    await page.get_by_role("link", name="Version 1").click()
    await expect(page.get_by_text("version 3 is in use")).to_be_visible()
    await expect(pictures.first).to_be_visible(timeout=30_000)
    await look_at(page, "templates-earlier")
    await page.get_by_role("button", name="Use this version again").click()
    await expect(page.get_by_label("Title of the report")).to_have_value(
        "Report for {pupil.full_name}"
    )
    await page.get_by_role("button", name="Make inactive").click()
    await expect(page.get_by_role("button", name="Make active")).to_be_visible()
    await page.get_by_role("navigation").get_by_role("link", name="Report Templates").click()
    await expect(page.get_by_role("row", name=re.compile("Year 4 report Inactive"))).to_be_visible()

    await page.goto(f"{url}/activity")
    log = page.get_by_role("main")
    for line in (
        "Report template Year 4 report made inactive",
        "Report template Year 4 report: an earlier version taken up again",
        "Report template Year 4 report added",
    ):
        await expect(log.get_by_text(line)).to_be_visible()
