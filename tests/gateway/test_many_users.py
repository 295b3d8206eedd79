"""Many users at once: what the gateway asks of whom, and to whom it is open (R1, R4, R6, R13)."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest

from tests.gateway.fakes import person
from tests.gateway.test_pages import user
from tests.gateway.world import World

IDS = [str(UUID(int=1)), str(UUID(int=2))]
FATES = [
    {"id": IDS[0], "name": "Jo A", "username": "a", "outcome": "changed", "reason": None},
    {"id": IDS[1], "name": "Jo B", "username": "b", "outcome": "refused", "reason": "It is so."},
]


async def test_what_is_identity_s_is_asked_of_identity(world: World) -> None:
    body = {"action": "reset_password", "ids": IDS}
    ahead = {"changed": 1, "items": FATES, "signs_out": 1, "sends_links": 0, "must_be_reset": 0}
    world.identity.answers["POST /users/bulk/preview"] = ahead
    world.identity.answers["POST /users/bulk"] = {"changed": 1, "items": FATES}
    browser = world.browser()
    assert (await browser.post("/api/users/many/preview", body)).json() == ahead
    assert (await browser.post("/api/users/many", body)).json()["items"] == FATES
    [asked] = world.identity.asked("POST /users/bulk")
    assert asked.body == body
    assert not world.roster.seen


@pytest.mark.parametrize(("action", "present"), [("link", True), ("unlink", False)])
async def test_links_are_asked_of_roster(world: World, action: str, present: bool) -> None:
    group_id = str(uuid4())
    done = {
        "changed": 1,
        "items": [{"person_id": IDS[0], "name": "Jo A", "outcome": "changed", "reason": None}],
    }
    world.roster.answers[f"POST /groups/{group_id}/users"] = done
    world.roster.answers[f"POST /groups/{group_id}/users/preview"] = done
    body = {"action": action, "ids": IDS, "group_id": group_id}
    for path in ("/preview", ""):
        answer = await world.browser().post(f"/api/users/many{path}", body)
        assert answer.json()["items"][0]["id"] == IDS[0]
        [asked] = world.roster.asked(f"POST /groups/{group_id}/users{path}")
        assert asked.body == {"present": present, "user_ids": IDS}


@pytest.mark.parametrize(
    "body",
    [
        {"action": "link", "ids": IDS},
        {"action": "make_inactive", "ids": IDS, "group_id": str(uuid4())},
        {"action": "make_inactive", "ids": []},
        {"action": "make_inactive", "ids": [str(uuid4()) for _ in range(501)]},
        {"action": "make_inactive", "ids": IDS, "school_id": str(uuid4())},
    ],
    ids=["link to nothing", "a group for nothing", "nobody", "501", "more than asked"],
)
async def test_what_makes_no_sense_goes_no_further(world: World, body: Any) -> None:
    assert (await world.browser().post("/api/users/many", body)).status_code == 422
    assert not [seen for seen in world.identity.seen if "bulk" in seen.path]


async def test_a_refusal_of_the_whole_is_passed_on(world: World) -> None:
    problem = {
        "type": "urn:classroom:problem:no-such-users",
        "title": "Some of these are no users of this school",
        "status": 422,
        "detail": "1 of the 2 chosen are not in this school. Nothing was changed.",
        "errors": [{"pointer": "#/ids/1", "detail": "There is no such user in this school."}],
    }
    world.identity.answers["POST /users/bulk"] = (422, problem)
    body = {"action": "make_active", "ids": IDS}
    answer = await world.browser().post("/api/users/many", body)
    assert (answer.status_code, answer.json()) == (422, problem)


async def test_the_file_and_the_ids_are_of_what_is_filtered(world: World) -> None:
    world.identity.answers["GET /users/export"] = (200, b"\xef\xbb\xbfSurname\r\n")
    world.identity.answers["GET /users/ids"] = {"ids": IDS, "total": 2}
    filters = "no_class=true&leadership=head&active=false&search=smi"
    file = await world.browser().get(f"/api/users/export?{filters}")
    assert file.content == b"\xef\xbb\xbfSurname\r\n"
    assert file.headers["content-disposition"] == 'attachment; filename="users.csv"'
    assert file.headers["content-type"] == "text/csv; charset=utf-8"
    assert (await world.browser().get(f"/api/users/ids?{filters}")).json()["total"] == 2
    for question in ("GET /users/export", "GET /users/ids"):
        [asked] = world.identity.asked(question)
        assert asked.query == {
            "no_class": ["true"],
            "leadership": ["head"],
            "active": ["false"],
            "search": ["smi"],
        }


async def test_a_detail_is_handed_back_and_an_account_replaced(world: World) -> None:
    one = user()
    world.identity.answers[f"DELETE /users/{one['id']}/overrides/email"] = one
    world.identity.answers[f"POST /users/{one['id']}/replacement"] = (201, one)
    path = f"/api/users/{one['id']}"
    answer = await world.browser().ask("DELETE", f"{path}/overrides/email?expected_version=3")
    assert answer.status_code == 200
    [asked] = world.identity.asked(f"DELETE /users/{one['id']}/overrides/email")
    assert asked.query == {"expected_version": ["3"]}
    form = {"expected_version": 3, "forename": "A", "surname": "B", "role": "teacher"}
    assert (await world.browser().post(f"{path}/replacement", form)).status_code == 201
    assert world.identity.asked(f"POST /users/{one['id']}/replacement")[0].body == form


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/ids"),
        ("GET", "/export"),
        ("POST", "/many"),
        ("POST", "/many/preview"),
        ("DELETE", f"/{IDS[0]}/overrides/email?expected_version=1"),
        ("POST", f"/{IDS[0]}/replacement"),
    ],
)
async def test_it_is_the_admin_s_alone(world: World, method: str, path: str) -> None:
    """R1."""
    for who in (person("user", role="slt"), person("user", role="teacher"), person("parent")):
        answer = await world.browser(who).ask(method, f"/api/users{path}", json={})
        assert answer.status_code == 403
    assert not [seen for seen in world.identity.seen if "/users" in seen.path]
