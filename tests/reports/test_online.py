"""Online reports: whose parents see which, until when, and that they opened it (R27)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.reports.generated.job import TEXTS_KEPT_FOR
from shared.contracts.vocabulary import LinkKind
from shared.security.principals import Kind, Principal, Scope
from tests.reports.generation import pages_of
from tests.reports.publishing import Parent, PublishingSchool
from tests.roster.door import Door, problem_of

NAMES = ["Amy Adams", "Bo Baker", "Cy Carr"]


@dataclass
class Made:
    """A class, its teacher, and the reports that were made of it."""

    school: PublishingSchool
    group: UUID
    pupils: list[UUID]
    teacher_id: UUID
    job: str = ""

    @property
    def teacher(self) -> dict[str, str]:
        return self.school.as_teacher(self.teacher_id)

    async def makes(self) -> str:
        """Another set, of what is recorded by now."""
        job = await self.school.made(self.school.body("group", self.group), self.teacher)
        return str(job["id"])


@pytest.fixture(scope="module")
async def made(reports: Door) -> Made:
    """Nothing is published; tests that publish have a set of their own (`anew`)."""
    school = PublishingSchool(reports)
    await school.begins_reports()
    pupils = await school.children(*NAMES)
    await school.marks(pupils, "Reads with joy.")
    group = await school.group("3 Blue", *pupils)
    one = Made(school, group, pupils, await school.teacher(group))
    one.job = await one.makes()
    return one


@pytest.fixture(scope="module")
async def sets(made: Made) -> list[str]:
    """Three sets of reports of the same class, the first the oldest."""
    jobs = []
    for days in range(2, 5):
        with made.school.door.clock.at(made.school.door.clock() + timedelta(days=days)):
            jobs.append(await made.makes())
    return jobs


@pytest.fixture
async def anew(made: Made) -> AsyncIterator[Made]:
    """With reports that nobody has published; none are seen any more afterwards."""
    one = replace(made, job=await made.makes())
    yield one
    await made.school.withdraw(one.job, made.school.as_slt())


def routes_of(child: UUID, job: str) -> list[str]:
    base = f"/children/{child}/reports"
    return [base, f"{base}/{job}", f"{base}/{job}/school-logo.png", f"{base}/{job}/file"]


class TestTheWrongParent:
    async def test_of_another_child_finds_nothing(self, anew: Made) -> None:
        amy, bo, _ = anew.pupils
        await anew.school.publish(anew.job, anew.teacher, amy, bo)
        for wrong in (anew.school.parent(bo), anew.school.parent()):
            for path in routes_of(amy, anew.job):
                answer = await anew.school.door.client.get(path, headers=wrong.headers)
                assert problem_of(answer) == (404, "report-not-found"), path
        states = await anew.school.states(anew.job, anew.teacher)
        assert not any(pupil["openings"] for pupil in states.values())

    async def test_of_another_school_finds_nothing(self, anew: Made) -> None:
        """Even if the child's id were signed for them."""
        amy = anew.pupils[0]
        await anew.school.publish(anew.job, anew.teacher, amy)
        wrong = replace(anew.school.parent(amy), school_id=uuid4())
        assert await wrong.sees(amy) == []
        for path in routes_of(amy, anew.job)[1:]:
            answer = await anew.school.door.client.get(path, headers=wrong.headers)
            assert problem_of(answer) == (404, "report-not-found"), path

    async def test_does_not_reach_another_child_by_the_id_of_a_report(self, anew: Made) -> None:
        amy, bo, _ = anew.pupils
        await anew.school.publish(anew.job, anew.teacher, amy)
        answer = await anew.school.parent(bo).asks(bo, f"/{anew.job}")
        assert problem_of(answer) == (404, "report-not-found")

    async def test_who_has_lost_the_child_has_lost_the_reports(self, anew: Made) -> None:
        amy = anew.pupils[0]
        await anew.school.publish(anew.job, anew.teacher, amy)
        parent = anew.school.parent(amy)
        assert await parent.sees(amy) == [anew.job]
        unlinked = replace(parent, children=())
        assert (await unlinked.asks(amy, f"/{anew.job}")).status_code == 404


class TestEveryRole:
    """Each at each route; what is nobody's is answered as what is not there."""

    @pytest.fixture
    async def who(self, anew: Made) -> dict[str, dict[str, str]]:
        school, amy = anew.school, anew.pupils[0]
        other = PublishingSchool(school.door)

        def with_claim(kind: Kind, role: str | None) -> dict[str, str]:
            principal = Principal(
                uuid4(), school.id, kind, role, Scope.FULL, uuid4(), "Jo", children=(amy,)
            )
            token = school.door.signer.sign(principal, "reports")
            return {"Authorization": f"Bearer {token}"}

        return {
            "nobody": {},
            "the wrong school's slt": other.as_slt(),
            "the wrong school's teacher": other.as_teacher(anew.teacher_id),
            "admin": with_claim(Kind.ADMIN, None),
            "parent": school.parent(amy).headers,
            "teacher of another class": school.as_teacher(await school.teacher()),
            "teacher of the class who did not ask": school.as_teacher(
                await school.teacher(anew.group)
            ),
            "who had them made": anew.teacher,
            "slt": with_claim(Kind.USER, "slt"),
        }

    async def test_users_routes(self, anew: Made, who: dict[str, dict[str, str]]) -> None:
        expected = {
            "nobody": 401,
            "the wrong school's slt": 404,
            "the wrong school's teacher": 404,
            "admin": 403,
            "parent": 403,
            "teacher of another class": 404,
            "teacher of the class who did not ask": 404,
            "who had them made": 200,
            "slt": 200,
        }
        school, amy = anew.school, anew.pupils[0]
        for name, headers in who.items():
            read = await school.door.client.get(f"/online-reports/{anew.job}", headers=headers)
            published = await school.publish(anew.job, headers, amy)
            seen = await school.parent(amy).sees(amy)
            withdrawn = await school.withdraw(anew.job, headers)
            statuses = {read.status_code, published.status_code, withdrawn.status_code}
            assert statuses == {expected[name]}, name
            assert seen == ([anew.job] if expected[name] == 200 else []), name

    async def test_parents_routes(self, anew: Made, who: dict[str, dict[str, str]]) -> None:
        amy = anew.pupils[0]
        await anew.school.publish(anew.job, anew.teacher, amy)
        for name, headers in who.items():
            expected = {"nobody": 401, "parent": 200}.get(name, 403)
            for path in routes_of(amy, anew.job):
                answer = await anew.school.door.client.get(path, headers=headers)
                if name == "parent" and path.endswith(".png"):
                    assert problem_of(answer) == (404, "no-logo"), "the school has none"
                else:
                    assert answer.status_code == expected, f"{name} at {path}"


class TestPublished:
    async def test_parents_read_what_was_looked_at_whatever_is_recorded_since(
        self, anew: Made
    ) -> None:
        amy = anew.pupils[0]
        await anew.school.publish(anew.job, anew.teacher, amy)
        await anew.school.marks(anew.pupils, "Something else by now.")
        parent = anew.school.parent(amy)
        [listed] = (await parent.asks(amy)).json()["items"]
        assert (listed["title"], listed["term_name"]) == ("Report to parents", "Autumn")
        assert listed["opened"] is False
        read = (await parent.asks(amy, f"/{anew.job}")).json()
        assert read["pupil_name"] == "Amy Adams"
        assert {block["kind"] for block in read["blocks"]} >= {"details", "attainment"}
        assert "Reads with joy." in str(read["blocks"])
        first, second = [await parent.asks(amy, f"/{anew.job}/file") for _ in range(2)]
        assert first.headers["content-type"] == "application/pdf"
        assert "no-store" in first.headers["cache-control"]
        assert first.content == second.content, "kept, and given out again"
        text = "".join(pages_of(first.content))
        assert "Amy Adams" in text
        assert "Bo Baker" not in text
        await anew.school.marks(anew.pupils, "Reads with joy.")

    async def test_all_of_these_or_none_and_twice_is_once(self, anew: Made) -> None:
        amy, bo, cy = anew.pupils
        before = len(await anew.school.news())
        unknown = await anew.school.publish(anew.job, anew.teacher, amy, uuid4())
        assert problem_of(unknown) == (404, "pupil-not-in-reports")
        many = await anew.school.publish(anew.job, anew.teacher, *(uuid4() for _ in range(501)))
        assert many.status_code == 422
        assert (await anew.school.publish(anew.job, anew.teacher, amy, bo, amy)).status_code == 200
        assert (await anew.school.publish(anew.job, anew.teacher, amy, bo)).status_code == 200
        assert (await anew.school.publish(anew.job, anew.teacher, bo, cy)).status_code == 200
        said = (await anew.school.news())[before:]
        assert said == [("published", 1, 2), ("published", 2, 1)]
        entries = [
            entry
            for event in await anew.school.told("activity.recorded.v1")
            for entry in event["data"]["entries"]
            if entry["action"] == "online_reports.published"
        ]
        assert entries[-1]["after"]["parents_see"] == ["Carr, Cy"]
        assert "joy" not in str(entries), "assessments are the users' (R1)"

    async def test_a_teacher_only_whom_they_still_see(self, anew: Made) -> None:
        """R14; and a leaver's is not published."""
        school = anew.school
        dora = await school.pupil(legal_forename="Dora", legal_surname="Dean")
        group = await school.group("3 Red", dora, anew.pupils[0])
        teacher = await school.teacher(group)
        headers = school.as_teacher(teacher)
        job = str((await school.made(school.body("group", group), headers))["id"])
        await school.link(LinkKind.MEMBER, group, dora, present=False)
        assert list(await school.states(job, headers)) == ["Adams, Amy"]
        answer = await school.publish(job, headers, dora)
        assert problem_of(answer) == (404, "pupil-not-in-reports")
        assert (await school.publish(job, school.as_slt(), dora)).status_code == 200
        assert (await school.withdraw(job, headers)).status_code == 200
        assert await school.parent(dora).sees(dora) == [job], "not theirs to withdraw"
        assert (await school.withdraw(job, school.as_slt())).status_code == 200
        await school.pupil(dora, active=False)
        assert (await school.states(job, school.as_slt()))["Dean, Dora"]["hindrance"] == (
            "not_on_roll"
        )
        answer = await school.publish(job, school.as_slt(), dora)
        assert problem_of(answer) == (409, "cannot-publish")

    async def test_only_what_was_made_once(self, made: Made) -> None:
        job = await made.makes()
        unmade = "UPDATE report_jobs SET state = 'cancelled', digest = NULL WHERE id = $1"
        await made.school.execute(unmade, [(UUID(job),)])
        answer = await made.school.publish(job, made.teacher, made.pupils[0])
        assert problem_of(answer) == (409, "reports-not-made-yet")


class TestNewer:
    async def test_takes_the_place_of_the_earlier_and_never_the_other_way(self, anew: Made) -> None:
        school, (amy, bo, _) = anew.school, anew.pupils
        with school.door.clock.at(school.door.clock() + timedelta(days=1)):
            newer = await anew.makes()
        await school.publish(anew.job, anew.teacher, amy, bo)
        assert (await school.states(newer, anew.teacher))["Adams, Amy"]["replaces_earlier"]
        await school.publish(newer, anew.teacher, amy)
        parent = school.parent(amy, bo)
        assert (await parent.sees(amy), await parent.sees(bo)) == ([newer], [anew.job])
        assert problem_of(await parent.asks(amy, f"/{anew.job}")) == (410, "report-replaced")
        earlier = await school.states(anew.job, anew.teacher)
        assert [pupil["state"] for pupil in earlier.values()] == [
            "replaced",
            "published",
            "not_published",
        ]
        assert earlier["Adams, Amy"]["hindrance"] == "newer"
        answer = await school.publish(anew.job, anew.teacher, amy)
        assert problem_of(answer) == (409, "cannot-publish")
        await school.withdraw(newer, anew.teacher)
        assert await parent.sees(amy) == [], "what it replaced does not come back by itself"
        await school.publish(anew.job, anew.teacher, amy)
        assert await parent.sees(amy) == [anew.job]


class TestWithdrawn:
    async def test_while_a_parent_has_it_open(self, anew: Made) -> None:
        school, (amy, bo, _) = anew.school, anew.pupils
        await school.publish(anew.job, anew.teacher, amy, bo)
        parent = school.parent(amy, bo)
        assert (await parent.asks(amy, f"/{anew.job}/file")).status_code == 200
        await school.withdraw(anew.job, anew.teacher, amy)
        for path in (f"/{anew.job}", f"/{anew.job}/file", f"/{anew.job}/school-logo.png"):
            assert problem_of(await parent.asks(amy, path)) == (410, "report-withdrawn")
        assert (await parent.asks(bo, f"/{anew.job}")).status_code == 200
        assert (await school.withdraw(anew.job, anew.teacher)).status_code == 200
        assert await parent.sees(bo) == []
        assert (await school.publish(anew.job, anew.teacher, amy)).status_code == 200
        assert (await parent.asks(amy, f"/{anew.job}")).status_code == 200

    async def test_two_who_publish_and_withdraw_at_once_end_as_one_after_the_other(
        self, anew: Made
    ) -> None:
        school, amy = anew.school, anew.pupils[0]
        before = len(await school.news())
        answers = await asyncio.gather(
            *(school.publish(anew.job, anew.teacher, amy) for _ in range(4)),
            *(school.withdraw(anew.job, anew.teacher) for _ in range(4)),
        )
        assert {answer.status_code for answer in answers} == {200}
        said = (await school.news())[before:]
        turns = [("published", "withdrawn")[turn % 2] for turn in range(len(said))]
        assert said == [(what, turn + 1, 1) for turn, what in enumerate(turns)]
        seen = await school.parent(amy).sees(amy)
        assert bool(seen) is (said[-1][0] == "published")

    async def test_two_sets_of_one_term_published_at_once(
        self, made: Made, sets: list[str]
    ) -> None:
        school, amy = made.school, made.pupils[0]
        for job in sets:
            await school.withdraw(job, made.teacher)
        answers = await asyncio.gather(*(school.publish(job, made.teacher, amy) for job in sets))
        assert {answer.status_code for answer in answers} <= {200, 409}
        seen = await school.parent(amy).sees(amy)
        await school.withdraw(sets[-1], made.teacher)
        assert seen == [sets[-1]], "the newest, whoever was first"


class TestOpened:
    async def test_who_first_and_last(self, anew: Made) -> None:
        school, amy = anew.school, anew.pupils[0]
        await school.publish(anew.job, anew.teacher, amy)
        anna, ben = school.parent(amy), school.parent(amy, name="Ben Adams")
        noon = school.door.clock()
        await anna.sees(amy)
        assert not (await school.states(anew.job, anew.teacher))["Adams, Amy"]["openings"]
        for who, hours in ((anna, 1), (ben, 2), (anna, 3)):
            with school.door.clock.at(noon + timedelta(hours=hours)):
                await who.asks(amy, f"/{anew.job}")
        openings = (await school.states(anew.job, anew.teacher))["Adams, Amy"]["openings"]
        assert [(one["name"], _hours(one, noon)) for one in openings] == [
            ("Anna Adams", (1, 3)),
            ("Ben Adams", (2, 2)),
        ]
        [listed] = (await anna.asks(amy)).json()["items"]
        assert listed["opened"]


def _hours(opening: dict[str, Any], since: Any) -> tuple[int, int]:
    first, last = (type(since).fromisoformat(opening[key]) for key in ("first_at", "last_at"))
    return round((first - since).seconds / 3600), round((last - since).seconds / 3600)


STEPS = st.tuples(
    st.sampled_from(["publish", "withdraw"]),
    st.integers(0, 2),
    st.sets(st.integers(0, 2), min_size=1),
)


class TestWhateverHappens:
    @pytest.fixture(autouse=True)
    async def _none_is_seen_any_more(self, made: Made, sets: list[str]) -> AsyncIterator[None]:
        yield
        for job in sets:
            await made.school.withdraw(job, made.school.as_slt())

    @settings(max_examples=10)
    @given(steps=st.lists(STEPS, min_size=3, max_size=8))
    async def test_each_parent_sees_the_one_that_is_published_for_their_child(
        self, made: Made, sets: list[str], steps: list[tuple[str, int, set[int]]]
    ) -> None:
        school, parents = made.school, [made.school.parent(one) for one in made.pupils]
        for job in sets:
            await school.withdraw(job, made.teacher)
        seen: dict[int, int] = {}
        for what, which, whose in steps:
            pupils = [made.pupils[n] for n in whose]
            if what == "withdraw":
                await school.withdraw(sets[which], made.teacher, *pupils)
                seen = {n: s for n, s in seen.items() if (s, n in whose) != (which, True)}
            else:
                answer = await school.publish(sets[which], made.teacher, *pupils)
                refused = any(seen.get(n, -1) > which for n in whose)
                assert answer.status_code == (409 if refused else 200)
                seen |= {} if refused else dict.fromkeys(whose, which)
        for n, parent in enumerate(parents):
            await self._sees(parent, made.pupils[n], sets, seen.get(n))

    @staticmethod
    async def _sees(parent: Parent, child: UUID, sets: list[str], which: int | None) -> None:
        assert await parent.sees(child) == ([] if which is None else [sets[which]])
        for n, job in enumerate(sets):
            opened = await parent.asks(child, f"/{job}")
            assert (opened.status_code == 200) is (n == which)


class TestNotKept:
    async def test_what_parents_see_stays_and_what_they_do_not_goes(
        self, anew: Made, files: Path
    ) -> None:
        """The file that was printed for a parent at once, the text when its year is over."""
        school, (amy, bo, cy) = anew.school, anew.pupils
        await school.publish(anew.job, anew.teacher, amy, bo)
        for child in (amy, bo):
            parent = school.parent(child)
            assert (await parent.asks(child, f"/{anew.job}/file")).status_code == 200
        copies = files / "schools" / str(school.id) / "online" / anew.job
        await school.withdraw(anew.job, anew.teacher, bo)
        await school.files_are_deleted()
        assert [path.stem for path in copies.iterdir()] == [str(amy)]
        clock = school.door.clock
        with clock.at(clock() + TEXTS_KEPT_FOR + timedelta(hours=1)):
            await school.files_are_deleted()
            assert (await school.parent(amy).asks(amy, f"/{anew.job}/file")).status_code == 200
            again = await school.publish(anew.job, school.as_slt(), cy)
            assert problem_of(again) == (409, "cannot-publish")
            states = await school.states(anew.job, school.as_slt())
            assert [one["hindrance"] for one in states.values()] == [None, "not_kept", "not_kept"]
            await school.withdraw(anew.job, school.as_slt(), amy)
            await school.files_are_deleted()
            assert not list(copies.iterdir())
            kept = "SELECT FROM report_job_pupils WHERE job_id = $1 AND report <> ''"
            assert await school.door.rows(kept, UUID(anew.job)) == []
