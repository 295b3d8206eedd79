"""User Management: what the gateway passes on, and to whom it is open."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from tests.gateway.fakes import Seen, person
from tests.gateway.test_pages import page, user
from tests.gateway.world import World

CHANGES: list[tuple[str, str, Any]] = [
    ("PATCH", "", {"expected_version": 3, "title": None, "surname": "Jones"}),
    ("PUT", "/active", {"active": False}),
    ("POST", "/password-reset", None),
]


def link(user_id: str, name: str, *, present: bool, override: bool) -> dict[str, Any]:
    return {
        "kind": "teacher",
        "group_id": str(uuid4()),
        "group_name": name,
        "group_kind": "class",
        "group_year_group": "3",
        "person_id": user_id,
        "version": 2,
        "present": present,
        "origin": "hand" if override else "mis",
        "override": override,
    }


@pytest.mark.parametrize(("method", "path", "body"), CHANGES)
async def test_a_change_is_passed_on_as_it_was_sent(
    world: World, method: str, path: str, body: Any
) -> None:
    """What was not sent is not made up: `null` would take it away."""
    one = user()
    answered = {"to": "link", "user": one} if method == "POST" else one
    world.identity.answers[f"{method} /users/{one['id']}{path}"] = answered
    answer = await world.browser().ask(method, f"/api/users/{one['id']}{path}", json=body)
    assert answer.status_code == 200, answer.text
    [asked] = world.identity.asked(f"{method} /users/{one['id']}{path}")
    assert asked.body == body
    changed = answer.json()["user"] if method == "POST" else answer.json()
    assert changed["id"] == one["id"]


@pytest.mark.parametrize(("method", "path", "body"), CHANGES)
@pytest.mark.parametrize("role", ["teacher", "slt"])
async def test_users_manage_nobody(
    world: World, method: str, path: str, body: Any, role: str
) -> None:
    """R1: it is refused here already."""
    colleague = world.browser(person("user", role=role))
    answer = await colleague.ask(method, f"/api/users/{uuid4()}{path}", json=body)
    assert answer.status_code == 403
    assert not [seen for seen in world.identity.seen if "/users" in seen.path]


async def test_what_changed_meanwhile_is_passed_on(world: World) -> None:
    problem = {
        "type": "urn:classroom:problem:changed-meanwhile",
        "title": "This user was changed meanwhile",
        "status": 409,
        "detail": "Look again.",
        "errors": [{"pointer": "#/surname", "detail": "It is now: Jones."}],
        "current": {"surname": "Jones", "version": 4},
    }
    one = user()
    world.identity.answers[f"PATCH /users/{one['id']}"] = (409, problem)
    form = {"expected_version": 3, "surname": "Brown"}
    answer = await world.browser().ask("PATCH", f"/api/users/{one['id']}", json=form)
    assert (answer.status_code, answer.json()) == (409, problem)


async def test_the_page_tells_why_a_password_cannot_be_reset(world: World) -> None:
    """R4."""
    reason = {"can_reset_password": False, "cannot_reset_reason": "It is the default."}
    one = user() | reason
    world.identity.answers[f"GET /users/{one['id']}"] = one
    world.roster.answers["GET /links"] = page()
    found = (await world.browser().get(f"/api/users/{one['id']}")).json()
    assert {name: found["user"][name] for name in reason} == reason


async def test_the_page_has_the_groups_and_those_taken_off_by_hand(world: World) -> None:
    """R13: an unlink by the MIS is no override, and nothing to hand back."""
    one = user()

    def links(seen: Seen) -> dict[str, Any]:
        if seen.query.get("present") == ["false"]:
            by_hand = link(one["id"], "4 Red", present=False, override=True)
            return page(by_hand, link(one["id"], "Choir", present=False, override=False))
        return page(link(one["id"], "3 Blue", present=True, override=False))

    world.identity.answers[f"GET /users/{one['id']}"] = one
    world.roster.answers["GET /links"] = links
    found = (await world.browser().get(f"/api/users/{one['id']}")).json()
    assert [group["name"] for group in found["user"]["groups"]] == ["3 Blue"]
    assert [group["name"] for group in found["unlinked"]] == ["4 Red"]
    assert found["unlinked"][0]["link"]["override"] is True


async def test_a_head_is_added_as_one(world: World) -> None:
    """R2: they get a link and no default, which only identity can tell from `leadership`."""
    world.identity.answers["POST /users"] = (201, user())
    new = {"forename": "A", "surname": "B", "role": "slt", "leadership": "head", "email": "a@b.uk"}
    assert (await world.browser().post("/api/users", new)).status_code == 201
    assert world.identity.asked("POST /users")[0].body == new


async def test_the_list_is_asked_for_who_has_the_default_password(world: World) -> None:
    world.identity.answers["GET /users"] = page()
    await world.browser().get("/api/users?default_password=true&role=slt")
    [asked] = world.identity.asked("GET /users")
    assert asked.query["default_password"] == ["true"]
    assert asked.query["role"] == ["slt"]
