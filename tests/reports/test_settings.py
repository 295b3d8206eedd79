"""Subjects, terms and attainment scale: the school's own, and never over somebody else's (R29)."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta
from itertools import pairwise
from typing import Any
from uuid import uuid4

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.reports.republish import republish
from services.reports.terms.term import Term, default_terms, faults_of_terms, terms_after
from shared.contracts.roster import SchoolYearChanged
from shared.database.pool import Database
from tests.roster.door import Door, SchoolInTest, problem_of

SECTIONS = {"subjects": "subjects", "terms": "terms", "scale": "bands"}
"""Section → the list in it."""


@pytest.fixture
def school(reports: Door) -> SchoolInTest:
    return SchoolInTest(reports)


async def section(school: SchoolInTest, name: str) -> dict[str, Any]:
    found: dict[str, Any] = (await school.get("/settings"))[name]
    return found


async def save(
    school: SchoolInTest, name: str, entries: list[dict[str, Any]], version: int = 1
) -> httpx.Response:
    body = {"expected_version": version, SECTIONS[name]: entries}
    return await school.by_hand("PUT", f"/settings/{name}", body)


async def saved(
    school: SchoolInTest, name: str, entries: list[dict[str, Any]], version: int = 1
) -> dict[str, Any]:
    answer = await save(school, name, entries, version)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def logged(school: SchoolInTest) -> list[dict[str, Any]]:
    events = await school.told("activity.recorded.v1")
    return [entry for event in events for entry in event["data"]["entries"]]


def faults(answer: httpx.Response) -> dict[str, str]:
    assert problem_of(answer) == (422, "settings-refused"), answer.text
    return {error["pointer"]: error["detail"] for error in answer.json()["errors"]}


def names(entries: list[dict[str, Any]]) -> list[str]:
    return [entry["name"] for entry in entries]


class TestWhatASchoolBeginsWith:
    async def test_is_the_national_curriculum_three_terms_and_four_bands(
        self, school: SchoolInTest
    ) -> None:
        found = await school.get("/settings")
        subjects, terms, scale = (found[name] for name in SECTIONS)
        assert names(subjects["subjects"]) == subjects["defaults"]
        assert {"English", "Mathematics", "Science"} < set(subjects["defaults"])
        [languages] = [s for s in subjects["subjects"] if s["name"] == "Languages"]
        assert languages["year_groups"] == ["3", "4", "5", "6"]
        assert (terms["academic_year"], terms["proposed"]) == ("2026/27", True)
        assert names(terms["terms"]) == ["Autumn", "Spring", "Summer"]
        assert names(scale["bands"]) == scale["defaults"]
        assert [band["expectation"] for band in scale["bands"]] == [False, True, False, False]
        assert await school.get("/settings") == found, "and keeps its ids"

    async def test_is_there_once_whoever_asks_first(self, school: SchoolInTest) -> None:
        """Pages side by side, and roster's word of the year."""
        year = SchoolYearChanged(version=1, academic_year="2026/27")
        asked = [school.get("/settings") for _ in range(4)]
        first, *others, _ = await asyncio.gather(*asked, school.hears(year))
        assert all(other == first for other in others)
        assert len(await school.told("reports.subjects.changed.v1")) == 1

    async def test_is_nobody_else_s(self, school: SchoolInTest, reports: Door) -> None:
        stranger = SchoolInTest(reports)
        theirs = (await section(stranger, "subjects"))["subjects"]
        mine = (await section(school, "subjects"))["subjects"]
        assert not {one["id"] for one in mine} & {one["id"] for one in theirs}
        answer = await save(school, "subjects", [*mine, {**theirs[0], "name": "Theirs"}])
        assert list(faults(answer)) == [f"#/subjects/{len(mine)}"]
        assert (await section(stranger, "subjects"))["subjects"] == theirs


class TestChanging:
    async def test_subjects_are_added_renamed_reordered_and_made_inactive(
        self, school: SchoolInTest
    ) -> None:
        """R6, R9: ids stay, and each change has its line with before and after."""
        before = (await section(school, "subjects"))["subjects"]
        english, maths, science, *others = before
        changed = [
            {**maths, "name": "  Maths "},
            english,
            {**science, "active": False},
            *others,
            {"name": "Latin", "year_groups": ["6", "5", "5"]},
        ]
        after = await saved(school, "subjects", changed)
        assert after["version"] == 2
        now = after["subjects"]
        assert names(now[:3]) == ["Maths", "English", "Science"]
        assert [one["id"] for one in now[:-1]] == [one.get("id") for one in changed[:-1]]
        assert now[-1]["year_groups"] == ["5", "6"]
        assert await section(school, "subjects") == after
        told = (await school.told("reports.subjects.changed.v1"))[-1]["data"]
        assert (told["version"], told["subjects"]) == (2, now)
        lines = {line["action"]: line for line in await logged(school)}
        assert set(lines) == {
            *("subject.changed", "subject.made_inactive", "subject.created", "subject.reordered")
        }
        changed_line = lines["subject.changed"]
        assert (changed_line["before"], changed_line["after"]) == (
            {"name": "Mathematics"},
            {"name": "Maths"},
        )
        assert changed_line["actor"]["name"] == "Sam Reed"
        assert lines["subject.created"]["after"]["year_groups"] == ["Year 5", "Year 6"]
        order = lines["subject.reordered"]["after"]["order"]
        assert order[:2] == ["Maths", "English"]

    async def test_two_can_swap_their_names_and_codes(self, school: SchoolInTest) -> None:
        below, just, *others = (await section(school, "scale"))["bands"]
        swapped = [
            {**below, "code": just["code"], "name": just["name"]},
            {**just, "code": below["code"], "name": below["name"]},
        ]
        after = await saved(school, "scale", [*swapped, *others])
        assert [band["code"] for band in after["bands"]] == ["J", "B", "S", "A"]

    async def test_another_band_becomes_the_expectation(self, school: SchoolInTest) -> None:
        """As schools have it that speak of WTS, EXS and GDS."""
        below, just, secure, above = (await section(school, "scale"))["bands"]
        bands = [
            {**below, "code": "WTS", "name": "Working towards"},
            {**just, "active": False, "expectation": False},
            {**secure, "code": "EXS", "name": "Working at", "expectation": True},
            {**above, "code": "GDS", "name": "Greater depth"},
        ]
        after = await saved(school, "scale", bands)
        assert [band["expectation"] for band in after["bands"]] == [False, False, True, False]
        assert after["bands"][1]["id"] == just["id"]
        told = (await school.told("reports.scale.changed.v1"))[-1]["data"]
        assert [band["code"] for band in told["bands"]] == ["WTS", "J", "EXS", "GDS"]

    async def test_what_changes_nothing_says_nothing(self, school: SchoolInTest) -> None:
        before = await section(school, "subjects")
        assert (await saved(school, "subjects", before["subjects"]))["version"] == 1
        assert await logged(school) == []

    @pytest.mark.parametrize("name", SECTIONS)
    async def test_never_over_somebody_else_s_change(self, school: SchoolInTest, name: str) -> None:
        entries = (await section(school, name))[SECTIONS[name]]
        first = [{**entries[0], "name": "First"}, *entries[1:]]
        second = [{**entries[0], "name": "Second"}, *entries[1:]]
        answers = await asyncio.gather(save(school, name, first), save(school, name, second))
        won, lost = sorted(answers, key=lambda answer: answer.status_code)
        assert won.status_code == 200, won.text
        assert problem_of(lost) == (409, "changed-meanwhile")
        problem = lost.json()
        assert [error["pointer"] for error in problem["errors"]] == [f"#/{SECTIONS[name]}"]
        current = problem["current"]
        now = await section(school, name)
        assert current["version"] == now["version"] == 2
        assert current[SECTIONS[name]] == now[SECTIONS[name]]

    @pytest.mark.parametrize("name", SECTIONS)
    async def test_is_the_admins(self, school: SchoolInTest, name: str) -> None:
        body = {"expected_version": 1, SECTIONS[name]: []}
        for headers in (school.as_slt(), school.as_teacher(uuid4())):
            client = school.door.client
            assert (await client.get("/settings", headers=headers)).status_code == 403
            answer = await client.put(f"/settings/{name}", json=body, headers=headers)
            assert answer.status_code == 403


class TestWhatIsRefused:
    @pytest.mark.parametrize("name", SECTIONS)
    async def test_leaving_out_what_is_there(self, school: SchoolInTest, name: str) -> None:
        """R6."""
        entries = (await section(school, name))[SECTIONS[name]]
        answer = await save(school, name, entries[1:])
        assert entries[0]["name"] in faults(answer)[f"#/{SECTIONS[name]}"]
        twice = faults(await save(school, name, [*entries, entries[0]]))
        assert "twice" in twice[f"#/{SECTIONS[name]}"]

    async def test_two_subjects_of_one_name_and_none_that_is_active(
        self, school: SchoolInTest
    ) -> None:
        entries = (await section(school, "subjects"))["subjects"]
        same = [*entries[:-1], {**entries[-1], "name": "ENGLISH", "active": False}]
        where = f"#/subjects/{len(entries) - 1}/name"
        assert list(faults(await save(school, "subjects", same))) == [where]
        none = [{**entry, "active": False} for entry in entries]
        assert list(faults(await save(school, "subjects", none))) == ["#/subjects"]

    async def test_a_scale_without_two_bands_one_expectation_and_codes_of_their_own(
        self, school: SchoolInTest
    ) -> None:
        bands = (await section(school, "scale"))["bands"]
        one_left = [{**band, "active": band["expectation"]} for band in bands]
        assert list(faults(await save(school, "scale", one_left))) == ["#/bands"]
        inactive = [{**band, "active": not band["expectation"]} for band in bands]
        assert list(faults(await save(school, "scale", inactive))) == ["#/bands/1/active"]
        for many in (True, False):
            wrong = [{**band, "expectation": many} for band in bands]
            assert list(faults(await save(school, "scale", wrong))) == ["#/bands"]
        same = [*bands[:-1], {**bands[-1], "code": "b"}]
        assert list(faults(await save(school, "scale", same))) == ["#/bands/3/code"]

    @pytest.mark.parametrize(
        ("days", "where"),
        [
            (("2026-08-31", "2026-12-18"), "0/first_day"),
            (("2026-09-01", "2027-09-01"), "0/last_day"),
            (("2026-12-18", "2026-09-01"), "0/last_day"),
            (("2026-09-01", "2027-01-10"), "1/first_day"),
        ],
    )
    async def test_terms_outside_the_year_overlapping_or_backwards(
        self, school: SchoolInTest, days: tuple[str, str], where: str
    ) -> None:
        entries = (await section(school, "terms"))["terms"]
        first_day, last_day = days
        wrong = [{**entries[0], "first_day": first_day, "last_day": last_day}, *entries[1:]]
        assert f"#/terms/{where}" in faults(await save(school, "terms", wrong))

    @pytest.mark.parametrize("name", ["Ma\x00ths", " ", "x" * 61, "two\nlines"])
    async def test_names_that_are_none(self, school: SchoolInTest, name: str) -> None:
        entries = (await section(school, "subjects"))["subjects"]
        answer = await save(school, "subjects", [*entries, {"name": name}])
        assert answer.status_code in (400, 422)
        assert len((await section(school, "subjects"))["subjects"]) == len(entries)


async def test_all_of_it_can_be_said_again(school: SchoolInTest) -> None:
    await school.get("/settings")
    before = await school.told()
    database = Database(school.door.service_dsn, name="republish-test", max_size=1)
    await database.open()
    try:
        assert await republish(database) >= len(before) == 3
    finally:
        await database.close()
    again = (await school.told())[3:]
    assert [(e["type"], e["data"]) for e in again] == [(e["type"], e["data"]) for e in before]


class TestTermsOfTheNextYear:
    async def test_are_proposed_after_the_roll_up_and_the_old_ones_kept(
        self, school: SchoolInTest
    ) -> None:
        """R12: also where the roll-up is undone and run again."""
        before = (await section(school, "terms"))["terms"]
        halves = [
            {**before[0], "name": "Autumn 1", "last_day": "2026-10-23"},
            {"name": "Autumn 2", "first_day": "2026-11-02", "last_day": "2026-12-18"},
            *before[1:],
        ]
        old = await saved(school, "terms", halves)
        assert (old["version"], old["proposed"]) == (2, False)
        assert names(old["terms"]) == ["Autumn 1", "Autumn 2", "Spring", "Summer"]

        await school.hears(SchoolYearChanged(version=2, academic_year="2027/28"))
        new = await section(school, "terms")
        assert (new["academic_year"], new["version"], new["proposed"]) == ("2027/28", 3, True)
        assert names(new["terms"]) == names(old["terms"])
        assert new["terms"][1]["first_day"] == "2027-11-01", "a Monday as it was"
        assert not {t["id"] for t in new["terms"]} & {t["id"] for t in old["terms"]}
        line = (await logged(school))[-1]
        assert (line["action"], line["actor"]["kind"]) == ("terms.proposed", "system")
        assert line["after"]["Autumn 2"] == "2027-11-01 – 2027-12-17"
        late = await save(school, "terms", old["terms"], version=2)
        assert problem_of(late) == (409, "changed-meanwhile")
        confirmed = await saved(school, "terms", new["terms"], version=3)
        assert (confirmed["version"], confirmed["proposed"]) == (4, False)

        await school.hears(SchoolYearChanged(version=3, academic_year="2026/27"))
        again = await section(school, "terms")
        assert (again["academic_year"], again["version"]) == ("2026/27", 5)
        assert again["terms"] == old["terms"]
        await school.hears(SchoolYearChanged(version=4, academic_year="2027/28"))
        assert (await section(school, "terms"))["terms"] == new["terms"]
        told = (await school.told("reports.terms.changed.v1"))[-1]["data"]
        assert (told["version"], told["academic_year"]) == (6, "2027/28")

    @given(
        start=st.integers(2020, 2090),
        lengths=st.lists(st.tuples(st.integers(0, 40), st.integers(0, 60)), min_size=1, max_size=6),
    )
    def test_are_right_whatever_they_were(self, start: int, lengths: list[tuple[int, int]]) -> None:
        year, following = f"{start}/{(start + 1) % 100:02}", f"{start + 1}/{(start + 2) % 100:02}"
        terms, day = [], date(start, 9, 1)
        for number, (pause, length) in enumerate(lengths):
            first = day + timedelta(days=pause)
            last = min(first + timedelta(days=length), date(start + 1, 8, 31))
            terms.append(Term(uuid4(), f"Term {number}", True, first, last))
            day = last + timedelta(days=1)
        if faults_of_terms(terms, year):
            return
        later = terms_after(terms, following)
        assert faults_of_terms(later, following) == []
        assert all(term.proposed for term in later)
        assert all(a.last_day < b.first_day for a, b in pairwise(later))
        assert faults_of_terms(default_terms(year), year) == []


async def test_the_set_up_guide_counts_what_a_person_has_looked_at(
    reports: Door, school: SchoolInTest
) -> None:
    """R28: terms that the calendar proposed count once somebody has saved them."""
    begun = await school.get("/set-up")
    assert begun["has_logo"] is False
    assert begun["subjects"] > 0
    assert begun["terms"] == begun["terms_proposed"] == 3
    terms = await section(school, "terms")
    kept = [
        {name: term[name] for name in ("id", "name", "first_day", "last_day", "active")}
        for term in terms["terms"]
    ]
    await saved(school, "terms", kept)
    assert await school.get("/set-up") == {**begun, "terms_proposed": 0}
    answer = await reports.client.get("/set-up", headers=school.as_slt())
    assert problem_of(answer)[0] == 403
