"""Attainment and progress over HTTP: who may ask, what is told, and as a file (R14, R26)."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from shared.contracts.roster import LinksChanged, LinkState, PupilFieldsChanged
from shared.contracts.vocabulary import LinkKind, Origin
from shared.database.pool import Database
from tests.reports.assessed import AssessedSchool
from tests.reports.figures_model import Child, FiguresModel, Mark
from tests.roster.door import Door, SchoolInTest, problem_of

LATER = 3
EARLIER = 2
"""Two terms of the same year."""


def school_of_two_classes() -> FiguresModel:
    """Twenty in each; of the first ten girls, and three pupils with SEN. Of the last class one
    child has no mark, and one is inactive."""
    children = [
        Child("3", sex="FM"[place % 2], sen=place in (1, 2, 3), groups=frozenset({place // 20}))
        for place in range(40)
    ]
    children[39] = replace(children[39], active=False)
    marks = {
        (who, 0, term): Mark(who % 4 if term == LATER else 1, "3")
        for who in range(40)
        for term in (EARLIER, LATER)
        if who != 38
    }
    return FiguresModel(children, marks, groups=2)


class Asking:
    """Every route, asked about the first class, the year group or the school of a model."""

    def __init__(self, reports: Door, model: FiguresModel) -> None:
        self.reports, self.model = reports, model
        self.school = SchoolInTest(reports, id=model.school_id)

    def routes(self, **of: Any) -> Iterator[tuple[str, dict[str, Any]]]:
        model = self.model
        between = {"from_term": model.term_ids[EARLIER], "to_term": model.term_ids[LATER]}
        for suffix in ("", "/export"):
            yield f"/attainment{suffix}", {**of, "term_id": model.term_ids[LATER]}
            yield f"/attainment/progress{suffix}", {**of, **between}
            if "group_id" in of:
                subject = {"subject_id": model.subject_ids[0]}
                yield f"/attainment/pupils{suffix}", {**of, **between, **subject}

    async def ask(self, path: str, query: dict[str, Any], headers: Any) -> httpx.Response:
        params = {name: str(value) for name, value in query.items()}
        return await self.reports.client.get(path, params=params, headers=headers)

    async def answers(self, headers: Any, **of: Any) -> set[tuple[int, str]]:
        """What all routes answer: status, and what is wrong."""
        return {
            (answer.status_code, "") if answer.is_success else problem_of(answer)
            for path, query in self.routes(**of)
            for answer in [await self.ask(path, query, headers)]
        }

    def group(self, place: int = 0) -> dict[str, UUID]:
        return {"group_id": self.model.group_ids[place]}


@pytest.fixture(scope="module")
async def asking(reports: Door) -> Asking:
    model = school_of_two_classes()
    await model.write(reports.admin_dsn)
    return Asking(reports, model)


@pytest.fixture
async def teacher(asking: Asking) -> dict[str, str]:
    """Of the first class, and no more of the second."""
    user, school = uuid4(), asking.school
    for place, present in ((0, True), (1, False)):
        link = LinkState(
            kind=LinkKind.TEACHER,
            group_id=asking.model.group_ids[place],
            person_id=user,
            version=1,
            present=present,
            origin=Origin.MIS,
            override=False,
        )
        await school.hears(LinksChanged(links=(link,)))
    return school.as_teacher(user)


class TestWhoMayAsk:
    async def test_nobody_of_another_school(self, asking: Asking, reports: Door) -> None:
        """Whoever they are, and whatever ids of ours they know."""
        other = SchoolInTest(reports)
        for headers in (other.as_slt(), other.as_teacher(uuid4())):
            assert await asking.answers(headers, **asking.group()) == {(404, "group-not-seen")}
        theirs = {(404, "term-not-found")}
        assert await asking.answers(other.as_slt()) == theirs
        assert await asking.answers(other.as_slt(), year_group="3") == theirs
        choices = await other.get("/attainment/choices", headers=other.as_slt())
        assert [choices[name] for name in ("groups", "terms", "subjects")] == [[], [], []]

    async def test_neither_the_admin_account_nor_parents(self, asking: Asking) -> None:
        """R1: assessments are the users'."""
        for headers in (asking.school.as_admin(), asking.school.as_parent()):
            for of in ({}, {"year_group": "3"}, asking.group()):
                assert await asking.answers(headers, **of) == {(403, "forbidden")}
            answer = await asking.ask("/attainment/choices", {}, headers)
            assert problem_of(answer) == (403, "forbidden")
        assert await asking.answers({}) == {(401, "unauthenticated")}

    async def test_a_teacher_of_their_groups_alone(
        self, asking: Asking, teacher: dict[str, str]
    ) -> None:
        assert await asking.answers(teacher, **asking.group(0)) == {(200, "")}
        assert await asking.answers(teacher, **asking.group(1)) == {(404, "group-not-seen")}
        for of in ({}, {"year_group": "3"}):
            assert await asking.answers(teacher, **of) == {(403, "whole-school-only")}
        choices = await asking.school.get("/attainment/choices", headers=teacher)
        assert [group["name"] for group in choices["groups"]] == ["Class 0"]
        assert (choices["whole_school"], choices["year_groups"]) == (False, [])

    async def test_senior_leaders_of_all(self, asking: Asking) -> None:
        slt = asking.school.as_slt()
        for of in ({}, {"year_group": "3"}, asking.group(0), asking.group(1)):
            assert await asking.answers(slt, **of) == {(200, "")}
        choices = await asking.school.get("/attainment/choices", headers=slt)
        assert [group["pupils"] for group in choices["groups"]] == [20, 19]
        assert [one["code"] for one in choices["year_groups"]] == ["1", "2", "3", "4", "5", "6"]
        assert [one["marked"] for one in choices["terms"]] == [False, False, True, True]

    async def test_what_makes_no_sense_is_told(self, asking: Asking) -> None:
        slt = asking.school.as_slt()
        both = await asking.answers(slt, **asking.group(), year_group="3")
        assert (422, "one-scope-only") in both
        term = str(asking.model.term_ids[LATER])
        query = {"from_term": term, "to_term": term}
        answer = await asking.ask("/attainment/progress", query, slt)
        assert problem_of(answer) == (422, "two-terms-needed")
        answer = await asking.ask("/attainment", {"term_id": uuid4()}, slt)
        assert problem_of(answer) == (404, "term-not-found")
        terms = dict(zip(("from_term", "to_term"), asking.model.term_ids, strict=False))
        pupils = {**asking.group(), **terms, "subject_id": uuid4()}
        answer = await asking.ask("/attainment/pupils", pupils, slt)
        assert problem_of(answer) == (404, "subject-not-found")


class TestWhatIsTold:
    async def test_number_and_per_cent_and_what_is_hidden(self, asking: Asking) -> None:
        [path, query], *_ = asking.routes(**asking.group(1))
        found = (await asking.ask(path, query, asking.school.as_slt())).json()
        [row, *_] = found["subjects"]
        total = row["total"]
        assert (total["pupils"], total["recorded"]) == (19, 18)
        assert total["not_recorded"] == {"pupils": 1, "per_cent": 5}
        assert total["bands"][0] == {"pupils": 5, "per_cent": 28}
        assert total["at_or_above"] == {"pupils": 13, "per_cent": 72}
        girls, boys = row["compared"]["sex"]
        assert (girls["pupils"], boys["pupils"]) == (10, 9)
        assert row["compared"]["sen"] is None, "three in the school"

    async def test_who_takes_a_file_is_in_the_log_with_no_figure(
        self, asking: Asking, teacher: dict[str, str]
    ) -> None:
        """R9."""
        before = len(await exports(asking))
        for path, query in asking.routes(**asking.group()):
            await asking.ask(path, query, teacher)
        entries = (await exports(asking))[before:]
        kinds = [entry["subject"]["label"].split(" ", 1)[0] for entry in entries]
        assert kinds == ["attainment", "progress", "each"]
        assert [entry["after"] for entry in entries] == [{}, {}, {"pupils": 20}]

    async def test_a_file_hides_the_same(self, asking: Asking, teacher: dict[str, str]) -> None:
        for path, query in asking.routes(**asking.group()):
            if not path.endswith("/export"):
                continue
            answer = await asking.ask(path, query, teacher)
            assert answer.headers["content-type"] == "text/csv; charset=utf-8"
            assert answer.text.startswith("\ufeff")
            rows = list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))
            if "pupils" in path:
                assert rows[0]["Surname"] == "Hall 000"
                assert rows[0]["Progress"] == "Moved down"
                continue
            first = [row for row in rows if row["Subject"] == "Subject 0"]
            told = {row["Group"]: row["Pupils"] for row in first}
            assert (told["All pupils"], told["Girls"], told["Boys"]) == ("20", "10", "10")
            assert told["SEN"] == told["No SEN"]
            assert told["SEN"].startswith("Not shown")

    async def test_pupils_one_by_one_however_few_they_are(self, reports: Door) -> None:
        """Whoever teaches three may see each; only their comparisons are hidden."""
        children = [Child("3", sex="F", groups=frozenset({0})) for _ in range(3)]
        marks = {(0, 0, EARLIER): Mark(3, "2"), (0, 0, LATER): Mark(0, "3")}
        asking = Asking(reports, FiguresModel(children, marks, groups=1))
        await asking.model.write(reports.admin_dsn)
        slt = asking.school.as_slt()
        asked = dict(asking.routes(**asking.group()))
        listed = (await asking.ask("/attainment/pupils", asked["/attainment/pupils"], slt)).json()
        assert [one["step"] for one in listed["pupils"]] == ["down", None, None]
        assert [band and band["code"] for band in listed["pupils"][0]["bands"]] == ["B3", "B0"]
        table = (await asking.ask("/attainment", asked["/attainment"], slt)).json()
        assert table["subjects"][0]["total"]["pupils"] == 3
        assert set(table["subjects"][0]["compared"].values()) == {None}


class TestWhatRosterTells:
    async def compared(self, school: AssessedSchool) -> list[str]:
        choices = await school.get("/attainment/choices", headers=school.as_slt())
        return [one["name"] for one in choices["comparisons"]]

    async def characteristics(self, reports: Door, pupil_id: UUID) -> dict[str, Any]:
        query = "SELECT version, pupil_premium, eal, sen FROM pupil_characteristics WHERE id = $1"
        [row] = await reports.rows(query, pupil_id)
        return row

    async def test_only_what_the_school_keeps_is_compared_and_kept(self, reports: Door) -> None:
        """R29: no language and no provision, and what is switched off is forgotten."""
        school = AssessedSchool(reports)
        await school.begins()
        assert await self.compared(school) == ["sex"]
        kept = frozenset({"first_language", "sen_provision", "ethnicity"})
        await school.hears(PupilFieldsChanged(version=2, kept=kept))
        assert await self.compared(school) == ["sex", "eal", "sen"]
        pupil_id = await school.pupil(first_language="POL", sen_provision="K", pupil_premium=True)
        known = {"version": 1, "pupil_premium": True, "eal": True, "sen": True}
        assert await self.characteristics(reports, pupil_id) == known
        await school.hears(PupilFieldsChanged(version=1, kept=frozenset({"pupil_premium"})))
        assert await self.compared(school) == ["sex", "eal", "sen"], "late news"
        await school.hears(PupilFieldsChanged(version=3, kept=frozenset()))
        assert await self.compared(school) == ["sex"]
        none = dict.fromkeys(("first_language", "sen_provision", "pupil_premium"))
        await school.pupil(pupil_id, **none)
        forgotten = {"version": 2, "pupil_premium": None, "eal": None, "sen": None}
        assert await self.characteristics(reports, pupil_id) == forgotten

    @pytest.mark.parametrize(
        ("language", "provision", "eal", "sen"),
        [("ENG", "N", False, False), ("REF", "E", None, True), (None, "N", None, False)],
    )
    async def test_yes_no_or_not_known(
        self,
        reports: Door,
        language: str | None,
        provision: str | None,
        eal: bool | None,
        sen: bool | None,
    ) -> None:
        school = AssessedSchool(reports)
        pupil_id = await school.pupil(first_language=language, sen_provision=provision)
        row = await self.characteristics(reports, pupil_id)
        assert (row["eal"], row["sen"]) == (eal, sen)

    async def test_of_who_comes_without_any_of_it_nothing_is_written_until_there_is_some(
        self, reports: Door
    ) -> None:
        """And the first state, heard again, takes nothing of the second away."""
        school = AssessedSchool(reports)
        pupil_id = await school.pupil()
        count = "SELECT count(*) AS many FROM pupil_characteristics WHERE id = $1"
        assert await reports.rows(count, pupil_id) == [{"many": 0}]
        await school.pupil(pupil_id, sen_provision="K")
        known = {"version": 2, "pupil_premium": None, "eal": None, "sen": True}
        assert await self.characteristics(reports, pupil_id) == known
        school.said["pupil", pupil_id]["version"] = 0
        await school.pupil(pupil_id, sen_provision=None)
        assert await self.characteristics(reports, pupil_id) == known

    async def test_a_school_from_before_is_completed_by_what_roster_says_again(
        self, reports: Door
    ) -> None:
        """`republish` says states at versions that the copy of pupils has already."""
        school = AssessedSchool(reports)
        pupil_id = await school.pupil(pupil_premium=True)
        database = Database(reports.admin_dsn, name="test", max_size=1)
        await database.open()
        async with database.transaction() as connection:
            await connection.execute("DELETE FROM pupil_characteristics WHERE id = $1", pupil_id)
        await database.close()
        school.said["pupil", pupil_id]["version"] = 0
        await school.pupil(pupil_id)
        assert (await self.characteristics(reports, pupil_id))["pupil_premium"] is True


async def exports(asking: Asking) -> list[dict[str, Any]]:
    events = await asking.school.told("activity.recorded.v1")
    entries = [entry for event in events for entry in event["data"]["entries"]]
    return [entry for entry in entries if entry["action"] == "figures.exported"]
