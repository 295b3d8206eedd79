"""Sessions and single-use links: how long they live, what ends them, and what is kept of them."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from services.identity.accounts.repository import find_accounts
from services.identity.context import Identity
from services.identity.sessions.links import make_link
from services.identity.sessions.tokens import token_hash
from tests.identity.door import OWN_PASSWORD, Door, SchoolInTest, problem_of


@pytest.fixture
async def opened(school: SchoolInTest) -> dict[str, Any]:
    return await school.admin()


async def test_a_session_says_whose_it_is_and_where(
    door: Door, school: SchoolInTest, opened: dict[str, Any]
) -> None:
    session = (await door.look_up(opened["token"])).json()
    assert session == opened["session"]
    assert session["account"] == {
        "id": school.made["admin"]["id"],
        "kind": "admin",
        "role": None,
        "leadership": None,
        "username": f"{school.postcode}_admin",
        "email": school.admin_email,
        "name": "Administrator",
    }
    assert session["school"] == school.made["school"]


async def test_a_session_idles_out_after_thirty_minutes_unless_it_is_used(
    door: Door, opened: dict[str, Any]
) -> None:
    with door.clock.moved_by(minutes=29):
        assert (await door.look_up(opened["token"])).status_code == 200
    with door.clock.moved_by(minutes=58):
        assert (await door.look_up(opened["token"])).status_code == 200
    with door.clock.moved_by(minutes=89):
        assert problem_of(await door.look_up(opened["token"])) == (401, "session-over")


async def test_a_session_ends_after_twelve_hours_however_much_it_is_used(
    door: Door, opened: dict[str, Any]
) -> None:
    for minutes in range(20, 12 * 60, 20):
        with door.clock.moved_by(minutes=minutes):
            assert (await door.look_up(opened["token"])).status_code == 200
    with door.clock.moved_by(minutes=12 * 60):
        assert problem_of(await door.look_up(opened["token"])) == (401, "session-over")


async def test_a_session_of_someone_made_inactive_opens_nothing(
    door: Door, school: SchoolInTest
) -> None:
    """R6."""
    user = await school.add_user()
    opened = await school.claim(user["username"])
    await door.rows("UPDATE accounts SET active = false WHERE account_id = $1", user["id"])
    assert problem_of(await door.look_up(opened["token"])) == (401, "session-over")


async def test_signing_out_ends_the_session_and_tells_the_gateways(
    door: Door, school: SchoolInTest, opened: dict[str, Any]
) -> None:
    headers = door.as_session(opened["session"])
    for _ in range(2):
        answer = await door.client.delete("/sessions/current", headers=headers)
        assert answer.status_code == 204
    assert problem_of(await door.look_up(opened["token"])) == (401, "session-over")
    told = await door.told(school.id, "identity.session.ended.v1")
    assert [event["data"]["session_ids"] for event in told][-1:] == [[opened["session"]["id"]]]
    assert len([event for event in told if opened["session"]["id"] in str(event)]) == 1


async def test_several_people_share_the_admin_account_at_once(
    door: Door, school: SchoolInTest, opened: dict[str, Any]
) -> None:
    """R1."""
    second = (await door.sign_in(school.admin_email, OWN_PASSWORD)).json()
    assert second["token"] != opened["token"]
    assert second["session"]["csrf_token"] != opened["session"]["csrf_token"]
    for token in (opened["token"], second["token"]):
        assert (await door.look_up(token)).status_code == 200


async def test_the_database_knows_no_token(door: Door, opened: dict[str, Any]) -> None:
    [row] = await door.rows(
        "SELECT * FROM sessions WHERE session_id = $1", UUID(opened["session"]["id"])
    )
    assert row["token_hash"] == token_hash(opened["token"])
    assert opened["token"] not in str(row)


async def another_link(door: Door, school: SchoolInTest) -> dict[str, str]:
    """The admin's next link. No door makes one yet, so the rule is asked itself."""
    identity: Identity = door.app.state.identity
    now = door.clock()
    async with identity.database.transaction(school.id) as connection:
        account_id = UUID(school.made["admin"]["id"])
        admin = (await find_accounts(connection, [account_id]))[account_id]
        link = await make_link(identity, connection, admin, now, now + timedelta(hours=1))
    return {"token": link.rpartition("#")[2]}


async def test_a_link_opens_the_password_form_until_a_password_is_set(
    door: Door, school: SchoolInTest
) -> None:
    """R5: opening it spends nothing, and ends the form that the time before opened."""
    link = {"token": school.link_token}
    first = await door.client.post("/sessions/link", json=link)
    assert first.status_code == 201
    session = first.json()["session"]
    assert session["scope"] == "set_password"
    refused = await door.client.get("/users", headers=door.as_session(session))
    assert problem_of(refused) == (403, "password-not-set")
    again = await door.client.post("/sessions/link", json=link)
    assert again.status_code == 201
    assert problem_of(await door.look_up(first.json()["token"])) == (401, "session-over")
    assert problem_of(await door.set_password(first.json(), OWN_PASSWORD)) == (401, "session-over")
    assert (await door.set_password(again.json(), OWN_PASSWORD)).status_code == 201
    spent = await door.client.post("/sessions/link", json=link)
    assert problem_of(spent) == (401, "link-refused")


async def test_a_link_that_is_opened_often_at_once_has_one_form_in_the_end(
    door: Door, school: SchoolInTest
) -> None:
    link = {"token": school.link_token}
    answers = await asyncio.gather(
        *(door.client.post("/sessions/link", json=link) for _ in range(4))
    )
    found = [await door.look_up(answer.json()["token"]) for answer in answers]
    assert sorted(answer.status_code for answer in found) == [200, 401, 401, 401]


async def test_any_password_that_is_set_spends_the_links(door: Door, school: SchoolInTest) -> None:
    opened = await school.admin()
    link = await another_link(door, school)
    changed = await door.set_password(opened, "march umbrella 77 fjord", OWN_PASSWORD)
    assert changed.status_code == 201
    late = await door.client.post("/sessions/link", json=link)
    assert problem_of(late) == (401, "link-refused")


async def test_the_newest_link_wins(door: Door, school: SchoolInTest) -> None:
    """R3."""
    link = await another_link(door, school)
    old = await door.client.post("/sessions/link", json={"token": school.link_token})
    new = await door.client.post("/sessions/link", json=link)
    assert (old.status_code, new.status_code) == (401, 201)


async def test_a_newer_link_ends_the_form_that_an_older_one_opened(
    door: Door, school: SchoolInTest
) -> None:
    """R3."""
    older = await door.client.post("/sessions/link", json={"token": school.link_token})
    await another_link(door, school)
    late = await door.set_password(older.json(), OWN_PASSWORD)
    assert problem_of(late) == (401, "session-over")


async def test_a_used_link_ends_all_sessions(door: Door, school: SchoolInTest) -> None:
    """R3: used is not yet opened, or whoever opens somebody's mail could put them out."""
    opened = await school.admin()
    link = await another_link(door, school)
    form = (await door.client.post("/sessions/link", json=link)).json()
    assert (await door.look_up(opened["token"])).status_code == 200
    assert (await door.set_password(form, "march umbrella 77 fjord")).status_code == 201
    assert problem_of(await door.look_up(opened["token"])) == (401, "session-over")
    told = await door.told(school.id, "identity.session.ended.v1")
    assert opened["session"]["id"] in told[-1]["data"]["session_ids"]


async def test_a_link_lapses(door: Door, school: SchoolInTest) -> None:
    with door.clock.moved_by(days=7, minutes=1):
        late = await door.client.post("/sessions/link", json={"token": school.link_token})
    assert problem_of(late) == (401, "link-refused")


async def test_a_link_that_nobody_made_is_refused(door: Door) -> None:
    answer = await door.client.post("/sessions/link", json={"token": "made-up"})
    assert problem_of(answer) == (401, "link-refused")


async def test_the_form_that_a_link_opens_stays_for_ten_minutes(
    door: Door, school: SchoolInTest
) -> None:
    link = {"token": school.link_token}
    opened = (await door.client.post("/sessions/link", json=link)).json()
    with door.clock.moved_by(minutes=9):
        assert (await door.look_up(opened["token"])).status_code == 200
    with door.clock.moved_by(minutes=11):
        assert problem_of(await door.look_up(opened["token"])) == (401, "session-over")
        late = await door.set_password(opened, OWN_PASSWORD)
    assert problem_of(late) == (401, "session-over")
