"""Groups as a list, and what the page of one needs: its pupils, and what inactive means."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import UUID

import pytest
from uuid_utils.compat import uuid7

from shared.contracts.mis_sync import GroupProposal, ProposalAction
from shared.contracts.vocabulary import GroupKind, LinkKind, StaffRole
from tests.roster.door import UPNS, Door, SchoolInTest, ids_of, problem_of, user


async def made_inactive(school: SchoolInTest, path: str) -> None:
    version = (await school.get(path))["version"]
    body = {"expected_version": version, "active": False, "active_reason": "Left"}
    answer = await school.by_hand("PATCH", path, body)
    assert answer.status_code == 200, answer.text


async def names(school: SchoolInTest, **query: Any) -> list[str]:
    return [group["name"] for group in (await school.get("/groups", **query))["items"]]


class TestTheList:
    async def test_is_filtered_by_what_a_group_lacks_and_where_it_is_from(
        self, school: SchoolInTest
    ) -> None:
        """Inactive pupils and users never count."""
        pupil, teacher = await school.has_pupil(), uuid7()
        await school.users_are_told(user(teacher))
        full = await school.has_class("3 Blue", "3", pupil)
        await school.has_link(LinkKind.TEACHER, full, teacher)
        await school.by_hand("POST", "/groups", {"name": "Choir", "kind": "set"})
        assert await names(school, without_members=True) == ["Choir"]
        assert await names(school, without_users=True) == ["Choir"]
        assert await names(school, without_members=False, without_users=False) == ["3 Blue"]
        assert await names(school, origin="mis") == ["3 Blue"]
        assert await names(school, origin="hand", kind="set") == ["Choir"]
        await made_inactive(school, f"/pupils/{pupil}")
        await school.users_are_told(user(teacher, version=2, active=False))
        assert await names(school, without_members=True) == ["3 Blue", "Choir"]
        assert await names(school, without_users=True) == ["3 Blue", "Choir"]

    async def test_tells_who_has_a_name_whatever_its_case_and_accents(
        self, school: SchoolInTest
    ) -> None:
        await school.has_group("Café Blue", year_group="3")
        await school.has_group("Cafe Blue", year_group="4")
        await school.has_group("Cafe Blue 2", year_group="4")
        assert await names(school, name="CAFÉ  blue") == ["Café Blue", "Cafe Blue"]

    @pytest.mark.parametrize("column", ["member_count", "user_count"])
    async def test_is_sorted_by_its_counts_page_by_page(
        self, school: SchoolInTest, column: str
    ) -> None:
        people = {
            "member_count": [await school.has_pupil(upn=UPNS[n]) for n in range(2)],
            "user_count": [uuid7(), uuid7()],
        }
        await school.users_are_told(*(user(one) for one in people["user_count"]))
        kind = LinkKind.MEMBER if column == "member_count" else LinkKind.TEACHER
        for number, name in enumerate(["C", "A", "B", "D"]):
            group = await school.has_group(name)
            for person in people[column][: number % 3]:
                await school.has_link(kind, group, person)
        found: list[tuple[str, int]] = []
        query: dict[str, Any] = {"sort": f"-{column}", "limit": 1}
        while True:
            page = await school.get("/groups", **query)
            found += [(group["name"], group[column]) for group in page["items"]]
            if page["next_cursor"] is None:
                break
            query["cursor"] = page["next_cursor"]
        assert found == [("B", 2), ("A", 1), ("D", 0), ("C", 0)]


class TestItsPupils:
    async def test_are_the_active_ones_unless_asked(self, school: SchoolInTest) -> None:
        here, gone = [await school.has_pupil(upn=UPNS[n]) for n in range(2)]
        group = await school.has_class("3 Blue", "3", here, gone)
        await made_inactive(school, f"/pupils/{gone}")
        listed = await school.get(f"/groups/{group}/pupils")
        assert ids_of(listed) == [here]
        assert listed["items"][0]["link"] == {"version": 1, "origin": "mis", "override": False}
        assert ids_of(await school.get(f"/groups/{group}/pupils", active=False)) == [gone]
        detail = await school.get(f"/groups/{group}")
        assert (detail["member_count"], detail["inactive_member_count"]) == (1, 1)

    async def test_who_were_taken_out_by_hand_are_listed_for_who_sees_the_school(
        self, school: SchoolInTest
    ) -> None:
        """R13, R14: so that it can be handed back; to a teacher of the group they are nobody."""
        pupil, teacher, colleague = await school.has_pupil(), uuid7(), uuid7()
        await school.users_are_told(user(teacher), user(colleague, surname="Reed"))
        group = await school.has_class("3 Blue", "3", pupil)
        for one in (teacher, colleague):
            await school.has_link(LinkKind.TEACHER, group, one)
        await school.by_hand("DELETE", f"/groups/{group}/pupils/{pupil}", expected_version=1)
        await school.by_hand("DELETE", f"/groups/{group}/users/{colleague}", expected_version=1)
        path = f"/groups/{group}/pupils"
        assert ids_of(await school.get(path, taken_out=True)) == [pupil]
        assert ids_of(await school.get(path, school.as_teacher(teacher), taken_out=True)) == []
        assert [one["surname"] for one in (await school.get(f"/groups/{group}"))["unlinked"]] == [
            "Reed"
        ]
        seen = await school.get(f"/groups/{group}", school.as_teacher(teacher))
        assert seen["unlinked"] == []
        await school.by_hand("DELETE", f"{path}/{pupil}/override", expected_version=2)
        assert ids_of(await school.get(path, taken_out=True)) == []

    async def test_of_another_school_are_nobody(self, school: SchoolInTest, door: Door) -> None:
        group = await school.has_class("3 Blue", "3", await school.has_pupil())
        stranger = SchoolInTest(door)
        await stranger.is_heard_of()
        assert (await stranger.get(f"/groups/{group}/pupils"))["total"] == 0
        for path in ("reach", "roll-up"):
            answer = await stranger.by_hand("GET", f"/groups/{group}/{path}")
            assert problem_of(answer) == (404, "group-not-found")


class TestMakingItInactive:
    async def test_tells_whom_each_teacher_would_see_no_more(self, school: SchoolInTest) -> None:
        """R14: who is shown by another active group too stays seen; SLT see the school anyway."""
        alone, shared, gone = [await school.has_pupil(upn=UPNS[n]) for n in range(3)]
        hall, reed, head = uuid7(), uuid7(), uuid7()
        await school.users_are_told(
            user(hall),
            user(reed, surname="Reed", title=None),
            user(head, surname="Slt", role=StaffRole.SLT),
        )
        blue = await school.has_class("3 Blue", "3", alone, shared, gone)
        choir = await school.has_group("Choir", GroupKind.SET)
        await school.has_link(LinkKind.MEMBER, choir, shared)
        for person in (hall, reed, head):
            await school.has_link(LinkKind.TEACHER, blue, person)
        await school.has_link(LinkKind.TEACHER, choir, hall)
        await made_inactive(school, f"/pupils/{gone}")

        reach = await school.get(f"/groups/{blue}/reach")
        assert reach["teachers"] == [
            {"id": str(hall), "name": "Ms Ada Hall", "pupils": 2, "only_here": 1},
            {"id": str(reed), "name": "Ada Reed", "pupils": 2, "only_here": 2},
        ]
        assert (reach["members"], reach["only_class"]) == (2, 2)
        assert (await school.get(f"/groups/{choir}/reach"))["only_class"] == 0

        await made_inactive(school, f"/groups/{choir}")
        reach = await school.get(f"/groups/{blue}/reach")
        assert [one["only_here"] for one in reach["teachers"]] == [2, 2]
        for headers in (school.as_slt(), school.as_teacher(hall)):
            answer = await school.door.client.get(f"/groups/{blue}/reach", headers=headers)
            assert answer.status_code == 403

    async def test_keeps_everything_and_the_mis_leaves_it_so(self, school: SchoolInTest) -> None:
        """R6, R13: with the reason; active again it has all that it had."""
        pupil = await school.has_pupil()
        group = await school.has_class("3 Blue", "3", pupil)
        await made_inactive(school, f"/groups/{group}")
        stands = await school.get(f"/groups/{group}")
        assert (stands["active_reason"], stands["overrides"]) == ("Left", ["active"])
        proposal = GroupProposal(group_id=group, action=ProposalAction.REACTIVATE)
        (outcome,) = await school.groups_approved(proposal)
        assert outcome["outcome"] == "overridden"
        body = {"expected_version": stands["version"], "active": True}
        again = (await school.by_hand("PATCH", f"/groups/{group}", body)).json()
        assert (again["active"], again["active_reason"], again["member_count"]) == (True, None, 1)

    async def test_makes_room_for_its_name_and_cannot_come_back_beside_it(
        self, school: SchoolInTest
    ) -> None:
        first = await school.has_group("3 Blue", year_group="3")
        await made_inactive(school, f"/groups/{first}")
        new = await school.by_hand("POST", "/groups", {"name": "3 blue", "year_group": "3"})
        assert new.status_code == 201
        body = {"expected_version": 2, "active": True}
        answer = await school.by_hand("PATCH", f"/groups/{first}", body)
        assert problem_of(answer) == (409, "group-name-taken")
        assert answer.json()["in_the_way"] == {
            "id": new.json()["id"],
            "kind": "group",
            "name": "3 blue",
        }


async def test_two_who_add_the_same_name_at_once_make_one(school: SchoolInTest) -> None:
    body = {"name": "3 Blue", "year_group": "3"}
    answers = await asyncio.gather(*(school.by_hand("POST", "/groups", body) for _ in range(3)))
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409]


@pytest.mark.parametrize(
    "body",
    [
        {"name": "3\x00Blue"},
        {"name": "x" * 201},
        {"name": "  "},
        {"name": "3 Blue", "school_id": str(UUID(int=1))},
    ],
    ids=["NUL", "too long", "empty", "a school's id"],
)
async def test_what_is_no_name_is_refused(school: SchoolInTest, body: dict[str, str]) -> None:
    assert (await school.by_hand("POST", "/groups", body)).status_code in (400, 422)
    assert (await school.get("/groups"))["total"] == 0
