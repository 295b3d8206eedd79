"""The settings page: sections side by side, each saved by itself (R29)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.gateway.fakes import person
from tests.gateway.world import World

SIGN_IN = {"first_passwords": "default", "two_step": "optional"}
DETAILS = {
    "name": "Heron Park Academy",
    "address_line_1": "Heron Lane",
    "town": None,
    "postcode": "NG7 5PN",
    "first_year_group": "R",
    "last_year_group": "6",
}
SAVED = {**DETAILS, **dict.fromkeys(("address_line_2", "telephone", "contact_email")), "version": 2}
KEPT = {
    "ethnicity": True,
    "first_language": False,
    "sen_provision": False,
    "free_school_meals": False,
    "pupil_premium": False,
    "in_care": False,
}
FIELDS = {
    **KEPT,
    "version": 1,
    "defaults": dict.fromkeys(KEPT, False),
    "about": [{"name": "ethnicity", "label": "Ethnicity", "help": "By DfE’s codes."}],
}
ROLL_UP = {
    "version": 0,
    "leavers_group": None,
    "leavers_group_stands": False,
    "defaults": {"leavers_group_id": None},
    "academic_year": "2026/27",
    "next_academic_year": "2027/28",
    "due_on": "2027-08-26",
    "waits": False,
    "following": 12,
    "without": 1,
    "leaving": 30,
}
SOME_ID = "0192f3a0-0000-7000-8000-000000000000"
SUBJECT = {"id": SOME_ID, "name": "English", "year_groups": ["3"], "active": True}
TERM = {
    "id": SOME_ID,
    "name": "Autumn",
    "first_day": "2026-09-01",
    "last_day": "2026-12-18",
    "active": True,
}
BAND = {
    "id": SOME_ID,
    "code": "EXS",
    "name": "Working at",
    "meaning": "",
    "expectation": True,
    "active": True,
}
REPORTS: dict[str, Any] = {
    "subjects": {"version": 1, "subjects": [SUBJECT], "defaults": ["English"]},
    "terms": {"version": 3, "academic_year": "2026/27", "proposed": True, "terms": [TERM]},
    "scale": {"version": 1, "bands": [BAND], "defaults": ["Working at"]},
}
SYNC: dict[str, Any] = {
    "hour": None,
    "parents": False,
    "version": 0,
    "at": "02:37",
    "usual_at": "02:37",
    "minute": 37,
    "defaults": {"hour": None, "parents": False},
}
OTHERS = ("subjects", "terms", "scale", "sync")
CHANGES: list[tuple[str, dict[str, Any]]] = [
    ("sign-in", {"expected_version": 0, **SIGN_IN}),
    ("details", {"expected_version": 1, **DETAILS}),
    ("pupil-fields", {"expected_version": 1, **KEPT}),
    ("subjects", {"expected_version": 1, "subjects": [SUBJECT]}),
    ("terms", {"expected_version": 3, "terms": [TERM]}),
    ("scale", {"expected_version": 1, "bands": [BAND]}),
    ("sync", {"expected_version": 0, "hour": 2}),
]


async def test_all_sections_with_their_versions_and_defaults(world: World) -> None:
    sign_in = {**SIGN_IN, "version": 0, "defaults": SIGN_IN}
    world.identity.answers["GET /school/settings"] = {"details": SAVED, "sign_in": sign_in}
    world.roster.answers["GET /settings/pupil-fields"] = FIELDS
    world.roster.answers["GET /roll-up/settings"] = ROLL_UP
    world.reports.answers["GET /settings"] = REPORTS
    world.mis_sync.answers["GET /settings"] = SYNC
    found = (await world.browser().get("/api/settings")).json()
    identitys = {"details": SAVED, "sign_in": sign_in}
    others = {**REPORTS, "pupil_fields": FIELDS, "roll_up": ROLL_UP, "sync": SYNC}
    assert found == {**identitys, **others, "unavailable": []}


async def test_a_section_comes_without_what_its_service_does_not_tell(world: World) -> None:
    """The page says which part is missing; the session was looked up, so identity is there."""
    world.identity.answers["GET /school/settings"] = (503, b"")
    world.roster.answers["GET /settings/pupil-fields"] = FIELDS
    world.roster.answers["GET /roll-up/settings"] = ROLL_UP
    world.reports.answers["GET /settings"] = REPORTS
    world.mis_sync.answers["GET /settings"] = (503, b"")
    answer = await world.browser().get("/api/settings")
    assert answer.status_code == 200
    away = dict.fromkeys(("details", "sign_in", "sync"))
    there = {**REPORTS, "pupil_fields": FIELDS, "roll_up": ROLL_UP}
    assert answer.json() == {**away, **there, "unavailable": ["identity", "mis_sync"]}


async def test_what_others_changed_meanwhile_is_passed_on(world: World) -> None:
    problem = {
        "type": "urn:classroom:problem:changed-meanwhile",
        "title": "These settings were changed meanwhile",
        "status": 409,
        "detail": "Look again.",
        "errors": [{"pointer": "#/name", "detail": "Somebody else has changed this."}],
        "current": SAVED,
    }
    world.identity.answers["PUT /school/settings/details"] = (409, problem)
    form = {"expected_version": 1, **DETAILS}
    answer = await world.browser().ask("PUT", "/api/settings/details", json=form)
    assert (answer.status_code, answer.json()) == (409, problem)


async def test_a_field_that_nobody_knows_is_refused(world: World) -> None:
    form = {"expected_version": 1, **DETAILS, "school_id": "another"}
    answer = await world.browser().ask("PUT", "/api/settings/details", json=form)
    assert answer.status_code == 422
    assert not world.identity.asked("PUT /school/settings/details")


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


async def test_the_pupils_fields_are_rosters(world: World) -> None:
    world.roster.answers["PUT /settings/pupil-fields"] = FIELDS
    change = {**KEPT, "expected_version": 0}
    answer = await world.browser().ask("PUT", "/api/settings/pupil-fields", json=change)
    assert (answer.status_code, answer.json()) == (200, FIELDS)
    [asked] = world.roster.asked("PUT /settings/pupil-fields")
    assert asked.body == change


@pytest.mark.parametrize("section", OTHERS)
async def test_a_section_is_saved_by_the_service_whose_rule_it_is(
    world: World, section: str
) -> None:
    service = world.mis_sync if section == "sync" else world.reports
    route = "PUT /settings" if section == "sync" else f"PUT /settings/{section}"
    answered = SYNC if section == "sync" else REPORTS[section]
    service.answers[route] = answered
    body = dict(CHANGES)[section]
    answer = await world.browser().ask("PUT", f"/api/settings/{section}", json=body)
    assert (answer.status_code, answer.json()) == (200, answered), answer.text
    [asked] = service.asked(route)
    assert asked.body == body


@pytest.mark.parametrize(("section", "body"), CHANGES, ids=[name for name, _ in CHANGES])
@pytest.mark.parametrize("role", ["teacher", "slt"])
async def test_settings_are_the_admins(
    world: World, section: str, body: dict[str, Any], role: str
) -> None:
    """R1: it is refused here already."""
    colleague = world.browser(person("user", role=role))
    assert (await colleague.get("/api/settings")).status_code == 403
    answer = await colleague.ask("PUT", f"/api/settings/{section}", json=body)
    assert answer.status_code == 403
    services = (world.identity, world.roster, world.reports, world.mis_sync)
    assert not [seen for each in services for seen in each.seen if "settings" in seen.path]


async def test_the_set_for_leavers_is_roster_s(world: World) -> None:
    world.roster.answers["PUT /roll-up/settings"] = ROLL_UP | {"version": 1}
    change = {"expected_version": 0, "leavers_group_id": "0192f3a0-0000-7000-8000-000000000000"}
    answer = await world.browser().ask("PUT", "/api/settings/roll-up", json=change)
    assert answer.json()["version"] == 1
    [asked] = world.roster.asked("PUT /roll-up/settings")
    assert asked.body == change
