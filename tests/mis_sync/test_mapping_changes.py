"""What is mapped, looked through and changed later: moved, or taken apart (R19, R20)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from uuid_utils.compat import uuid7

from shared.contracts.identity import UserState
from shared.contracts.vocabulary import Origin, StaffRole
from shared.security.principals import Kind
from tests.mis_sync.mis import upn
from tests.mis_sync.world import SchoolInTest, change, decision


async def with_a_class(school: SchoolInTest) -> None:
    """3 Blue with two pupils and a teacher, all brought in from the MIS."""
    school.mis.group("G", "3 Blue")
    school.mis.pupil("P1", "G", upn=upn(1))
    school.mis.pupil("P2", "G", upn=upn(2))
    school.mis.teacher("T1", "G")
    await school.sync()
    await school.create_all()


def everything_of(school: SchoolInTest) -> dict[str, Any]:
    held = school.held
    return {
        "pupils": dict(held.pupils),
        "groups": dict(held.groups),
        "users": dict(held.users),
        "links": dict(held.links),
    }


async def only(school: SchoolInTest, kind: str) -> dict[str, Any]:
    return (await school.mapped(kind=kind))[0]


class TestLookingThrough:
    async def test_all_that_is_mapped_with_who_and_why(self, school: SchoolInTest) -> None:
        await with_a_class(school)
        page = await school.get("/mapping", kind="group")
        assert page["counts"] == {"group": 1, "pupil": 2, "staff": 1}
        (group,) = page["items"]
        assert (group["label"], group["here_label"], group["origin"]) == (
            "3 Blue",
            "3 Blue",
            "person",
        )
        assert (group["made_by"], group["gone"]) == ("The office", False)
        assert (group["mis"]["pupils"], group["here"]["pupils"]) == (2, 2)
        (staff,) = await school.mapped(kind="staff")
        assert (staff["origin"], staff["made_by"]) == ("new", None)
        assert staff["here"]["groups"] == ["3 Blue"]

    async def test_is_searched_on_both_sides_and_paged(self, school: SchoolInTest) -> None:
        await with_a_class(school)
        first = await school.get("/mapping", limit=1, kind="pupil")
        second = await school.get("/mapping", limit=1, kind="pupil", cursor=first["next_cursor"])
        assert [first["total"], second["next_cursor"]] == [2, None]
        names = [page["items"][0]["label"] for page in (first, second)]
        assert names == ["Maya PatelP1", "Maya PatelP2"]
        found = await school.get("/mapping", search=upn(2).lower())
        assert [each["mis_id"] for each in found["items"]] == ["P2"]
        assert (await school.get("/mapping", search="100%"))["items"] == []
        assert (await school.ask("GET", "/mapping?cursor=W10")).status_code == 400

    async def test_is_the_admins_own(self, school: SchoolInTest) -> None:
        await with_a_class(school)
        other = await school.world.linked_school()
        assert await other.mapped() == []
        (group,) = await school.mapped(kind="group")
        answer = await other.post("/mapping/changes", changes=[change(group)])
        assert answer.status_code == 409
        for path in ("/mapping/changes", "/mapping/changes/preview"):
            body = {"changes": [change(group)]}
            asked = await school.ask("POST", path, kind=Kind.USER, json=body)
            assert asked.status_code == 403
        assert (await school.ask("GET", "/mapping", kind=Kind.USER)).status_code == 403
        assert len(await school.mapped()) == 4


class TestTakenApart:
    async def test_changes_nothing_and_is_asked_about_for_ever(self, school: SchoolInTest) -> None:
        """Nor do the syncs after it: who is a suggestion is not made anew (R17)."""
        await with_a_class(school)
        before = everything_of(school)
        for mapped in await school.mapped():
            shown = await school.post("/mapping/changes/preview", changes=[change(mapped)])
            assert shown.json()["takes_apart"] == shown.json()["asks"] == 1
            (result,) = (await school.change(change(mapped)))["results"]
            assert result["outcome"] == "taken_apart"
        asked = await school.differences(state="open")
        assert {each["kind"] for each in asked} == {
            "group_unmapped",
            "pupil_suggestion",
            "staff_suggestion",
        }
        assert len(asked) == (await school.get("/summary"))["differences"] == 4
        assert all(each["match"] == "may_match" and each["suggestion"] for each in asked)
        assert asked[0]["reason"] == (
            "It was mapped to 3 Blue until The office unmapped it. "
            "What is here stays as it is meanwhile."
        )
        run = await school.sync()
        assert set(run["counts"].values()) == {0}
        school.mis.pupil("P1", "G", upn=upn(1), sex="M")
        await school.sync()
        assert everything_of(school) == before
        assert await school.mapped() == []
        assert [each["id"] for each in await school.differences()] == [e["id"] for e in asked]

    async def test_is_nobody_elses_by_itself_meanwhile(self, school: SchoolInTest) -> None:
        """Though another record of the MIS has the same name, and would match for certain."""
        await with_a_class(school)
        school.mis.group("H", "3 Blue")
        await school.sync()
        before = everything_of(school)
        await school.change(change(await only(school, "group")))
        await school.sync()
        assert await school.mapped(kind="group") == []
        assert everything_of(school) == before

    async def test_is_mapped_again_by_the_person(self, school: SchoolInTest) -> None:
        await with_a_class(school)
        before = everything_of(school)
        await school.change(*[change(each) for each in await school.mapped()])
        asked = await school.differences()
        saved = await school.decide(*(decision(each, "map") for each in asked))
        assert saved["counts"] == {"mapped": 4}
        assert everything_of(school) == before
        assert await school.differences() == []
        assert {each["origin"] for each in await school.mapped()} == {"person"}

    async def test_nobody_is_made_twice(self, school: SchoolInTest) -> None:
        """R8, R17: with the same UPN or e-mail address 'new' is refused, with who has it."""
        await with_a_class(school)
        before = everything_of(school)
        people = [each for each in await school.mapped() if each["kind"] != "group"]
        await school.change(*(change(each) for each in people))
        asked = await school.differences()
        mine = [decision(each, "create") for each in asked]
        shown = (await school.post("/mapping/preview", decisions=mine)).json()
        assert (shown["not_possible"], shown["creates_pupils"], shown["creates_users"]) == (3, 0, 0)
        assert shown["refused"][0]["reason"].startswith("Maya PatelP1 has the same UPN here")
        saved = await school.decide(*mine)
        assert saved["counts"] == {"refused": 3}
        assert everything_of(school) == before

    async def test_who_leaves_and_comes_back_is_still_to_be_decided(
        self, school: SchoolInTest
    ) -> None:
        await with_a_class(school)
        (first, *_) = await school.mapped(kind="pupil")
        await school.change(change(first))
        gone = school.mis.pupils.pop("P1")
        await school.sync()
        assert await school.differences() == []
        school.mis.pupils["P1"] = gone
        await school.sync()
        (asked,) = await school.differences()
        assert (asked["label"], asked["reason_code"]) == ("Maya PatelP1", "taken_apart")
        assert len(school.held.pupils) == 2


class TestMoved:
    async def user(self, school: SchoolInTest, **fields: Any) -> UUID:
        known = {
            "id": uuid7(),
            "version": 1,
            "active": True,
            "username": "ng75pn_reid.1",
            "forename": "Tom",
            "surname": "Else",
            "role": StaffRole.TEACHER,
            "claimed": True,
            "origin": Origin.HAND,
        }
        user = UserState.model_validate({**known, **fields})
        await school.world.owners.keep_user(school.id, user)
        await school.hears(
            lambda rows: any(row["id"] == user.id for row in rows),
            "SELECT id FROM own_users WHERE school_id = $1",
        )
        return user.id

    async def test_to_the_users_new_account_with_the_links(self, school: SchoolInTest) -> None:
        """R20: the old one loses what the MIS gave it, and what is shown is what is done."""
        await with_a_class(school)
        new = await self.user(school)
        staff = await only(school, "staff")
        mine = [change(staff, "move", new)]
        shown = (await school.post("/mapping/changes/preview", changes=mine)).json()
        assert (shown["moves"], shown["adds_teaching"], shown["removes_links"]) == (1, 1, 1)
        assert shown["creates_users"] == 0
        await school.change(*mine)
        (group,) = school.held.groups
        assert school.held.teachers_of(group) == {new}
        assert (await only(school, "staff"))["record_id"] == str(new)

    async def test_only_to_a_record_that_is_there_and_free(self, school: SchoolInTest) -> None:
        await with_a_class(school)
        one, two = await school.mapped(kind="pupil")
        saved = await school.change(
            change(one, "move", two["record_id"]),
            change(two, "move", uuid7()),
        )
        assert [each["outcome"] for each in saved["results"]] == ["refused", "refused"]
        assert saved["results"][0]["detail"].startswith("Maya PatelP2 in the MIS is mapped to")
        assert saved["run_id"] is None
        again = await school.change(change(one, "move", one["record_id"]))
        assert again["results"][0]["detail"] == "Say which other record here it is."

    async def test_of_two_admins_the_second_is_told_what_the_first_did(
        self, school: SchoolInTest
    ) -> None:
        await with_a_class(school)
        new = await self.user(school)
        staff = await only(school, "staff")
        await school.change(change(staff, "move", new))
        for path in ("/mapping/changes/preview", "/mapping/changes"):
            answer = await school.post(path, changes=[change(staff)])
            assert answer.status_code == 409
            (told,) = answer.json()["conflicts"]
            assert told["detail"].startswith("The office has mapped it to Tom ")
        await school.change(change(await only(school, "staff")))
        answer = await school.post("/mapping/changes", changes=[change(staff)])
        assert answer.json()["conflicts"][0]["detail"] == "It is not mapped any more."


async def test_each_is_in_the_activity_log_with_before_and_after(school: SchoolInTest) -> None:
    """R9."""
    await with_a_class(school)
    (first, second) = await school.mapped(kind="pupil")
    await school.change(change(first))
    await school.change(change(second, "move", UUID(first["record_id"])))
    (asked,) = await school.differences(kind="pupil_suggestion")
    await school.decide(decision(asked, "ignore"))
    lines = await school.activity()
    told = {line["action"]: (line["before"], line["after"]) for line in lines}
    assert told["mapping.taken_apart"][0] == {"mapping": "mapped to Maya PatelP1"}
    assert told["mapping.taken_apart"][1]["mapping"] == "to be decided"
    assert told["mapping.moved"][0] == {"mapping": "mapped to Maya PatelP2"}
    assert told["mapping.moved"][1]["mapping"] == "mapped to Maya PatelP1"
    assert told["mapping.ignored"][0] == {"mapping": "to be decided"}
    assert told["mapping.ignored"][1]["mapping"] == "ignored"
