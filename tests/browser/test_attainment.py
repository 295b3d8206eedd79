"""Attainment and Progress, in a school of its own: figures, what is hidden, files (R26)."""

from __future__ import annotations

import os
import re
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest
from PIL import Image
from playwright.async_api import Locator, Page, expect

from tests.api import Api, signed_in, visitor
from tests.browser.pages import enter, sign_out
from tests.browser.pictures import look_at
from tests.demo import Demo
from tests.eventually import eventually
from tests.stack import ADMIN_PASSWORD, School

OWN_PASSWORD = "lapwing over the wet lea"
MARKS = """
INSERT INTO marks (school_id, pupil_id, subject_id, term_id, version, band_id, year_group,
    recorded_at, recorded_by)
SELECT $1, p.id, s.id, t.id, 1, b.id, p.year_group, now(), p.id
FROM (SELECT *, row_number() OVER (ORDER BY legal_surname) AS place FROM pupils
      WHERE school_id = $1) p
JOIN subjects s ON s.school_id = $1 AND s.name IN ('English', 'Mathematics')
JOIN terms t ON t.school_id = $1 AND t.name IN ('Autumn', 'Spring')
JOIN scale_bands b ON b.school_id = $1
    AND b.position = CASE t.name WHEN 'Autumn' THEN p.place / 4 % 3 ELSE p.place * 3 / 2 % 4 END
WHERE p.place <= 22
"""
"""Of the first twenty-two by name; no door of the product would take marks of a term to come."""


@dataclass(frozen=True)
class Lapwings:
    """Twelve girls and twelve boys in two classes; ten have pupil premium, two of them SEN."""

    demo: Demo
    school: School
    leader: str
    teacher: str


@pytest.fixture(scope="module")
async def lapwings(demo: Demo) -> Lapwings:
    school = await demo.stack.add_school("Lapwing Lea Primary", "LA2 7PW", "hi@lapwings.example")
    async with signed_in(demo.url, school.admin, ADMIN_PASSWORD) as api:
        users = {role: await user(api, role) for role in ("slt", "teacher")}
        kept = ("ethnicity", "first_language", "free_school_meals", "in_care")
        fields = dict.fromkeys(kept, False) | {"sen_provision": True, "pupil_premium": True}
        await api.ask("PUT", "/api/settings/pupil-fields", json={"expected_version": 0, **fields})
        classes = [
            (await api.post("/api/groups", {"name": name, "kind": "class", "year_group": "3"}))[
                "id"
            ]
            for name in ("3 Lapwing", "3 Plover")
        ]
        children = [await child(api, place) for place in range(24)]
        for group, members in zip(classes, (children[:20], children[20:]), strict=True):
            body = {"present": True, "pupil_ids": members, "seen": dict.fromkeys(members, 0)}
            await api.post(f"/api/groups/{group}/pupils", body)
        link = f"/api/groups/{classes[0]}/users/{users['teacher']['id']}"
        await eventually(lambda: done(api, "PUT", link))
    for one in users.values():
        async with visitor(demo.url) as own:
            await own.sign_in(one["username"], school.default_password)
            await own.set_password(OWN_PASSWORD)
    names = {role: one["username"] for role, one in users.items()}
    await marked(demo, school, names["teacher"])
    return Lapwings(demo, school, names["slt"], names["teacher"])


async def user(api: Api, role: str) -> dict[str, Any]:
    body = {"title": "Ms", "forename": "Jo", "surname": role.capitalize(), "role": role}
    return dict(await api.post("/api/users", body))


async def child(api: Api, place: int) -> str:
    pupil = {
        "legal_forename": ["Amina", "Ben"][place % 2],
        "legal_surname": f"Ashby-{chr(ord('A') + place)}",
        "sex": "FM"[place % 2],
        "year_group": "3",
        "pupil_premium": place % 12 < 5,
        "sen_provision": "K" if place < 2 else "N",
    }
    return str((await api.post("/api/pupils", pupil))["id"])


async def done(api: Api, method: str, path: str) -> bool:
    """False while the service asked has not heard of a new record yet."""
    try:
        await api.ask(method, path)
    except httpx.HTTPStatusError:
        return False
    return True


async def marked(demo: Demo, school: School, teacher: str) -> None:
    """Once reports has heard of everybody."""
    async with signed_in(demo.url, teacher, OWN_PASSWORD) as api:

        async def heard() -> bool:
            groups = (await api.get("/api/attainment/choices"))["groups"]
            return [group["pupils"] for group in groups] == [20]

        await eventually(heard)
    connection = await demo.stack.database("reports")
    try:
        school_id = UUID(str(school.id))
        count = "SELECT count(*) FROM pupils WHERE school_id = $1"
        await eventually(lambda: connection.fetchval(count, school_id), lambda here: here == 24)
        await connection.execute(MARKS, school_id)
    finally:
        await connection.close()


async def choose(page: Page, label: str, option: str) -> None:
    await page.get_by_role("combobox", name=label).click()
    await page.get_by_role("option", name=option, exact=True).click()


def row(page: Page, name: str, place: int = 0) -> Locator:
    return page.get_by_role("main").get_by_role("row", name=re.compile(f"^{name}")).nth(place)


async def drawn(page: Page) -> None:
    await expect(page.get_by_role("img", name=re.compile("^Chart of"))).to_be_visible()
    await expect(page.get_by_role("img").locator("canvas")).to_be_visible()


async def test_a_senior_leader_looks_at_figures_and_takes_them_away(
    lapwings: Lapwings, resized_page: Page, tmp_path: Path
) -> None:
    page, url = resized_page, lapwings.demo.url
    await enter(page, f"{url}/my-groups", lapwings.leader, OWN_PASSWORD)
    await page.get_by_role("navigation").get_by_role("link", name="Attainment and Progress").click()
    await expect(page.get_by_role("heading", name="Attainment and Progress")).to_be_visible()
    await expect(page.get_by_role("heading", name="Whole school, Spring")).to_be_visible()
    await drawn(page)
    await expect(row(page, "English 24")).to_contain_text("2 (8%)")
    await look_at(page, "attainment-school")

    await choose(page, "Subject", "English")
    await choose(page, "Compare by", "Sex")
    await expect(page).to_have_url(re.compile("by=sex"))
    await expect(row(page, "Girls")).to_contain_text("12")
    await look_at(page, "attainment-by-sex")
    async with page.expect_download() as saved:
        await page.get_by_role("button", name="Save the chart as PNG").click()
    picture = tmp_path / "chart.png"
    await (await saved.value).save_as(picture)
    with Image.open(picture) as opened:
        assert (opened.format, opened.width) == ("PNG", 2200)
    if folder := os.environ.get("CLASSROOM_TEST_SCREENSHOTS"):
        shutil.copy(picture, Path(folder) / "attainment-saved.png")
    await page.go_back()
    await expect(row(page, "Girls")).to_have_count(0)

    await choose(page, "Compare by", "Special educational needs")
    await expect(page.get_by_text("Some comparisons are not shown")).to_be_visible()
    await expect(row(page, "SEN")).to_contain_text("Not shown: too few pupils")
    await look_at(page, "attainment-hidden")
    async with page.expect_download() as saved:
        await page.get_by_role("link", name="Export as CSV").click()
    await (await saved.value).save_as(tmp_path / "figures.csv")
    text = (tmp_path / "figures.csv").read_bytes().decode("utf-8-sig")
    assert "Pupil premium" in text
    assert re.search(r"English,SEN,\"?Not shown", text)

    await page.get_by_role("tab", name="Progress").click()
    await choose(page, "Compare by", "Pupil premium")
    await expect(row(page, "Not pupil premium")).to_contain_text("14")
    await drawn(page)
    await look_at(page, "progress-by-pupil-premium")
    await page.get_by_role("tab", name="Pupils").click()
    await expect(page.get_by_text("Choose a class or a set")).to_be_visible()
    await choose(page, "Whose figures", "3 Plover")
    await expect(row(page, "Ashby-W, Amina")).to_contain_text("Not recorded")
    await page.get_by_role("tab", name="Attainment").click()
    await choose(page, "Subject", "History")
    await expect(page.get_by_text("Nothing has been recorded here yet")).to_be_visible()
    await look_at(page, "attainment-empty")


async def test_a_teacher_sees_their_class_and_prints_it(lapwings: Lapwings, page: Page) -> None:
    url = lapwings.demo.url
    address = f"{url}/attainment-and-progress?of=school"
    await enter(page, address, lapwings.teacher, OWN_PASSWORD)
    await expect(page.get_by_role("heading", name="Attainment: 3 Lapwing, Spring")).to_be_visible()
    await page.get_by_role("combobox", name="Whose figures").click()
    await expect(page.get_by_role("option")).to_have_text(["3 Lapwing"])
    await page.keyboard.press("Escape")
    await drawn(page)
    await page.emulate_media(media="print")
    await expect(page.get_by_role("navigation")).to_be_hidden()
    await expect(row(page, "Mathematics 20")).to_be_visible()
    await look_at(page, "attainment-printed")
    await page.emulate_media(media="screen")
    await page.get_by_role("tab", name="Pupils").click()
    await expect(row(page, "Ashby-A, Amina")).to_contain_text("Moved up")
    await look_at(page, "progress-of-pupils")
    await sign_out(page)

    await enter(page, address, lapwings.school.admin, ADMIN_PASSWORD)
    await expect(page.get_by_text("This page is not for your account")).to_be_visible()
