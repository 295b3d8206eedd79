"""The settings page: sections side by side, each saved by itself (R29)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.gateway.fakes import person
from tests.gateway.world import World

SIGN_IN = {"first_passwords": "default", "two_step": "optional"}
CHANGES: list[tuple[str, dict[str, Any]]] = [
    ("sign-in", {"expected_version": 0, **SIGN_IN}),
]


async def test_a_change_is_passed_on_as_it_was_sent(world: World) -> None:
    saved = {**SIGN_IN, "two_step": "admin_and_slt"}
    world.identity.answers["PUT /school/settings/sign-in"] = {
        **saved,
        "version": 1,
        "defaults": SIGN_IN,
    }
    change = {**saved, "expected_version": 0}
    answer = await world.browser().ask("PUT", "/api/settings/sign-in", json=change)
    assert answer.status_code == 200, answer.text
    assert answer.json()["two_step"] == "admin_and_slt"
    [asked] = world.identity.asked("PUT /school/settings/sign-in")
    assert asked.body == change


@pytest.mark.parametrize(("section", "body"), CHANGES)
@pytest.mark.parametrize("role", ["teacher", "slt"])
async def test_settings_are_the_admins(
    world: World, section: str, body: dict[str, Any], role: str
) -> None:
    """R1: it is refused here already."""
    colleague = world.browser(person("user", role=role))
    assert (await colleague.get("/api/settings")).status_code == 403
    answer = await colleague.ask("PUT", f"/api/settings/{section}", json=body)
    assert answer.status_code == 403
    assert not [seen for seen in world.identity.seen if "settings" in seen.path]
