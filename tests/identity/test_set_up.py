"""How far a school's details and people are, counted now, and its guide put away (R28)."""

from __future__ import annotations

from typing import Any

from tests.identity.door import Door, SchoolInTest, problem_of


async def read(door: Door, headers: dict[str, str]) -> dict[str, Any]:
    answer = await door.client.get("/set-up", headers=headers)
    assert answer.status_code == 200, answer.text
    counted: dict[str, Any] = answer.json()
    return counted


async def put_away(door: Door, headers: dict[str, str], *, away: bool) -> Any:
    return await door.client.put("/set-up/guide", json={"put_away": away}, headers=headers)


async def test_what_is_done_is_counted_as_it_is_done(door: Door, school: SchoolInTest) -> None:
    admin = await school.as_admin()
    nothing = {
        "has_address": False,
        "has_telephone": False,
        "has_contact_email": False,
        "users": 0,
        "users_claimed": 0,
        "users_stuck": 0,
        "senior_leaders": 0,
        "leaders": 0,
        "first_passwords": "default",
        "parents": 0,
        "parents_claimed": 0,
        "put_away": False,
    }
    assert await read(door, admin) == nothing
    teacher = await school.add_user()
    await school.add_user(surname="Away")
    await school.add_user(role="slt", leadership="head", email=f"head-{school.id}@heron.example")
    await school.claim(teacher["username"])
    counted = {**nothing, "users": 3, "users_claimed": 1, "senior_leaders": 1, "leaders": 1}
    assert await read(door, admin) == counted
    with door.clock.moved_by(days=15):
        # The default of one and the link of another have lapsed.
        session = door.as_session((await school.admin())["session"])
        assert await read(door, session) == {**counted, "users_stuck": 2}


async def test_inactive_people_do_not_count(door: Door, school: SchoolInTest) -> None:
    admin = await school.as_admin()
    user = await school.add_user()
    path = f"/users/{user['id']}/active"
    await door.client.put(path, json={"active": False}, headers=admin)
    assert (await read(door, admin))["users"] == 0


async def test_the_guide_is_put_away_and_taken_back_with_a_line_in_the_log(
    door: Door, school: SchoolInTest
) -> None:
    admin, other = await school.as_admin(), await (await door.new_school()).as_admin()
    for away in (True, True, False, False):
        assert (await put_away(door, admin, away=away)).status_code == 200
        assert (await read(door, admin))["put_away"] is away
        assert (await read(door, other))["put_away"] is False
    logged = [
        (entry["action"], entry["before"], entry["after"])
        for event in await door.told(school.id, "activity.recorded.v1")
        for entry in event["data"]["entries"]
        if entry["action"].startswith("set_up_guide")
    ]
    assert logged == [
        ("set_up_guide.put_away", {"put_away": False}, {"put_away": True}),
        ("set_up_guide.taken_back", {"put_away": True}, {"put_away": False}),
    ]


async def test_only_the_admin_account_sees_it(door: Door, school: SchoolInTest) -> None:
    user = await school.add_user(role="slt")
    leader = door.as_session((await school.claim(user["username"]))["session"])
    assert problem_of(await door.client.get("/set-up", headers=leader))[0] == 403
    assert problem_of(await put_away(door, leader, away=True))[0] == 403
