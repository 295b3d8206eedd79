"""What a person decides, and what another person decided in the meantime (R19, R20)."""

from __future__ import annotations

import asyncio
from datetime import date
from uuid import UUID

from uuid_utils.compat import uuid7

from shared.contracts.identity import UserState
from shared.contracts.mis_sync import PupilDetails, PupilsApproved
from shared.contracts.roster import PupilState
from shared.contracts.vocabulary import Origin, StaffRole, YearGroup
from tests.mis_sync.mis import Mis, upn
from tests.mis_sync.world import SchoolInTest, decision


async def with_groups(school: SchoolInTest, *names: str) -> None:
    for number, name in enumerate(names):
        school.mis.group(f"G{number}", name)
    await school.sync()


class TestTwoAtOnce:
    async def test_the_second_is_told_and_undoes_nothing(self, school: SchoolInTest) -> None:
        await with_groups(school, "3 Blue")
        (seen,) = await school.differences()
        answers = await asyncio.gather(
            school.post("/mapping", decisions=[decision(seen, "create")]),
            school.post("/mapping", decisions=[decision(seen, "ignore")]),
        )
        assert sorted(answer.status_code for answer in answers) == [200, 409]
        saved, refused = sorted(answers, key=lambda answer: answer.status_code)
        (outcome,) = [result["outcome"] for result in saved.json()["results"]]
        (told,) = refused.json()["conflicts"]
        words = {"created": "made it new here", "ignored": "ignored it"}
        assert told["detail"] == f"The office has {words[outcome]}."
        assert (told["difference_id"], told["label"]) == (seen["id"], "3 Blue")
        await school.rest()
        state = "ignored" if outcome == "ignored" else "resolved"
        assert [each["id"] for each in await school.differences(state=state)] == [seen["id"]]

    async def test_nothing_is_saved_of_what_was_sent_with_it(self, school: SchoolInTest) -> None:
        """So that what was previewed is what is done, and the page keeps the other choices."""
        await with_groups(school, "3 Blue", "4 Red")
        own = await school.world.owners.keep_group(school.id, "Owls", None)
        await school.hears(bool, "SELECT 1 FROM own_groups WHERE school_id = $1")
        blue, red = await school.differences()
        await school.decide(decision(blue, "map", own.id))
        mine = [decision(blue, "ignore"), decision(red, "create")]
        for path in ("/mapping/preview", "/mapping"):
            answer = await school.post(path, decisions=mine)
            assert answer.status_code == 409
            (told,) = answer.json()["conflicts"]
            assert told["detail"] == "The office has mapped it to Owls."
            assert told["by"] == "The office"
        assert await school.differences(state="open") == [red]

    async def test_what_was_ignored_or_is_settled_is_not_decided_over_it(
        self, school: SchoolInTest
    ) -> None:
        await with_groups(school, "3 Blue")
        (seen,) = await school.differences()
        await school.decide(decision(seen, "ignore"))
        answer = await school.post("/mapping", decisions=[decision(seen, "create")])
        assert answer.json()["conflicts"][0]["state"] == "ignored"
        (ignored,) = await school.differences()
        await school.decide(decision(ignored, "create"))
        (settled,) = await school.differences(state="resolved")
        answer = await school.post("/mapping", decisions=[decision(settled, "ignore")])
        assert answer.json()["conflicts"][0]["detail"] == "The office has made it new here."
        assert len(school.held.groups) == 1

    async def test_what_the_sync_did_is_not_said_to_be_a_persons(
        self, school: SchoolInTest
    ) -> None:
        await with_groups(school, "3 Blue")
        (seen,) = await school.differences()
        await school.decide(decision(seen, "ignore"))
        del school.mis.groups["G0"]
        school.mis.group("G1", "4 Red")
        await school.sync()
        answer = await school.post("/mapping", decisions=[decision(seen, "unignore")])
        (told,) = answer.json()["conflicts"]
        assert told["detail"] == "The sync has settled it in the meantime."
        assert told["by"] is None

    async def test_one_that_is_not_possible_does_not_stop_the_others(
        self, school: SchoolInTest
    ) -> None:
        await with_groups(school, "3 Blue", "4 Red", "5 Oak")
        own = await school.world.owners.keep_group(school.id, "Owls", None)
        await school.hears(bool, "SELECT 1 FROM own_groups WHERE school_id = $1")
        blue, red, oak = await school.differences()
        saved = await school.decide(
            decision(blue, "map", own.id),
            decision(red, "map", own.id),
            decision(oak, "map", uuid7()),
            decision(oak, "ignore"),
            decision({**blue, "id": str(uuid7())}, "create"),
        )
        assert [result["outcome"] for result in saved["results"]] == [
            "mapped",
            "refused",
            "refused",
            "ignored",
            "not_found",
        ]
        assert saved["results"][1]["detail"].startswith(
            "3 Blue in the MIS is mapped to Owls already. Unmap that first"
        )


class TestIgnoring:
    async def test_lasts_over_snapshots_and_can_be_taken_back(self, school: SchoolInTest) -> None:
        await with_groups(school, "3 Blue")
        (seen,) = await school.differences()
        saved = await school.decide(decision(seen, "ignore"))
        assert saved["run_id"] is None
        assert (await school.get("/summary"))["differences"] == 0
        await school.sync()
        (ignored,) = await school.differences(state="ignored")
        assert await school.differences(state="open") == []
        await school.decide(decision(ignored, "unignore"))
        assert (await school.get("/summary"))["differences"] == 1


class TestPupils:
    def here(self, school: SchoolInTest) -> PupilState:
        told = school.mis.pupils["P1"]
        return PupilState(
            id=uuid7(),
            version=1,
            active=True,
            upn=upn(500),
            legal_forename=told.legal_forename or "",
            legal_surname=told.legal_surname or "",
            date_of_birth=told.date_of_birth,
            year_group=None,
            origin=Origin.HAND,
        )

    async def test_a_namesake_is_suggested_and_becomes_who_the_person_says(
        self, school: SchoolInTest
    ) -> None:
        """R17: nothing new is made until somebody has said so."""
        school.mis.pupil("P1", upn=upn(1))
        own = await school.world.owners.keep_pupil(school.id, self.here(school))
        await school.hears(bool, "SELECT 1 FROM own_pupils WHERE school_id = $1")
        await school.sync()
        (suggested,) = await school.differences()
        assert suggested["kind"] == "pupil_suggestion"
        assert suggested["suggestion"]["id"] == str(own.id)
        assert suggested["mis"]["upn"] == upn(1)
        assert suggested["suggestion"]["values"]["upn"] == upn(500)
        assert len(school.held.pupils) == 1
        await school.decide(decision(suggested, "create"))
        assert len(school.held.pupils) == 2
        assert await school.differences() == []

    async def test_who_has_no_upn_cannot_be_made_but_can_be_mapped(
        self, school: SchoolInTest
    ) -> None:
        """R11: the FAQ's pupil in the wrong year group."""
        school.mis.pupil("P1", upn=None, sex="M")
        own = await school.world.owners.keep_pupil(school.id, self.here(school))
        await school.hears(bool, "SELECT 1 FROM own_pupils WHERE school_id = $1")
        await school.sync()
        (listed,) = await school.not_here()
        assert listed["probably"]["id"] == str(own.id)
        saved = await school.decide(decision(listed, "create"))
        assert saved["results"][0]["outcome"] == "refused"
        await school.decide(decision(listed, "map"))
        assert await school.not_here() == []
        assert school.held.pupils[own.id].sex == "M"

    async def test_who_was_made_by_hand_is_said_to_be_in_the_mis_once(
        self, school: SchoolInTest
    ) -> None:
        """R13: their owner must know that they may leave by it, though nothing differs."""
        told = school.mis.pupil("P1", year_group="3")
        state = self.here(school).model_copy(
            update={"upn": told.upn, "year_group": YearGroup.Y3, "sex": told.sex}
        )
        own = await school.world.owners.keep_pupil(school.id, state)
        await school.hears(bool, "SELECT 1 FROM own_pupils WHERE school_id = $1")
        await school.sync()
        (proposal,) = school.held.proposals(PupilsApproved)
        assert proposal.pupil_id == own.id
        assert proposal.details == PupilDetails()
        assert set((await school.sync())["counts"].values()) == {0}


class TestStaff:
    async def user(self, school: SchoolInTest, **fields: object) -> UUID:
        known = {
            "id": uuid7(),
            "version": 1,
            "active": True,
            "username": "ng75pn_reid",
            "forename": "Tom",
            "surname": "ReidT1",
            "role": StaffRole.TEACHER,
            "claimed": True,
            "origin": Origin.HAND,
        }
        user = UserState.model_validate({**known, **fields})
        await school.world.owners.keep_user(school.id, user)
        await school.hears(bool, "SELECT 1 FROM own_users WHERE school_id = $1")
        return user.id

    async def test_a_namesake_is_asked_about_once_their_group_is_mapped(
        self, school: SchoolInTest
    ) -> None:
        """R18: of a mapped group, with a suggestion."""
        user = await self.user(school, email="other@x.example")
        school.mis.group("G", "3 Blue")
        school.mis.teacher("T1", "G")
        await school.sync()
        assert [d["kind"] for d in await school.differences()] == ["group_unmapped"]
        await school.create_all()
        (asked,) = await school.differences()
        assert asked["kind"] == "staff_suggestion"
        assert asked["match"] == "may_match"
        await school.decide(decision(asked, "map"))
        (group,) = school.held.groups
        assert school.held.teachers_of(group) == {user}
        assert len(school.held.users) == 1

    async def test_who_was_made_inactive_gets_no_new_user_and_is_listed(
        self, school: SchoolInTest
    ) -> None:
        """R20: and can be moved to their new account."""
        await self.user(school, email="t1@school.example", active=False)
        school.mis.group("G", "3 Blue")
        school.mis.teacher("T1", "G")
        await school.sync()
        await school.create_all()
        assert len(school.held.users) == 1
        (listed,) = await school.not_here()
        assert listed["reason_code"] == "staff_inactive"
        new = await self.user(school, email="new@x.example", surname="Else")
        await school.hears(
            lambda rows: len(rows) == 2, "SELECT 1 FROM own_users WHERE school_id = $1"
        )
        await school.decide(decision(listed, "map", new))
        (group,) = school.held.groups
        assert school.held.teachers_of(group) == {new}
        assert await school.not_here() == []


class TestWhatIsShown:
    async def test_a_group_says_how_many_pupils_it_has_and_who_teaches_it(
        self, school: SchoolInTest
    ) -> None:
        school.mis.group("G1", "3 Blue")
        school.mis.pupil("P1", "G1")
        school.mis.pupil("P2", "G1")
        school.mis.teacher("S1", "G1", title="Ms", forename="Zoë", surname="O'Neill")
        await school.sync()
        (difference,) = await school.differences()
        assert difference["mis"]["pupils"] == 2
        assert difference["mis"]["teachers"] == ["Ms Zoë O'Neill"]


class TestPaging:
    async def test_goes_through_all_once_and_searches(self, school: SchoolInTest) -> None:
        await with_groups(school, *(f"Club {letter}" for letter in "ABCDE"))
        seen: list[str] = []
        cursor = None
        while True:
            more: dict[str, str] = {"cursor": cursor} if cursor else {}
            page = await school.get("/differences", limit=2, **more)
            assert page["total"] == 5
            seen += [each["label"] for each in page["items"]]
            cursor = page["next_cursor"]
            if cursor is None:
                break
        assert seen == [f"Club {letter}" for letter in "ABCDE"]
        page = await school.get("/differences", search="club c")
        assert [each["label"] for each in page["items"]] == ["Club C"]
        assert (await school.ask("GET", "/differences?cursor=nonsense")).status_code == 400


def test_birthdays_in_these_tests_are_of_year_three() -> None:
    """The year group of who has none is derived, so the tests' pupils must agree."""
    assert date(2018, 9, 1) <= (Mis().pupil("P1").date_of_birth or date.min) < date(2019, 9, 1)
