"""Generate Reports in a browser: chosen, looked at, made, downloaded, made again (R27)."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID, uuid4

import httpx
import pytest
from playwright.async_api import Download, Locator, Page, expect

from tests.api import Api, signed_in, visitor
from tests.browser.pages import enter, sign_out
from tests.browser.pictures import look_at
from tests.demo import Demo
from tests.eventually import eventually
from tests.reports.generation import names_in, pages_of
from tests.stack import ADMIN_PASSWORD, School

OWN_PASSWORD = "a swift over the rooftops"
PUPILS = (("Zoë", "Adams"), ("Bo", "Baker"), ("Cy", "Carr"))
COMMENT = (
    "They have worked hard this term and read with real expression. The next step is to check "
    "spellings, and to read something new each week."
)


@dataclass(frozen=True)
class Swifts:
    """A class of three, two of them with marks; its teacher, and a senior leader."""

    demo: Demo
    school: School
    teacher: str
    leader: str


@pytest.fixture(scope="module")
async def swifts(demo: Demo) -> Swifts:
    school = await demo.stack.add_school("Swift Lane Primary", "YO8 4QT", "hi@swiftlane.example")
    async with signed_in(demo.url, school.admin, ADMIN_PASSWORD) as api:
        group, pupils = await a_class(api)
        users = {role: await a_user(api, role) for role in ("teacher", "slt")}
        await eventually(lambda: linked(api, f"/api/groups/{group}/users/{users['teacher']['id']}"))
        await api.get("/api/settings")  # with which the school has its terms and subjects
    for user in users.values():
        async with visitor(demo.url) as somebody:
            await somebody.sign_in(user["username"], school.default_password)
            await somebody.set_password(OWN_PASSWORD)
    await recorded(demo, UUID(school.id), pupils[:2])
    teacher, leader = users["teacher"]["username"], users["slt"]["username"]
    async with signed_in(demo.url, teacher, OWN_PASSWORD) as api:

        async def pupils_known() -> list[int]:
            choices = await api.get("/api/generated-reports/choices")
            return [one["pupils"] for one in choices["groups"]]

        await eventually(pupils_known, lambda found: found == [3])
    return Swifts(demo, school, teacher, leader)


async def a_class(api: Api) -> tuple[str, list[UUID]]:
    group = await api.post("/api/groups", {"name": "3 Swift", "kind": "class", "year_group": "3"})
    pupils = []
    for forename, surname in PUPILS:
        pupil = {"legal_forename": forename, "legal_surname": surname, "year_group": "3"}
        added = await api.post("/api/pupils", pupil)
        await api.ask("PUT", f"/api/groups/{group['id']}/pupils/{added['id']}")
        pupils.append(UUID(added["id"]))
    return group["id"], pupils


async def a_user(api: Api, role: str) -> dict[str, str]:
    user = {"title": "Ms", "forename": "Jo", "surname": role.capitalize(), "role": role}
    return dict(await api.post("/api/users", user))


async def linked(api: Api, path: str) -> bool:
    """Once roster has heard of the user."""
    try:
        await api.ask("PUT", path)
    except httpx.HTTPStatusError:
        return False
    return True


async def recorded(demo: Demo, school: UUID, pupils: list[UUID]) -> None:
    """Marks in every subject of every term, as the markbook would have them recorded."""
    at, who = datetime.now(UTC), uuid4()
    connection = await demo.stack.database("reports")
    try:
        await connection.execute(
            "INSERT INTO marks (school_id, pupil_id, subject_id, term_id, version, band_id, "
            "effort, comment, year_group, recorded_at, recorded_by) "
            "SELECT $1, p.id, s.id, t.id, 1, b.id, 'good', $3, '3', $4, $5 "
            "FROM unnest($2::uuid[]) AS p(id), subjects s, terms t, scale_bands b "
            "WHERE s.school_id = $1 AND t.school_id = $1 AND b.school_id = $1 AND b.code = 'S'",
            school,
            pupils,
            COMMENT,
            at,
            who,
        )
        await connection.execute(
            "INSERT INTO general_comments (school_id, pupil_id, term_id, kind, version, comment, "
            "recorded_at, recorded_by) "
            "SELECT $1, p.id, t.id, 'class_teacher', 1, $3, $4, $5 "
            "FROM unnest($2::uuid[]) AS p(id), terms t WHERE t.school_id = $1",
            school,
            pupils,
            COMMENT,
            at,
            who,
        )
    finally:
        await connection.close()


async def time_is_over(swifts: Swifts) -> None:
    """Of every file of the school."""
    connection = await swifts.demo.stack.database("reports")
    try:
        await connection.execute(
            "UPDATE report_jobs SET expires_at = now() WHERE school_id = $1",
            UUID(swifts.school.id),
        )
    finally:
        await connection.close()


async def one_that_nobody_makes(swifts: Swifts) -> None:
    """As the class's, but whoever makes reports was not asked, so that it waits."""
    connection = await swifts.demo.stack.database("reports")
    try:
        await connection.execute(
            """
            WITH made AS (SELECT * FROM report_jobs WHERE school_id = $1 AND scope = 'group'),
            waits AS (
                INSERT INTO report_jobs (school_id, id, kind, template_id, template_version,
                    template_name, term_id, term_name, academic_year, scope, scope_id, scope_name,
                    form, pupils, state, asked_at, asked_by, asked_by_name, moved_at)
                SELECT school_id, $2, kind, template_id, template_version, template_name, term_id,
                    term_name, academic_year, scope, scope_id, '3 Swift, held up', form, pupils,
                    'waiting', now(), asked_by, asked_by_name, now() FROM made
            )
            INSERT INTO report_job_pupils
            SELECT school_id, $2, position, pupil_id, name, report FROM report_job_pupils
            WHERE job_id = (SELECT id FROM made)
            """,
            UUID(swifts.school.id),
            uuid4(),
        )
    finally:
        await connection.close()


async def choose(page: Page, label: str, option: str) -> None:
    await page.get_by_role("combobox", name=label).click()
    await page.get_by_role("option", name=re.compile(option)).click()


async def downloaded(page: Page, row: Locator) -> tuple[str, bytes]:
    async with page.expect_download() as download:
        await row.get_by_role("link", name="Download").click()
    file = await download.value
    return file.suggested_filename, await bytes_of(file)


async def bytes_of(file: Download) -> bytes:
    return await asyncio.to_thread((await file.path()).read_bytes)


def row_of(page: Page, text: str) -> Locator:
    return page.get_by_role("row").filter(has_text=text)


async def test_a_teacher_makes_reports_and_a_leader_sees_them(
    swifts: Swifts, resized_page: Page
) -> None:
    page, address = resized_page, f"{swifts.demo.url}/generate-reports"
    await enter(page, address, swifts.teacher, OWN_PASSWORD)
    await expect(page.get_by_text("No reports yet")).to_be_visible()
    await look_at(page, "reports-new")
    await choose(page, "Template", "Written report")
    await choose(page, "Whose reports", "3 Swift")
    await expect(page.get_by_text("Something is missing in 3 of 3 reports")).to_be_visible()
    await expect(page.get_by_text("No attainment (1): Carr, Cy")).to_be_visible()
    await expect(page.get_by_text("No head teacher’s comment (3): all 3 pupils")).to_be_visible()
    await look_at(page, "reports-missing")

    await page.get_by_role("button", name="Preview: Adams, Zoë").click()
    dialog = page.get_by_role("dialog", name="Preview: Adams, Zoë")
    picture = dialog.get_by_role("img", name="Page 1 of")
    await expect(picture).to_be_visible()
    await picture.evaluate("image => image.decode()")
    await look_at(page, "reports-preview")
    async with page.expect_download() as preview:
        await dialog.get_by_role("button", name="Save as PDF").click()
    text = "".join(pages_of(await bytes_of(await preview.value)))
    assert "Zoë Adams" in text
    await dialog.get_by_role("button", name="Close").click()

    await page.get_by_role("button", name="Make 3 reports anyway").click()
    await expect(row_of(page, "3 Swift").get_by_text("Ready")).to_be_visible()
    name, pdf = await downloaded(page, row_of(page, "3 Swift"))
    assert re.fullmatch(r"Written reports 3 Swift \w+ 2\d{3}-\d\d\.pdf", name), name
    pages = "".join(pages_of(pdf))
    assert pages.index("Zoë Adams") < pages.index("Bo Baker") < pages.index("Cy Carr")

    await one_that_nobody_makes(swifts)
    await page.reload()
    held_up = row_of(page, "3 Swift, held up")
    await expect(held_up.get_by_text("Waiting")).to_be_visible()
    await held_up.get_by_role("button", name="Cancel the reports of").click()
    await expect(held_up.get_by_text("Cancelled", exact=True)).to_be_visible()
    await look_at(page, "reports-cancelled")
    await held_up.get_by_role("button", name="Make again the reports of").click()
    await expect(held_up.get_by_text("Ready")).to_be_visible()

    await choose(page, "Template", "Written report")
    await choose(page, "Whose reports", "3 Swift")
    await choose(page, "Pupil", "Baker, Bo")
    await page.get_by_role("button", name="Make this report anyway").click()
    await expect(row_of(page, "Bo Baker").get_by_text("Ready")).to_be_visible()
    await look_at(page, "reports-made")
    await sign_out(page)

    await enter(page, address, swifts.leader, OWN_PASSWORD)
    await expect(row_of(page, "Jo Teacher").first).to_be_visible()
    await choose(page, "Template", "Assessment summary")
    await choose(page, "Whose reports", "Year 3")
    await page.get_by_label("A PDF for each pupil, together in a ZIP file").check()
    await page.get_by_role("button", name="Make 3 reports anyway").click()
    await expect(row_of(page, "Year 3").get_by_text("Ready")).to_be_visible()
    _, archive = await downloaded(page, row_of(page, "Year 3"))
    assert names_in(archive) == ["Adams, Zoë.pdf", "Baker, Bo.pdf", "Carr, Cy.pdf"]

    await time_is_over(swifts)
    await page.reload()
    await expect(row_of(page, "Year 3").get_by_text("File deleted")).to_be_visible()
    await look_at(page, "reports-gone")
    await row_of(page, "Year 3").get_by_role("button", name="Make again").click()
    await expect(row_of(page, "Year 3").get_by_text("Ready")).to_be_visible()
    assert (await downloaded(page, row_of(page, "Year 3")))[1] == archive
    await sign_out(page)

    await enter(page, f"{swifts.demo.url}/activity", swifts.school.admin, ADMIN_PASSWORD)
    log = page.get_by_role("main")
    await expect(
        log.get_by_text(re.compile("Written reports: 3 Swift.*: downloaded"))
    ).to_be_visible()
    await look_at(page, "reports-activity")
