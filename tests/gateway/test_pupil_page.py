"""One pupil: roster's details with identity's parents, and what is passed on (R6, R13)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from tests.gateway.fakes import person
from tests.gateway.test_pages import page
from tests.gateway.test_pages import pupil as listed
from tests.gateway.test_parents import parent
from tests.gateway.world import World

ID = str(UUID(int=8))
PUPIL = {**listed(), "id": ID, "fields": ["in_care"], "in_care": True}
PATH = f"/api/pupils/{ID}"
GROUP = str(UUID(int=9))


def link(**given: Any) -> dict[str, Any]:
    return {
        "person_id": ID,
        "version": 4,
        "present": False,
        "origin": "hand",
        "override": True,
        "group_id": GROUP,
        "group_name": "3 Blue",
        "group_kind": "class",
        "group_year_group": "3",
        **given,
    }


def mother() -> dict[str, Any]:
    child = {
        "name": "Zoë O'Neill",
        "year_group": "3",
        "confirmed_at": None,
        "seen": False,
        "hindrance": "The parent has not given the date of birth yet.",
    }
    return parent() | {"children": [{**child, "id": ID}, {**child, "id": str(UUID(int=10))}]}


class TestTheAdmin:
    async def test_sees_groups_taken_off_by_hand_and_parents(self, world: World) -> None:
        world.roster.answers[f"GET /pupils/{ID}"] = PUPIL
        world.roster.answers["GET /links"] = page(link(), link(override=False, group_name="Choir"))
        world.identity.answers["GET /parents"] = page(mother())
        found = (await world.browser().get(PATH)).json()
        assert (found["pupil"]["id"], found["pupil"]["in_care"]) == (ID, True)
        assert [group["name"] for group in found["removed"]] == ["3 Blue"]
        (shown,) = found["parents"]
        assert (shown["name"], shown["seen"]) == ("Anna Patel", False)
        assert "children" not in shown
        (asked,) = world.identity.asked("GET /parents")
        assert asked.query == {"pupil_id": [ID]}
        (asked,) = world.roster.asked("GET /links")
        assert asked.query["pupil_id"] == [ID]

    async def test_sees_the_pupil_without_what_does_not_answer(self, world: World) -> None:
        world.roster.answers[f"GET /pupils/{ID}"] = PUPIL
        world.roster.answers["GET /links"] = page()
        world.identity.answers["GET /parents"] = (503, b"")
        found = (await world.browser().get(PATH)).json()
        assert (found["parents"], found["unavailable"]) == ([], ["identity"])

    async def test_changes_pupils_and_learns_who_was_quicker(self, world: World) -> None:
        problem = {
            "type": "urn:classroom:problem:changed-since",
            "title": "Somebody else changed this in the meantime",
            "status": 409,
            "detail": "Look again.",
            "current": PUPIL,
        }
        world.roster.answers[f"PATCH /pupils/{ID}"] = (409, problem)
        change = {"expected_version": 2, "sex": None, "year_offset": 1}
        answer = await world.browser().ask("PATCH", PATH, json=change)
        assert (answer.status_code, answer.json()) == (409, problem)
        (asked,) = world.roster.asked(f"PATCH /pupils/{ID}")
        assert asked.body == change

    async def test_hands_a_field_and_a_membership_back(self, world: World) -> None:
        world.roster.answers[f"DELETE /pupils/{ID}/overrides/sex"] = PUPIL
        world.roster.answers[f"DELETE /groups/{GROUP}/pupils/{ID}/override"] = {}
        browser = world.browser()
        answer = await browser.ask("DELETE", f"{PATH}/overrides/sex?expected_version=2")
        assert answer.status_code == 200
        (asked,) = world.roster.asked(f"DELETE /pupils/{ID}/overrides/sex")
        assert asked.query == {"expected_version": ["2"]}
        path = f"/api/groups/{GROUP}/pupils/{ID}/override"
        assert (await browser.ask("DELETE", path)).status_code == 204
        nonsense = await browser.ask("DELETE", f"{PATH}/overrides/a.b?expected_version=2")
        assert nonsense.status_code == 422


@pytest.mark.parametrize("role", ["teacher", "slt"])
async def test_colleagues_look_and_change_nothing(world: World, role: str) -> None:
    """R14: whom they see is roster's to say; parents and unlinks are the admin's."""
    colleague = world.browser(person("user", role=role))
    world.roster.answers[f"GET /pupils/{ID}"] = PUPIL
    found = (await colleague.get(PATH)).json()
    assert (found["pupil"]["id"], found["parents"], found["removed"]) == (ID, [], [])
    assert not world.identity.asked("GET /parents")
    for method, path in (("PATCH", PATH), ("DELETE", f"{PATH}/overrides/sex?expected_version=2")):
        answer = await colleague.ask(method, path, json={"expected_version": 2})
        assert answer.status_code == 403
