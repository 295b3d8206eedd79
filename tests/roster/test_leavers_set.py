"""The set for leavers: a setting, used by the roll-up and undone with it (R12, R29)."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import UUID

import asyncpg
import httpx
import pytest
from uuid_utils.compat import uuid7

from shared.contracts.vocabulary import GroupKind, LinkKind
from tests.roster.door import Door, SchoolInTest, ids_of, problem_of
from tests.roster.test_roll_up import AFTER, BEFORE, THE_DAY, ARoll


@pytest.fixture
async def roll(school: SchoolInTest) -> ARoll:
    roll = ARoll(school)
    await roll.begins()
    return roll


async def choose(school: SchoolInTest, group: UUID | None, version: int = 0) -> httpx.Response:
    body = {"expected_version": version, "leavers_group_id": group and str(group)}
    return await school.by_hand("PUT", "/roll-up/settings", body)


async def a_set(school: SchoolInTest, name: str = "Leavers") -> UUID:
    answer = await school.by_hand("POST", "/groups", {"name": name, "kind": "set"})
    return UUID(answer.json()["id"])


class TestTheSetting:
    async def test_is_none_by_default_and_shows_how_the_roll_up_stands(self, roll: ARoll) -> None:
        settings = await roll.school.get("/roll-up/settings")
        assert settings == {
            "version": 0,
            "leavers_group": None,
            "leavers_group_stands": False,
            "defaults": {"leavers_group_id": None},
            "academic_year": "2026/27",
            "next_academic_year": "2027/28",
            "due_on": "2027-08-26",
            "waits": False,
            "following": 1,
            "without": 1,
            "leaving": 1,
        }

    async def test_is_kept_logged_and_shown_in_the_plan(self, roll: ARoll) -> None:
        """R9."""
        group = await a_set(roll.school)
        chosen = (await choose(roll.school, group)).json()
        assert (chosen["version"], chosen["leavers_group"]["name"]) == (1, "Leavers")
        plan = await roll.page()
        assert (plan["leavers_group"]["id"], plan["leavers_group_stands"]) == (str(group), True)
        (entry,) = (await roll.school.told("activity.recorded.v1"))[-1]["data"]["entries"]
        assert entry["action"] == "settings.roll_up_changed"
        assert (entry["before"], entry["after"]) == (
            {"set_for_leavers": "none"},
            {"set_for_leavers": "Leavers"},
        )
        said = await roll.school.told()
        assert (await choose(roll.school, group, 1)).json()["version"] == 1
        assert await roll.school.told() == said

    async def test_is_an_active_set_of_this_school(self, roll: ARoll, door: Door) -> None:
        stranger = SchoolInTest(door)
        await stranger.is_heard_of()
        foreign = await a_set(stranger)
        assert problem_of(await choose(roll.school, foreign)) == (404, "group-not-found")
        assert problem_of(await choose(roll.school, uuid7())) == (404, "group-not-found")
        answer = await choose(roll.school, roll.groups["6 Blue"])
        assert problem_of(answer) == (422, "field-refused")
        assert answer.json()["errors"][0]["pointer"] == "#/leavers_group_id"
        gone = await a_set(roll.school)
        await roll.acts("PATCH", f"/groups/{gone}", {"expected_version": 1, "active": False})
        assert problem_of(await choose(roll.school, gone)) == (422, "field-refused")

    async def test_of_two_who_choose_at_once_the_second_is_told(self, roll: ARoll) -> None:
        groups = [await a_set(roll.school, name) for name in ("Leavers", "Old pupils")]
        answers = await asyncio.gather(*(choose(roll.school, group) for group in groups))
        assert sorted(answer.status_code for answer in answers) == [200, 409]
        refused = next(answer for answer in answers if answer.status_code == 409)
        assert problem_of(refused) == (409, "changed-meanwhile")
        body = refused.json()
        assert body["current"]["leavers_group"] in ("Leavers", "Old pupils")
        assert [error["pointer"] for error in body["errors"]] == ["#/leavers_group"]

    async def test_is_the_admin_s_alone(self, school: SchoolInTest) -> None:
        for headers in (school.as_slt(), school.as_teacher(uuid7())):
            for method in ("GET", "PUT"):
                answer = await school.door.client.request(
                    method, "/roll-up/settings", json={"expected_version": 0}, headers=headers
                )
                assert answer.status_code == 403


class TestTheRollUp:
    async def test_puts_leavers_into_it_beside_their_class(self, roll: ARoll) -> None:
        """R6: they are inactive, so the set counts none of them, and shows them when asked."""
        group = await a_set(roll.school)
        await choose(roll.school, group)
        await roll.is_rolled_up()
        leaver = roll.pupils["6 Blue"]
        assert await roll.stands() == AFTER | {"6 Blue": ("6", False, ["6 Blue", "Leavers"])}
        detail = await roll.school.get(f"/groups/{group}")
        assert (detail["member_count"], detail["inactive_member_count"]) == (0, 1)
        path = f"/groups/{group}/pupils"
        assert (await roll.school.get(path))["total"] == 0
        (listed,) = (await roll.school.get(path, active=False))["items"]
        assert (listed["id"], listed["link"]["override"]) == (str(leaver), False)
        again = await roll.acts("DELETE", f"{path}/{leaver}/override")
        assert (again.json()["present"], again.json()["origin"]) == (True, "mis"), "handed back"
        found = await roll.school.get("/pupils", active=False, group_id=group)
        assert ids_of(found) == [leaver]
        assert (await roll.page())["last"]["leavers_group"]["name"] == "Leavers"

    async def test_undone_takes_them_out_again(self, roll: ARoll) -> None:
        group = await a_set(roll.school)
        await choose(roll.school, group)
        await roll.is_rolled_up()
        last = (await roll.page())["last"]
        undone = await roll.acts("POST", f"/roll-up/{last['id']}/undo")
        assert undone.status_code == 200
        assert await roll.stands() == BEFORE
        assert (await roll.school.get(f"/groups/{group}"))["inactive_member_count"] == 0
        await roll.acts("POST", "/roll-up/run")
        assert (await roll.school.get(f"/groups/{group}"))["inactive_member_count"] == 1

    async def test_undone_leaves_a_membership_that_was_set_by_hand_since(self, roll: ARoll) -> None:
        """R13."""
        group = await a_set(roll.school)
        await choose(roll.school, group)
        await roll.is_rolled_up()
        leaver = roll.pupils["6 Blue"]
        await roll.acts("PUT", f"/groups/{group}/pupils/{leaver}")
        last = (await roll.page())["last"]
        await roll.acts("POST", f"/roll-up/{last['id']}/undo")
        assert ids_of(await roll.school.get(f"/groups/{group}/pupils")) == [leaver]

    async def test_puts_nobody_into_a_set_that_is_inactive_or_a_class_by_then(
        self, roll: ARoll
    ) -> None:
        group = await a_set(roll.school)
        await choose(roll.school, group)
        await roll.acts("PATCH", f"/groups/{group}", {"expected_version": 1, "active": False})
        plan = await roll.page()
        assert (plan["leavers_group"]["name"], plan["leavers_group_stands"]) == ("Leavers", False)
        await roll.is_rolled_up()
        assert await roll.stands() == AFTER
        assert (await roll.page())["last"]["leavers_group"] is None


class TestReadingThePlan:
    async def test_waits_for_nobody_who_holds_the_school(self, roll: ARoll, door: Door) -> None:
        """A page that only looks needs no lock, and sees one moment."""
        holder = await asyncpg.connect(door.admin_dsn)
        try:
            async with holder.transaction():
                await holder.execute(
                    "SELECT FROM schools WHERE school_id = $1 FOR UPDATE", roll.school.id
                )
                for path in ("/roll-up", "/roll-up/settings"):
                    found: Any = await asyncio.wait_for(roll.school.get(path), timeout=30)
                    assert found["academic_year"] == "2026/27"
        finally:
            await holder.close()

    async def test_of_a_school_that_nobody_spoke_of_yet_is_empty(self, door: Door) -> None:
        unheard = SchoolInTest(door)
        with door.clock.at(THE_DAY):
            plan = await unheard.get("/roll-up")
        assert (plan["academic_year"], plan["groups"]) == ("2027/28", [])
        rows = await door.rows("SELECT 1 FROM schools WHERE school_id = $1", unheard.id)
        assert rows == []


class TestAGroup:
    async def test_tells_which_follows_it_and_which_it_follows(self, roll: ARoll) -> None:
        blue = await roll.school.get(f"/groups/{roll.groups['3 Blue']}/roll-up")
        (row,) = blue["follows"]
        assert (row["group"]["name"], row["how"], row["pupils"]) == ("4 Blue", "proposed", 1)
        assert blue["precedes"] == []
        fourth = await roll.school.get(f"/groups/{roll.groups['4 Blue']}/roll-up")
        assert fourth["follows"] == []
        assert [row["group"]["name"] for row in fourth["precedes"]] == ["3 Blue"]
        (sixth,) = (await roll.school.get(f"/groups/{roll.groups['6 Blue']}/roll-up"))["follows"]
        assert (sixth["leaving"], sixth["group"]) == (True, None)
        red = await roll.school.get(f"/groups/{roll.groups['3 Red']}/roll-up")
        assert red["follows"][0]["how"] == "none"

    async def test_tells_that_it_takes_the_leavers(self, roll: ARoll) -> None:
        group = await roll.school.has_group("Leavers", GroupKind.SET)
        await roll.school.has_link(LinkKind.MEMBER, group, roll.pupils["no year"])
        await choose(roll.school, group)
        found = await roll.school.get(f"/groups/{group}/roll-up")
        assert found["takes_leavers"]
        # A set of no year keeps its members, and so follows itself.
        assert [row["group"]["id"] for row in found["follows"]] == [str(group)]
        assert found["precedes"] == []
