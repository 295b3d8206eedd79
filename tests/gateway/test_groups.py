"""Groups: what the gateway asks of roster, and to whom each part is open (R1, R13, R14)."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from tests.gateway.fakes import Seen, person
from tests.gateway.test_pages import LINK_BADGE, group, page
from tests.gateway.world import World

USER = {
    "id": str(uuid4()),
    "title": "Ms",
    "forename": "Ann",
    "surname": "Smith",
    "role": "teacher",
    "active": True,
    "link": LINK_BADGE,
}
ROLL_UP = {
    "due_on": "2027-08-26",
    "waits": False,
    "follows": [],
    "precedes": [],
    "takes_leavers": False,
}


def member(surname: str) -> dict[str, Any]:
    return {
        "id": str(uuid4()),
        "active": True,
        "legal_forename": "Zoë",
        "legal_surname": surname,
        "link": LINK_BADGE,
    }


def with_group(world: World) -> tuple[str, dict[str, Any], dict[str, Any]]:
    """A group's path, one pupil who is in it and one who was taken out."""
    blue, here, out = group(), member("Hall"), member("Reed")

    def pupils(seen: Seen) -> dict[str, Any]:
        return page(out if seen.query["taken_out"] == ["true"] else here)

    path = f"/groups/{blue['id']}"
    world.roster.answers[f"GET {path}"] = blue | {"users": [USER], "unlinked": []}
    world.roster.answers[f"GET {path}/pupils"] = pupils
    world.roster.answers[f"GET {path}/roll-up"] = ROLL_UP
    return path, here, out


class TestOneGroup:
    async def test_comes_with_all_that_the_admin_can_change(self, world: World) -> None:
        path, here, out = with_group(world)
        found = (await world.browser().get(f"/api{path}")).json()
        assert [one["id"] for one in found["pupils"]] == [here["id"]]
        assert [one["id"] for one in found["taken_out"]] == [out["id"]]
        assert (found["group"]["users"], found["roll_up"]) == ([USER], ROLL_UP)

    async def test_comes_to_others_with_its_people_only(self, world: World) -> None:
        path, here, _ = with_group(world)
        found = (await world.browser(person("user", role="slt")).get(f"/api{path}")).json()
        assert [one["id"] for one in found["pupils"]] == [here["id"]]
        assert (found["taken_out"], found["roll_up"]) == ([], None)
        assert not world.roster.asked(f"GET {path}/roll-up")

    async def test_filters_and_changes_are_passed_on_as_they_were_sent(self, world: World) -> None:
        one = group()
        path = f"/groups/{one['id']}"
        world.roster.answers["GET /groups"] = page(one)
        query = "origin=mis&without_users=true&without_members=false&name=3+Blue"
        assert (await world.browser().get(f"/api/groups?{query}")).status_code == 200
        (asked,) = world.roster.asked("GET /groups")
        assert asked.query["origin"] == ["mis"]
        assert (asked.query["without_users"], asked.query["name"]) == (["true"], ["3 Blue"])
        world.roster.answers[f"PATCH {path}"] = one | {"users": []}
        body = {"expected_version": 1, "year_group": None}
        answer = await world.browser().ask("PATCH", f"/api{path}", json=body)
        assert answer.status_code == 200, answer.text
        (asked,) = world.roster.asked(f"PATCH {path}")
        assert asked.body == body

    async def test_that_somebody_else_changed_is_told_with_how_it_stands(
        self, world: World
    ) -> None:
        path = f"/groups/{uuid4()}"
        problem = {
            "type": "urn:classroom:problem:changed-since",
            "title": "Somebody else changed this in the meantime",
            "status": 409,
            "detail": "Look again.",
            "current": {"version": 2, "name": "3 Green"},
        }
        world.roster.answers[f"PATCH {path}"] = (409, problem)
        body = {"expected_version": 1, "name": "Owls"}
        answer = await world.browser().ask("PATCH", f"/api{path}", json=body)
        assert (answer.status_code, answer.json()) == (409, problem)


@pytest.mark.parametrize("people", ["users", "pupils"])
class TestLinksByHand:
    async def test_are_made_on_the_version_that_was_seen(self, world: World, people: str) -> None:
        """R13."""
        path = f"/groups/{uuid4()}/{people}/{uuid4()}"
        questions = [("PUT", path), ("DELETE", path), ("DELETE", f"{path}/override")]
        world.roster.answers |= {f"{method} {where}": {} for method, where in questions}
        for method, where in questions:
            answer = await world.browser().ask(method, f"/api{where}?expected_version=3")
            assert answer.status_code == 204
            (asked,) = world.roster.asked(f"{method} {where}")
            assert asked.query == {"expected_version": ["3"]}

    async def test_of_many_are_looked_through_and_done(self, world: World, people: str) -> None:
        one, path = str(uuid4()), f"/groups/{uuid4()}/{people}"
        fate = {
            "person_id": one,
            "name": "Zoë Hall",
            "version": 0,
            "outcome": "changed",
            "reason": None,
            "note": "Is in 3 Red too, and stays there.",
        }
        body = {"present": True, f"{people[:-1]}_ids": [one], "seen": {one: 0}}
        for where in (f"{path}/preview", path):
            world.roster.answers[f"POST {where}"] = {"changed": 1, "items": [fate]}
            answer = await world.browser().post(f"/api{where}", body)
            assert answer.json() == {"changed": 1, "items": [fate]}
            (asked,) = world.roster.asked(f"POST {where}")
            assert asked.body == body


@pytest.mark.parametrize("role", ["slt", "teacher"])
async def test_changing_is_the_admin_s(world: World, role: str) -> None:
    """R1, R14."""
    somebody = world.browser(person("user", role=role))
    path = f"/api/groups/{uuid4()}"
    one = str(uuid4())
    tried = [
        ("POST", "/api/groups", {"name": "3 Blue", "kind": "class"}),
        ("PATCH", path, {"expected_version": 1, "name": "Owls"}),
        ("DELETE", f"{path}/overrides/name?expected_version=1", None),
        ("GET", f"{path}/reach", None),
        ("POST", f"{path}/pupils", {"present": True, "pupil_ids": [one]}),
        ("POST", f"{path}/users/preview", {"present": True, "user_ids": [one]}),
        ("DELETE", f"{path}/pupils/{one}/override", None),
        ("PUT", "/api/settings/roll-up", {"expected_version": 0}),
    ]
    for method, where, body in tried:
        assert (await somebody.ask(method, where, json=body)).status_code == 403, where
    assert not world.roster.seen
