"""The life of a default password, and what an own password must be (R2, R3)."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from services.identity.passwords.default_words import new_default_password
from tests.eventually import eventually
from tests.identity.door import OWN_PASSWORD, Door, SchoolInTest, problem_of


@pytest.fixture
async def user(school: SchoolInTest) -> dict[str, Any]:
    return await school.add_user(
        forename="Amélie", surname="O'Neill-Fox", email=f"amelie@{school.postcode}.example"
    )


async def open_form(door: Door, school: SchoolInTest, user: dict[str, Any]) -> dict[str, Any]:
    answer = await door.sign_in(user["username"], school.default_password)
    assert answer.status_code == 201, answer.text
    opened: dict[str, Any] = answer.json()
    return opened


def test_a_default_password_is_four_random_words() -> None:
    made = {new_default_password() for _ in range(50)}
    assert len(made) == 50
    for words in made:
        assert len(words.split("-")) == 4
        assert words.replace("-", "").isalpha()
        assert words == words.lower()


async def test_the_default_opens_the_form_and_nothing_else(
    door: Door, school: SchoolInTest, user: dict[str, Any]
) -> None:
    opened = await open_form(door, school, user)
    assert opened["session"]["scope"] == "set_password"
    headers = door.as_session(opened["session"])
    for path in ("/users", f"/users/{user['id']}", "/school", "/default-password"):
        answer = await door.client.get(path, headers=headers)
        assert problem_of(answer) == (403, "password-not-set"), path


async def test_setting_a_password_claims_the_account(
    door: Door, school: SchoolInTest, user: dict[str, Any]
) -> None:
    opened = await open_form(door, school, user)
    answer = await door.set_password(opened, OWN_PASSWORD)
    assert answer.status_code == 201
    claimed = answer.json()
    assert claimed["session"]["scope"] == "full"
    assert claimed["token"] != opened["token"]
    assert problem_of(await door.look_up(opened["token"])) == (401, "session-over")
    assert (await door.look_up(claimed["token"])).status_code == 200
    assert (await door.sign_in(user["username"], OWN_PASSWORD)).status_code == 201
    again = await door.sign_in(user["username"], school.default_password)
    assert problem_of(again) == (401, "sign-in-refused")


async def test_everyone_who_should_hears_that_an_account_is_claimed(
    door: Door, school: SchoolInTest, user: dict[str, Any]
) -> None:
    opened = await open_form(door, school, user)
    await door.set_password(opened, OWN_PASSWORD)
    ended = await door.told(school.id, "identity.session.ended.v1")
    assert opened["session"]["id"] in ended[-1]["data"]["session_ids"]
    [before, after] = await door.told(school.id, "identity.users.changed.v1")
    assert before["data"]["users"][0]["claimed"] is False
    assert after["data"]["users"][0]["claimed"] is True
    assert after["data"]["users"][0]["version"] == before["data"]["users"][0]["version"] + 1
    [entry] = (await door.told(school.id, "activity.recorded.v1"))[-1]["data"]["entries"]
    assert entry["action"] == "user.claimed"
    assert entry["subject"]["id"] == user["id"]
    [mail] = await eventually(lambda: _mails(door, user["email"]))
    assert mail["Subject"] == "Your account is ready"


async def _mails(door: Door, recipient: str) -> list[Any]:
    return door.mailbox.sent_to(recipient)


async def test_several_forms_may_be_open_but_one_of_them_wins(
    door: Door, school: SchoolInTest, user: dict[str, Any]
) -> None:
    forms = [await open_form(door, school, user) for _ in range(3)]
    answers = await asyncio.gather(*(door.set_password(form, OWN_PASSWORD) for form in forms))
    assert sorted(answer.status_code for answer in answers) == [201, 401, 401]
    [row] = await door.rows("SELECT version FROM accounts WHERE account_id = $1", user["id"])
    assert row["version"] == 2


async def test_a_new_default_takes_the_place_of_the_old_at_once(
    door: Door, school: SchoolInTest, user: dict[str, Any]
) -> None:
    opened = await open_form(door, school, user)
    made = await door.client.post("/default-password", headers=await school.as_admin())
    words = made.json()["default_password"]
    assert words != school.default_password
    old = await door.sign_in(user["username"], school.default_password)
    assert problem_of(old) == (401, "sign-in-refused")
    late = await door.set_password(opened, OWN_PASSWORD)
    assert problem_of(late) == (401, "session-over")
    assert (await door.sign_in(user["username"], words)).status_code == 201


async def test_a_new_default_does_not_lengthen_the_fourteen_days(
    door: Door, school: SchoolInTest, user: dict[str, Any]
) -> None:
    with door.clock.moved_by(days=13):
        made = await door.client.post("/default-password", headers=await school.as_admin())
    words = made.json()["default_password"]
    with door.clock.moved_by(days=13, hours=23):
        assert (await door.sign_in(user["username"], words)).status_code == 201
    with door.clock.moved_by(days=14, minutes=1):
        late = await door.sign_in(user["username"], words)
    assert problem_of(late) == (401, "sign-in-refused")


async def test_a_form_opened_in_time_does_not_outlast_the_fourteen_days(
    door: Door, school: SchoolInTest, user: dict[str, Any]
) -> None:
    with door.clock.moved_by(days=14, minutes=-1):
        opened = await open_form(door, school, user)
    with door.clock.moved_by(days=14, minutes=1):
        late = await door.set_password(opened, OWN_PASSWORD)
    assert problem_of(late) == (401, "session-over")


async def test_the_default_is_shown_when_it_is_made_and_never_again(
    door: Door, school: SchoolInTest
) -> None:
    answer = await door.client.get("/default-password", headers=await school.as_admin())
    assert set(answer.json()) == {"made_at", "in_use", "paused_until"}


async def test_only_the_admin_makes_a_default(
    door: Door, school: SchoolInTest, user: dict[str, Any]
) -> None:
    claimed = await school.claim(user["username"])
    headers = door.as_session(claimed["session"])
    answer = await door.client.post("/default-password", headers=headers)
    assert problem_of(answer) == (403, "forbidden")


@pytest.mark.parametrize(
    "spelling", [str, str.upper, lambda words: f" {words.replace('-', '  ')} "]
)
async def test_the_default_cannot_be_kept_as_the_own_password(
    door: Door, school: SchoolInTest, user: dict[str, Any], spelling: Any
) -> None:
    opened = await open_form(door, school, user)
    answer = await door.set_password(opened, spelling(school.default_password))
    assert problem_of(answer) == (422, "password-refused")
    assert "default" in answer.json()["detail"]


async def test_neither_can_the_default_before_it(
    door: Door, school: SchoolInTest, user: dict[str, Any]
) -> None:
    made = await door.client.post("/default-password", headers=await school.as_admin())
    opened = (await door.sign_in(user["username"], made.json()["default_password"])).json()
    answer = await door.set_password(opened, school.default_password)
    assert problem_of(answer) == (422, "password-refused")


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("elevenchars", "12 characters or more"),
        ("x" * 129, "128 characters or fewer"),
        ("password1234", "easy to guess"),
        ("qwertyuiop123", "easy to guess"),
        ("aaaaaaaaaaaaaaaa", "easy to guess"),
        ("HeronParkPrimarySchool", "school's name"),
        ("heron park primary school 1", "school's name"),
        ("Amelie O’Neill Fox", "your own"),
        ("oneillfox-amelie1", "your own"),
        ("{username}", "your own"),
    ],
)
async def test_what_an_own_password_may_not_be(
    door: Door, school: SchoolInTest, user: dict[str, Any], password: str, reason: str
) -> None:
    opened = await open_form(door, school, user)
    answer = await door.set_password(opened, password.format(username=user["username"]))
    assert problem_of(answer) == (422, "password-refused")
    assert reason in answer.json()["detail"]
    assert answer.json()["errors"][0]["pointer"] == "#/new_password"
    assert (await door.set_password(opened, OWN_PASSWORD)).status_code == 201


@pytest.mark.parametrize(
    "password",
    [
        "walrus umbrella tin",
        "ünïcödé ist schön 🦉",
        "w7!kQ" + "9zLp" * 30,
        " leading and trailing ",
    ],
)
async def test_an_own_password_is_any_characters_as_they_were_typed(
    door: Door, school: SchoolInTest, user: dict[str, Any], password: str
) -> None:
    opened = await open_form(door, school, user)
    assert (await door.set_password(opened, password)).status_code == 201
    assert (await door.sign_in(user["username"], password)).status_code == 201
    other = await door.sign_in(user["username"], password.strip() + "x")
    assert problem_of(other) == (401, "sign-in-refused")


async def test_whoever_is_signed_in_gives_the_present_password_to_change_it(
    door: Door, school: SchoolInTest, user: dict[str, Any]
) -> None:
    claimed = await school.claim(user["username"])
    elsewhere = (await door.sign_in(user["username"], OWN_PASSWORD)).json()
    new = "marmalade on the piano"
    for wrong in (None, "", "not my password", "x" * 5000):
        answer = await door.set_password(claimed, new, current=wrong)
        assert answer.status_code == 422, wrong
    answer = await door.set_password(claimed, new, current=OWN_PASSWORD)
    assert answer.status_code == 201
    for opened in (claimed, elsewhere):
        assert problem_of(await door.look_up(opened["token"])) == (401, "session-over")
    assert (await door.look_up(answer.json()["token"])).status_code == 200
    assert (await door.sign_in(user["username"], new)).status_code == 201
    assert len(await door.told(school.id, "identity.users.changed.v1")) == 2, "made and claimed"


async def test_a_password_is_not_repeated_in_the_answer_that_refuses_it(door: Door) -> None:
    body = {"identifier": "someone", "password": ["marmalade"]}
    answer = await door.client.post("/sessions", json=body)
    assert answer.status_code == 422
    assert "marmalade" not in answer.text
