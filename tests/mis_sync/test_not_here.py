"""'In the MIS, not here, because …': each with its reason and, if possible, a way (R20)."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from uuid_utils.compat import uuid7

from shared.contracts.identity import UserState
from shared.contracts.vocabulary import Origin, StaffRole
from shared.security.principals import Kind
from tests.mis_sync.mis import upn
from tests.mis_sync.world import SchoolInTest, decision


async def keep_user(school: SchoolInTest, **fields: Any) -> UserState:
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
    return user


class TestStaffWithoutAClass:
    async def test_get_no_user_by_themselves_and_one_by_a_person(
        self, school: SchoolInTest
    ) -> None:
        """The FAQ's PPA teachers: made from the list, once, and theirs from then on."""
        school.mis.teacher("T1")
        await school.sync()
        (listed,) = await school.not_here()
        assert (listed["reason_kind"], listed["actions"]) == (
            "staff_without_class",
            ["map", "create"],
        )
        assert school.held.users == {}
        mine = [decision(listed, "create")]
        assert (await school.post("/mapping/preview", decisions=mine)).json()["creates_users"] == 1
        await school.decide(*mine)
        (user,) = school.held.users.values()
        assert (user.surname, user.email) == ("ReidT1", "t1@school.example")
        assert await school.not_here() == []
        school.mis.group("G", "3 Blue")
        school.mis.teachings.add(("T1", "G"))
        await school.sync()
        await school.create_all()
        (group,) = school.held.groups
        assert school.held.teachers_of(group) == {user.id}
        assert list(school.held.users) == [user.id]

    async def test_who_is_here_by_that_name_is_named_and_can_be_said_to_be_them(
        self, school: SchoolInTest
    ) -> None:
        own = await keep_user(school)
        school.mis.teacher("T1")
        await school.sync()
        (listed,) = await school.not_here()
        assert listed["probably"]["id"] == str(own.id)
        await school.decide(decision(listed, "map"))
        assert await school.not_here() == []
        assert list(school.held.users) == [own.id]

    async def test_none_is_made_whose_address_is_taken(self, school: SchoolInTest) -> None:
        """R8: looked at again at the moment of saving."""
        school.mis.teacher("T1")
        await school.sync()
        (listed,) = await school.not_here()
        await keep_user(school, email="T1@school.example", surname="Else")
        saved = await school.decide(decision(listed, "create"))
        assert saved["results"][0]["detail"].startswith("Tom Else has the same e-mail address")


class TestPupils:
    async def test_without_a_upn_are_not_made_but_can_be_looked_for(
        self, school: SchoolInTest
    ) -> None:
        school.mis.pupil("P1", upn=None)
        school.mis.pupil("P2", upn="nonsense")
        await school.sync()
        listed = await school.not_here()
        assert [(each["reason_kind"], each["actions"]) for each in listed] == [
            ("pupil_invalid_upn", ["map"]),
            ("pupil_without_upn", ["map"]),
        ]
        saved = await school.decide(decision(listed[1], "ignore"), decision(listed[0], "create"))
        assert saved["counts"] == {"refused": 2}


class TestTheList:
    async def fill(self, school: SchoolInTest) -> None:
        school.mis.pupil("P1", upn=None, legal_forename="=Eve", legal_surname="Ånd")
        school.mis.pupil("P2", upn=upn(1))
        school.mis.pupil("P3", upn=upn(1))
        school.mis.teacher("T1")
        await school.sync()

    async def test_is_filtered_searched_and_counted(self, school: SchoolInTest) -> None:
        await self.fill(school)
        page = await school.not_here_page(who="pupil", kind="pupil_duplicate_upn", limit=1)
        assert (len(page["items"]), page["total"]) == (1, 2)
        counts = {(each["kind"], each["reason_kind"]): each["count"] for each in page["counts"]}
        assert counts == {
            ("pupil", "pupil_without_upn"): 1,
            ("pupil", "pupil_duplicate_upn"): 2,
            ("staff", "staff_without_class"): 1,
        }
        found = await school.not_here_page(search="eve")
        assert [each["label"] for each in found["items"]] == ["=Eve Ånd"]

    async def test_is_a_file_that_excel_reads_and_runs_nothing_of(
        self, school: SchoolInTest
    ) -> None:
        await self.fill(school)
        answer = await school.ask("GET", "/not-here/export", params={"who": "pupil"})
        assert answer.content.startswith(b"\xef\xbb\xbf")
        rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
        assert [row["Name"] for row in rows] == ["Maya PatelP2", "Maya PatelP3", "'=Eve Ånd"]
        assert {row["Who"] for row in rows} == {"Pupil"}
        assert rows[2]["Why"].startswith("The pupil has no UPN in the MIS.")
        (line,) = [
            line
            for line in await school.activity()
            if line["action"] == "mapping.not_here_exported"
        ]
        assert line["after"] == {"people": 3, "who": "pupil"}

    @pytest.mark.parametrize("path", ["/not-here", "/not-here/export"])
    async def test_is_the_admins_own(self, school: SchoolInTest, path: str) -> None:
        await self.fill(school)
        assert (await school.ask("GET", path, kind=Kind.USER)).status_code == 403
        other = await school.world.linked_school()
        assert "Ånd" not in (await other.ask("GET", path)).text
