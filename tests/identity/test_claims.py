"""The list of claimed and unclaimed accounts, and what the admin does from it (R2, R4)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.eventually import eventually
from tests.identity.door import OWN_PASSWORD, Door, SchoolInTest, problem_of
from tests.identity.starting_codes import code_for, use_codes
from tests.identity.user_management import ask, link_mailed_to, read, reset, set_active, text_of


async def claims(school: SchoolInTest, query: str = "") -> dict[str, Any]:
    answer = await ask(school, "GET", f"/claims{query}")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def summary(school: SchoolInTest) -> dict[str, Any]:
    answer = await ask(school, "GET", "/claims/summary")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def states(found: dict[str, Any]) -> dict[str, str]:
    return {item["surname"]: item["state"] for item in found["items"]}


async def a_head(school: SchoolInTest, surname: str = "Head") -> dict[str, Any]:
    email = f"head-{uuid4().hex[:8]}@{school.postcode}.example"
    return await school.add_user(surname=surname, role="slt", leadership="head", email=email)


class TestTheList:
    async def test_says_of_each_user_what_they_wait_with_and_until_when(
        self, door: Door, school: SchoolInTest
    ) -> None:
        await school.admin()
        with door.clock.moved_by(days=-15):
            await school.add_user(surname="Late")
        with door.clock.moved_by(days=-8):
            await a_head(school, "Oldlink")
        head = await a_head(school)
        claimed = await school.add_user(surname="Able")
        await school.claim(claimed["username"])
        await school.add_user(surname="Waits")
        gone = await school.add_user(surname="Gone")
        await set_active(school, gone, False)
        found = await claims(school)
        assert states(found) == {
            "Able": "own",
            "Head": "link",
            "Late": "lapsed",
            "Oldlink": "link_lapsed",
            "Waits": "default",
        }
        assert list(states(found)) == sorted(states(found)), "by surname"
        assert found["counts"] == {
            "own": 1,
            "default": 1,
            "code": 0,
            "no_code": 0,
            "lapsed": 1,
            "link": 1,
            "link_lapsed": 1,
        }
        assert found["first_passwords"] == "default"
        assert found["slips_for_all"] == 1
        by_surname = {item["surname"]: item for item in found["items"]}
        assert by_surname["Able"]["claimed_at"]
        assert not by_surname["Able"]["until"]
        assert by_surname["Waits"]["slip"] == "plain"
        days = {name: days_until(door, by_surname[name]["until"]) for name in ("Waits", "Head")}
        assert days == {"Waits": 14, "Head": 7}
        assert by_surname["Head"]["link_until"] == by_surname["Head"]["until"]
        assert by_surname["Oldlink"]["until"] is None
        assert by_surname["Head"]["id"] == head["id"]

    async def test_says_in_a_school_with_codes_who_has_a_slip(
        self, door: Door, school: SchoolInTest
    ) -> None:
        await use_codes(school)
        printed, _, head = [
            await school.add_user(surname="Printed"),
            await school.add_user(surname="Without"),
            await a_head(school),
        ]
        await code_for(school, printed)
        await code_for(school, head)
        found = await claims(school)
        assert states(found) == {"Head": "code", "Printed": "code", "Without": "no_code"}
        by_surname = {item["surname"]: item for item in found["items"]}
        assert by_surname["Printed"]["code_made_at"]
        assert by_surname["Head"]["link_until"], "the link is there beside the code"
        assert days_until(door, by_surname["Head"]["until"]) == 14
        assert {item["slip"] for item in found["items"]} == {"code"}
        assert found["slips_for_all"] == 2, "the head's is asked for by name"

    async def test_is_filtered_searched_and_read_in_pages(self, school: SchoolInTest) -> None:
        for surname in ("Able", "Baker", "Cook", "Dale"):
            await school.add_user(surname=surname)
        able = (await claims(school, "?search=able"))["items"][0]
        await school.claim(able["username"])
        waiting = await claims(school, "?state=default&state=lapsed")
        assert list(states(waiting)) == ["Baker", "Cook", "Dale"]
        assert (waiting["total"], waiting["counts"]["own"]) == (3, 1)
        first = await claims(school, "?state=default&limit=2")
        assert (list(states(first)), first["total"]) == (["Baker", "Cook"], 3)
        rest = await claims(school, f"?state=default&limit=2&cursor={first['next_cursor']}")
        assert (list(states(rest)), rest["next_cursor"]) == (["Dale"], None)
        assert states(await claims(school, "?search=able&state=default")) == {}

    @pytest.mark.parametrize("query", ["?state=any", "?cursor=x", "?sort=surname", "?limit=0"])
    async def test_asked_for_in_no_sensible_way_is_refused(
        self, school: SchoolInTest, query: str
    ) -> None:
        assert (await ask(school, "GET", f"/claims{query}")).status_code in (400, 422)

    async def test_shows_nothing_of_another_school(self, door: Door, school: SchoolInTest) -> None:
        other = await door.new_school()
        await a_head(other)
        await other.add_user()
        assert (await claims(school))["items"] == []
        assert set((await claims(school))["counts"].values()) == {0}
        assert (await summary(school))["recent"] == []


def days_until(door: Door, moment: str) -> int:
    left = datetime.fromisoformat(moment) - door.clock()
    return round(left / timedelta(days=1))


class TestLapsed:
    async def test_all_that_lapsed_start_anew_and_nobody_else(
        self, door: Door, school: SchoolInTest
    ) -> None:
        """R4."""
        await school.admin()
        with door.clock.moved_by(days=-15):
            late = [
                await school.add_user(
                    surname=f"Late{number}", email=f"{number}-{uuid4().hex[:6]}@l.example"
                )
                for number in range(2)
            ]
        fresh = await school.add_user(surname="Fresh")
        claimed = await school.add_user(surname="Claimed")
        session = await school.claim(claimed["username"])
        answer = await ask(school, "POST", "/claims/lapsed/reset", {})
        assert answer.json() == {"users": 2}
        assert states(await claims(school)) == {
            "Claimed": "own",
            "Fresh": "default",
            "Late0": "default",
            "Late1": "default",
        }
        for user in late:
            opened = await door.sign_in(user["username"], school.default_password)
            assert opened.status_code == 201
        assert (await door.look_up(session["token"])).status_code == 200
        assert (await read(school, fresh))["version"] == fresh["version"]
        told = (await door.told(school.id, "activity.recorded.v1"))[-1]["data"]["entries"]
        assert [entry["action"] for entry in told] == ["user.password_reset"] * 2
        [mail] = await eventually(mails_to(door, late[0]["email"]))
        assert "default password" in text_of(mail)
        again = await ask(school, "POST", "/claims/lapsed/reset", {})
        assert again.json() == {"users": 0}

    async def test_of_those_named_only_what_lapsed_and_is_of_the_school(
        self, door: Door, school: SchoolInTest
    ) -> None:
        other = await door.new_school()
        for one in (school, other):
            await one.admin()
        with door.clock.moved_by(days=-15):
            named = await school.add_user(surname="Named")
            await school.add_user(surname="Unnamed")
            theirs = await other.add_user(surname="Theirs")
        fresh = await school.add_user(surname="Fresh")
        body = {"user_ids": [named["id"], fresh["id"], theirs["id"], str(uuid4())]}
        answer = await ask(school, "POST", "/claims/lapsed/reset", body)
        assert answer.json() == {"users": 1}
        assert states(await claims(school, "?state=lapsed")) == {"Unnamed": "lapsed"}
        assert states(await claims(other)) == {"Theirs": "lapsed"}

    async def test_with_codes_wait_for_their_slips(self, door: Door, school: SchoolInTest) -> None:
        await use_codes(school)
        with door.clock.moved_by(days=-15):
            email = f"late-{uuid4().hex[:6]}@l.example"
            user = await school.add_user(surname="Late", email=email)
            code = await code_for(school, user)
        assert (await ask(school, "POST", "/claims/lapsed/reset", {})).json() == {"users": 1}
        assert states(await claims(school)) == {"Late": "no_code"}
        assert (await door.sign_in(user["username"], code)).status_code == 401
        [mail] = await eventually(mails_to(door, email))
        assert "starting code" in text_of(mail)
        assert "default password" not in text_of(mail)


def mails_to(door: Door, email: str) -> Any:
    async def found() -> list[Any]:
        return door.mailbox.sent_to(email)

    return found


class TestLinks:
    async def test_are_sent_again_to_heads_and_deputies_who_wait(
        self, door: Door, school: SchoolInTest
    ) -> None:
        head = await a_head(school)
        first = await link_mailed_to(door, head["email"])
        claimed = await a_head(school, "Claimed")
        form = await open_link(door, await link_mailed_to(door, claimed["email"]))
        await door.set_password(form.json(), OWN_PASSWORD)
        await school.add_user(surname="Teacher")
        answer = await ask(school, "POST", "/claims/links", {})
        assert answer.json() == {"users": 1}
        second = await link_mailed_to(door, head["email"], nth=2)
        assert problem_of(await open_link(door, first)) == (401, "link-refused")
        assert (await open_link(door, second)).status_code == 201
        told = (await door.told(school.id, "activity.recorded.v1"))[-1]["data"]["entries"]
        assert [(one["action"], one["subject"]["label"]) for one in told] == [
            ("user.password_link_sent", "Jo Head")
        ]

    async def test_go_to_nobody_with_a_slip_unless_named(self, school: SchoolInTest) -> None:
        await use_codes(school)
        head = await a_head(school)
        await code_for(school, head)
        assert (await ask(school, "POST", "/claims/links", {})).json() == {"users": 0}
        body = {"user_ids": [head["id"]]}
        assert (await ask(school, "POST", "/claims/links", body)).json() == {"users": 1}

    async def test_to_those_named_only_and_no_teacher_gets_one(
        self, door: Door, school: SchoolInTest
    ) -> None:
        other = await door.new_school()
        await a_head(school)
        teacher = await school.add_user(email=f"t-{uuid4().hex[:6]}@l.example")
        theirs = await a_head(other)
        body = {"user_ids": [teacher["id"], theirs["id"]]}
        assert (await ask(school, "POST", "/claims/links", body)).json() == {"users": 0}


async def open_link(door: Door, token: str) -> httpx.Response:
    return await door.client.post("/sessions/link", json={"token": token})


class TestTheAdminIsTold:
    async def test_of_claims_for_a_week_newest_first_until_they_are_reset(
        self, door: Door, school: SchoolInTest
    ) -> None:
        """R2: so that a claim by somebody else is seen, and taken back."""
        users = [await school.add_user(surname=name) for name in ("Able", "Baker")]
        for user in users:
            await school.claim(user["username"])
        recent = (await summary(school))["recent"]
        assert [one["name"] for one in recent] == ["Jo Baker", "Jo Able"]
        assert (await reset(school, users[0])).status_code == 200
        assert [one["name"] for one in (await summary(school))["recent"]] == ["Jo Baker"]
        baker = (await door.sign_in(users[1]["username"], OWN_PASSWORD)).json()
        await door.set_password(baker, "another one of theirs", current=OWN_PASSWORD)
        with door.clock.moved_by(days=6, hours=23):
            assert len((await summary(school))["recent"]) == 1
        with door.clock.moved_by(days=7, minutes=1):
            assert (await summary(school))["recent"] == []

    async def test_that_the_default_is_paused_and_until_when(
        self, door: Door, school: SchoolInTest
    ) -> None:
        """R2."""
        assert (await summary(school))["default_paused_until"] is None
        for _ in range(5):
            user = await school.add_user(surname="Sprayed")
            for _ in range(4):
                await door.sign_in(user["username"], "guess")
        told = (await summary(school))["default_paused_until"]
        left = datetime.fromisoformat(told) - door.clock()
        assert timedelta(minutes=4) < left <= timedelta(minutes=5)
        state = (await ask(school, "GET", "/default-password")).json()
        assert state["paused_until"] == told
        with door.clock.moved_by(minutes=5, seconds=1):
            assert (await summary(school))["default_paused_until"] is None
