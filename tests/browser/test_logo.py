"""The school's logo, on Report Templates and on Generate Reports, in a school of its own (R24)."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pytest
from playwright.async_api import FilePayload, Locator, Page, expect

from tests.api import signed_in, visitor
from tests.browser.pages import enter, sign_out
from tests.browser.pictures import look_at
from tests.demo import Demo
from tests.reports.hostile import crest, saved
from tests.stack import ADMIN_PASSWORD, School

OWN_PASSWORD = "crested grebe on the mere"


@dataclass(frozen=True)
class Grebes:
    """A school with a teacher, and no logo yet."""

    demo: Demo
    school: School
    teacher: str


@pytest.fixture(scope="module")
async def grebes(demo: Demo) -> Grebes:
    school = await demo.stack.add_school("Grebe Mere Primary", "CW4 8GH", "hi@grebemere.example")
    user = {"title": "Ms", "forename": "Jo", "surname": "Able", "role": "teacher"}
    async with signed_in(demo.url, school.admin, ADMIN_PASSWORD) as api:
        username = (await api.post("/api/users", user))["username"]
    async with visitor(demo.url) as teacher:
        await teacher.sign_in(username, school.default_password)
        await teacher.set_password(OWN_PASSWORD)
    return Grebes(demo, school, username)


async def choose(page: Page, button: str, name: str, content: bytes) -> None:
    async with page.expect_file_chooser() as chooser:
        await page.get_by_role("button", name=button).click()
    file = FilePayload(name=name, mimeType="application/octet-stream", buffer=content)
    await (await chooser.value).set_files(file)


async def drop(page: Page, name: str, content: bytes) -> None:
    transfer = await page.evaluate_handle(
        """([name, bytes]) => {
            const transfer = new DataTransfer();
            transfer.items.add(new File([new Uint8Array(bytes)], name, { type: 'image/png' }));
            return transfer;
        }""",
        [name, list(content)],
    )
    target = page.get_by_text("Drop another logo here, or choose it")
    await target.dispatch_event("drop", {"dataTransfer": transfer})


async def shown(page: Page) -> tuple[int, int]:
    """Of what size the picture is that the browser has really opened."""
    picture = picture_of(page)
    await expect(picture).to_be_visible()
    await picture.evaluate("image => image.decode()")
    size: list[int] = await picture.evaluate("image => [image.naturalWidth, image.naturalHeight]")
    return size[0], size[1]


def picture_of(page: Page) -> Locator:
    return page.get_by_role("img", name="The school’s logo")


async def test_the_admin_and_a_teacher_look_after_it(grebes: Grebes, resized_page: Page) -> None:
    page, url = resized_page, grebes.demo.url
    await enter(page, f"{url}/settings", grebes.school.admin, ADMIN_PASSWORD)
    await page.get_by_role("navigation").get_by_role("link", name="Report Templates").click()
    await expect(page.get_by_role("heading", name="Report Templates", level=1)).to_be_visible()
    await expect(page.get_by_text("There is no logo yet.")).to_be_visible()
    await look_at(page, "logo-none")

    await choose(page, "Choose a logo", "crest.png", b"<svg xmlns='http://www.w3.org/2000/svg'/>")
    await expect(page.get_by_role("alert")).to_contain_text("This is an SVG drawing")
    await look_at(page, "logo-refused-first")
    await choose(page, "Choose a logo", "Our crest.png", saved(crest(size=(640, 400)), "PNG"))
    await expect(page.get_by_text("The new logo is in use.")).to_be_visible()
    assert await shown(page) == (640, 400)
    uploaded = re.compile("640 × 400 pixels. Uploaded: (Today|Yesterday)")
    await expect(page.get_by_text(uploaded)).to_be_visible()
    await expect(page.get_by_role("alert")).to_have_count(0)
    await look_at(page, "logo-in-use")
    await sign_out(page)

    await enter(page, f"{url}/my-groups", grebes.teacher, OWN_PASSWORD)
    await page.get_by_role("navigation").get_by_role("link", name="Generate Reports").click()
    await expect(page.get_by_role("heading", name="Generate Reports", level=1)).to_be_visible()
    assert await shown(page) == (640, 400)
    large = b"\x89PNG\r\n\x1a\n" + bytes(5 * 1024 * 1024)
    await choose(page, "Replace the logo", "photo.png", large)
    await expect(page.get_by_role("alert")).to_contain_text("This picture is too large")
    await expect(page.get_by_role("alert")).to_contain_text("The logo above stays in use.")
    assert await shown(page) == (640, 400)
    await look_at(page, "logo-refused")
    await drop(page, "new.png", saved(crest("#800000", (200, 200)), "PNG"))
    await expect(page.get_by_text(re.compile("200 × 200 pixels.* by Jo Able"))).to_be_visible()
    await expect(page.get_by_text("may look blurred in print")).to_be_visible()
    assert await shown(page) == (200, 200)
    await look_at(page, "logo-of-a-teacher")

    await page.get_by_role("button", name="Take the logo away").click()
    dialog = page.get_by_role("dialog", name="Take the logo away?")
    await look_at(page, "logo-take-away")
    await dialog.get_by_role("button", name="Cancel").click()
    await expect(picture_of(page)).to_be_visible()
    await page.get_by_role("button", name="Take the logo away").click()
    await dialog.get_by_role("button", name="Take the logo away").click()
    await expect(page.get_by_text("There is no logo yet.")).to_be_visible()
    await page.goto(f"{url}/report-templates")
    await expect(page.get_by_text("This page is not for your account")).to_be_visible()
    await sign_out(page)

    await enter(page, f"{url}/activity", grebes.school.admin, ADMIN_PASSWORD)
    log = page.get_by_role("main")
    await expect(log.get_by_text("School logo taken away").first).to_be_visible()
    await expect(log.get_by_text("School logo uploaded").first).to_be_visible()
    await look_at(page, "logo-activity")
