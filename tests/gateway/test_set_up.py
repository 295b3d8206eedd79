"""The set-up guide and 'contact us': whom they are open to, and what is passed on (R28)."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from tests.gateway.fakes import FakeService, person
from tests.gateway.world import World

IDENTITY: dict[str, Any] = {
    "has_address": True,
    "has_telephone": True,
    "has_contact_email": True,
    "users": 14,
    "users_claimed": 9,
    "users_stuck": 2,
    "senior_leaders": 3,
    "leaders": 1,
    "first_passwords": "default",
    "parents": 0,
    "parents_claimed": 0,
    "put_away": False,
}
ROSTER: dict[str, Any] = {
    "pupils": 312,
    "missing_upn": 12,
    "pupils_without_class": 0,
    "groups": 13,
    "classes": 11,
    "classes_without_teacher": 1,
    "classes_without_next": 0,
    "academic_year": "2026/27",
}
MIS: dict[str, Any] = {
    "link_state": "healthy",
    "connector_heard": True,
    "snapshot_applied": True,
    "differences": 14,
    "pupils_not_here": 0,
}
REPORTS: dict[str, Any] = {"has_logo": True, "subjects": 12, "terms": 3, "terms_proposed": 0}


@pytest.fixture
def counted(world: World) -> World:
    for service, figures in zip(services(world), (IDENTITY, ROSTER, MIS, REPORTS), strict=True):
        service.answers["GET /set-up"] = figures
    return world


def services(world: World) -> tuple[FakeService, ...]:
    return (world.identity, world.roster, world.mis_sync, world.reports)


async def read(world: World) -> dict[str, Any]:
    answer = await world.browser().get("/api/set-up")
    assert answer.status_code == 200, answer.text
    guide: dict[str, Any] = answer.json()
    return guide


class TestGuide:
    async def test_it_says_what_is_done_and_what_is_missing(self, counted: World) -> None:
        guide = await read(counted)
        steps = {step["id"]: step for step in guide["steps"]}
        assert (guide["way"], guide["complete"], guide["put_away"]) == ("mis", False, False)
        assert steps["pupils"]["there"] == "312 pupils, 12 without a UPN."
        assert steps["mapping"]["missing"] == ["14 differences wait for you to decide."]
        assert steps["teachers"]["missing"] == ["1 class has nobody who sees the pupils."]
        assert [step["id"] for step in guide["steps"] if step["state"] == "to_do"] == [
            *("mapping", "teachers", "first_sign_in", "parents"),
        ]

    @pytest.mark.parametrize("away", ["roster", "mis_sync", "reports", "identity"])
    async def test_without_one_service_the_others_steps_are_there(
        self, counted: World, away: str
    ) -> None:
        whole = {step["id"]: step for step in (await read(counted))["steps"]}
        [gone] = [service for service in services(counted) if service.name == away]
        gone.answers["GET /set-up"] = (503, {})
        guide = await read(counted)
        assert guide["unavailable"] == [away]
        for step in guide["steps"]:
            unknown = step["service"] == away
            assert (step["state"] == "unknown") is unknown
            assert unknown or step == whole[step["id"]]
        assert (guide["put_away"] is None) is (away == "identity")

    @pytest.mark.parametrize("somebody", ["teacher", "slt", "parent"])
    async def test_it_is_the_admin_accounts(self, counted: World, somebody: str) -> None:
        kind, role = ("parent", None) if somebody == "parent" else ("user", somebody)
        browser = counted.browser(person(kind, role=role))
        assert (await browser.get("/api/set-up")).status_code == 403
        answer = await browser.ask("PUT", "/api/set-up/guide", json={"put_away": True})
        assert answer.status_code == 403
        for service in services(counted):
            assert [seen for seen in service.seen if "set-up" in seen.path] == []

    async def test_it_is_put_away(self, world: World) -> None:
        world.identity.answers["PUT /set-up/guide"] = lambda seen: seen.body
        answer = await world.browser().ask("PUT", "/api/set-up/guide", json={"put_away": True})
        assert answer.json() == {"put_away": True}


CONTACT: dict[str, Any] = {
    "school": {
        "name": "Heron Park Primary School",
        "address": ["NG7 5PN"],
        "telephone": None,
        "contact_email": None,
    },
    "can_write": True,
    "reply_to": "jo@heronpark.example",
    "sent": [],
}


class TestContact:
    async def test_staff_write_and_parents_only_read(self, world: World) -> None:
        message = {"id": str(uuid4()), "topic": "other", "message": "Line one\nline two"}
        kept = {
            **message,
            "reference": "CM-2345-6789",
            "written_at": "2026-11-26T09:00:00Z",
            "state": "waiting",
        }
        world.identity.answers["GET /support"] = CONTACT
        world.identity.answers["POST /support/messages"] = (201, kept)
        for session, status in (
            (person(), 201),
            (person("user", role="teacher"), 201),
            (person("parent"), 403),
        ):
            browser = world.browser(session)
            assert (await browser.get("/api/contact")).json() == CONTACT
            answer = await browser.post("/api/contact", message)
            assert answer.status_code == status
        assert [seen.body for seen in world.identity.asked("POST /support/messages")] == [
            message,
            message,
        ]

    async def test_nobody_writes_who_is_not_signed_in(self, world: World) -> None:
        message = {"id": str(uuid4()), "topic": "other", "message": "Let me in"}
        answer = await world.anonymous().post("/api/contact", message)
        assert answer.status_code in (401, 403)
        assert world.identity.asked("POST /support/messages") == []

    @pytest.mark.parametrize("text", ["", "a\x00b", "x" * 4001], ids=["empty", "nul", "long"])
    async def test_no_message_is_refused_at_the_edge(self, world: World, text: str) -> None:
        message = {"id": str(uuid4()), "topic": "other", "message": text}
        answer = await world.browser().post("/api/contact", message)
        assert answer.status_code in (400, 422)
        assert "xxxx" not in answer.text
        assert world.identity.asked("POST /support/messages") == []
