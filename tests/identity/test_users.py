"""Users made by hand: their usernames, their addresses, and who sees them (R7, R8, R14)."""

from __future__ import annotations

import asyncio
import unicodedata
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from tests.eventually import eventually
from tests.identity.door import OWN_PASSWORD, Door, SchoolInTest, problem_of


@pytest.mark.parametrize(
    ("surname", "expected"),
    [
        ("Smith", "smith"),
        ("O'Neill", "oneill"),
        ("O’Neill", "oneill"),
        ("Fernández-Łukaszewicz", "fernandezlukaszewicz"),
        ("van der Berg", "vanderberg"),
        ("Smith-Jones", "smithjones"),
        ("Ó Súilleabháin", "osuilleabhain"),
        ("Smith.1", "smith1"),
        ("Großmann", "grossmann"),
        ("李", "user"),
        ("x@y.example", "xyexample"),
    ],
)
async def test_a_username_is_made_of_postcode_and_surname(
    school: SchoolInTest, surname: str, expected: str
) -> None:
    """R7."""
    user = await school.add_user(surname=surname)
    assert user["username"] == f"{school.postcode}_{expected}"
    assert user["surname"] == surname


async def test_the_next_of_the_same_surname_gets_a_number(school: SchoolInTest) -> None:
    names = [
        (await school.add_user(surname=name))["username"] for name in ("Smith", "SMITH", "Smíth")
    ]
    base = f"{school.postcode}_smith"
    assert names == [base, f"{base}.1", f"{base}.2"]
    smithson = await school.add_user(surname="Smithson")
    assert smithson["username"] == f"{school.postcode}_smithson"


async def test_many_at_once_in_two_schools_of_one_postcode_get_a_username_each(
    door: Door,
) -> None:
    one = await door.new_school(postcode="SW1A 1AA")
    other = await door.new_school(postcode="sw1a1aa")
    await one.admin(), await other.admin()
    made = await asyncio.gather(
        *(school.add_user(surname="Jones") for school in (one, other) for _ in range(8))
    )
    numbers = ["", *(f".{number}" for number in range(1, 16))]
    assert sorted(user["username"] for user in made) == sorted(f"sw1a1aa_jones{n}" for n in numbers)
    assert other.made["admin"]["username"] == "sw1a1aa_admin.1"


async def test_a_username_that_looks_like_an_address_is_refused(
    door: Door, school: SchoolInTest
) -> None:
    """R7: no door gives a username yet, so the database is asked itself."""
    with pytest.raises(asyncpg.CheckViolationError, match="usernames_are_no_addresses"):
        await door.rows(
            "UPDATE accounts SET username = 'jo@school.example' WHERE account_id = $1",
            UUID(school.made["admin"]["id"]),
        )


async def test_a_username_never_changes(door: Door, school: SchoolInTest) -> None:
    """R7: not even the service could."""
    user = await school.add_user()
    connection = await asyncpg.connect(door.service_dsn)
    async with connection.transaction():
        await connection.execute("SELECT set_config('app.school_id', $1, true)", str(school.id))
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute(
                "UPDATE accounts SET username = 'other' WHERE account_id = $1", user["id"]
            )
    await connection.close()


async def test_an_address_of_somebody_else_is_refused_and_says_who_it_is(
    school: SchoolInTest,
) -> None:
    """R8."""
    email = f"jo.smith@{school.postcode}.example"
    first = await school.add_user(email=email)
    answer = await school.try_to_add_user(surname="Other", email=email.upper())
    assert problem_of(answer) == (409, "email-taken")
    assert answer.json()["in_the_way"]["id"] == first["id"]
    assert first["username"] in answer.json()["detail"]
    assert "Take it off that account first" in answer.json()["detail"]


async def test_an_accent_typed_as_a_letter_of_its_own_makes_no_other_address(
    door: Door, school: SchoolInTest
) -> None:
    """R7, R8: some keyboards write é as two characters."""
    email = f"jos\u00e9@{school.postcode}.example"
    first = await school.add_user(email=email)
    decomposed = unicodedata.normalize("NFD", email)
    assert decomposed != email
    assert problem_of(await school.try_to_add_user(email=decomposed)) == (409, "email-taken")
    opened = await door.sign_in(f" {decomposed.upper()}", school.default_password)
    assert opened.json()["session"]["account"]["id"] == first["id"]


async def test_surnames_that_are_written_alike_without_their_marks_get_numbers(
    door: Door, school: SchoolInTest
) -> None:
    """R7: also where a school of the same postcode has the first of them."""
    other = await door.new_school(postcode=school.made["school"]["postcode"])
    await other.add_user(surname="Smith Jones")
    names = [
        (await school.add_user(surname=surname))["username"].partition("_")[2]
        for surname in ("Smith-Jones", "SmithJones", "Smith’Jones")
    ]
    assert names == ["smithjones.1", "smithjones.2", "smithjones.3"]


async def test_the_admin_s_address_counts_too(school: SchoolInTest) -> None:
    """R8: of any kind."""
    answer = await school.try_to_add_user(email=school.admin_email)
    assert problem_of(answer) == (409, "email-taken")
    assert answer.json()["in_the_way"]["kind"] == "admin"


async def test_so_does_the_address_of_someone_inactive(door: Door, school: SchoolInTest) -> None:
    """R8."""
    email = f"gone@{school.postcode}.example"
    user = await school.add_user(email=email)
    await door.rows("UPDATE accounts SET active = false WHERE account_id = $1", user["id"])
    answer = await school.try_to_add_user(email=email)
    assert problem_of(answer) == (409, "email-taken")
    assert "inactive" in answer.json()["detail"]


async def test_of_another_school_nothing_is_said(door: Door, school: SchoolInTest) -> None:
    """R8."""
    elsewhere = await door.new_school()
    email = f"secret@{elsewhere.postcode}.example"
    await elsewhere.add_user(surname="Hidden", email=email)
    answer = await school.try_to_add_user(email=email)
    assert problem_of(answer) == (409, "email-taken")
    assert answer.json()["in_the_way"] is None
    assert "idden" not in answer.text


async def test_one_address_asked_for_many_times_at_once_is_given_once(
    school: SchoolInTest,
) -> None:
    """R8."""
    await school.admin()
    email = f"wanted@{school.postcode}.example"
    answers = await asyncio.gather(
        *(school.try_to_add_user(surname=f"Wanted{n}", email=email) for n in range(6))
    )
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409, 409, 409]


async def test_a_head_gets_a_link_by_mail_and_no_default(door: Door, school: SchoolInTest) -> None:
    """R2."""
    email = f"head@{school.postcode}.example"
    user = await school.add_user(role="slt", leadership="head", email=email)

    async def mails() -> list[Any]:
        return door.mailbox.sent_to(email)

    [mail] = await eventually(mails)
    body = mail.get_body(("plain",)).get_content()
    assert user["username"] in body
    token = body.partition("/link#")[2].split()[0]
    opened = await door.client.post("/sessions/link", json={"token": token})
    assert opened.json()["session"]["account"]["id"] == user["id"]


async def test_a_head_without_an_address_is_refused(school: SchoolInTest) -> None:
    answer = await school.try_to_add_user(role="slt", leadership="head")
    assert problem_of(answer) == (422, "email-needed")


async def test_a_teacher_cannot_be_a_head(school: SchoolInTest) -> None:
    answer = await school.try_to_add_user(role="teacher", leadership="head", email="a@b.example")
    assert answer.status_code == 422


async def test_what_was_given_by_hand_is_marked(school: SchoolInTest) -> None:
    """R13."""
    user = await school.add_user(title="Dr", staff_code="JSM")
    assert user["overrides"] == ["forename", "staff_code", "surname", "title"]
    assert user["origin"] == "hand"


async def test_a_user_made_by_hand_is_told_to_all_and_logged(
    door: Door, school: SchoolInTest
) -> None:
    """R9."""
    user = await school.add_user(surname="Told")
    [event] = await door.told(school.id, "identity.users.changed.v1")
    assert [state["id"] for state in event["data"]["users"]] == [user["id"]]
    [entry] = (await door.told(school.id, "activity.recorded.v1"))[-1]["data"]["entries"]
    assert entry["action"] == "user.created"
    assert entry["actor"]["kind"] == "person"
    assert entry["after"]["username"] == user["username"]


async def test_users_are_listed_page_by_page_by_surname(school: SchoolInTest) -> None:
    for surname in ("Young", "adams", "Ábel", "O'Brien", "Obama"):
        await school.add_user(surname=surname)
    seen, cursor = [], None
    while True:
        page = await _list(school, limit=2, **({"cursor": cursor} if cursor else {}))
        assert page["total"] == 5
        seen += [user["surname"] for user in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert seen == ["Ábel", "adams", "Obama", "O'Brien", "Young"]
    backwards = await _list(school, sort="-surname")
    assert [user["surname"] for user in backwards["items"]] == seen[::-1]


async def test_users_are_searched_and_filtered(door: Door, school: SchoolInTest) -> None:
    zoe = await school.add_user(forename="Zoë", surname="O’Hara", email="z@sub.example", role="slt")
    adams = await school.add_user(forename="Ann", surname="Adams", staff_code="AAD")
    await school.claim(adams["username"])
    assert await _ids(school, search="zoe ohara") == [zoe["id"]]
    assert await _ids(school, search="aad") == [adams["id"]]
    assert await _ids(school, search="100%_") == []
    assert await _ids(school, role="slt") == [zoe["id"]]
    assert await _ids(school, claimed=True) == [adams["id"]]
    assert await _ids(school, claimed=False) == [zoe["id"]]
    await door.rows("UPDATE accounts SET active = false WHERE account_id = $1", zoe["id"])
    assert await _ids(school, active=True) == [adams["id"]]
    assert await _ids(school) == [adams["id"], zoe["id"]]


@pytest.mark.parametrize("query", [{"cursor": "rubbish"}, {"sort": "email"}])
async def test_a_list_that_cannot_be_is_refused(school: SchoolInTest, query: Any) -> None:
    headers = await school.as_admin()
    answer = await school.door.client.get("/users", params=query, headers=headers)
    assert answer.status_code == 400


async def test_slt_see_the_users_and_change_none(door: Door, school: SchoolInTest) -> None:
    """R14."""
    user = await school.add_user(role="slt")
    headers = door.as_session((await school.claim(user["username"]))["session"])
    assert (await door.client.get("/users", headers=headers)).json()["total"] == 1
    body = {"forename": "A", "surname": "B", "role": "teacher"}
    answer = await door.client.post("/users", json=body, headers=headers)
    assert problem_of(answer) == (403, "forbidden")


async def test_a_teacher_sees_their_own_account_only(door: Door, school: SchoolInTest) -> None:
    """R14."""
    other = await school.add_user()
    user = await school.add_user()
    headers = door.as_session((await school.claim(user["username"]))["session"])
    own = await door.client.get(f"/users/{user['id']}", headers=headers)
    assert own.json()["username"] == user["username"]
    for path in ("/users", f"/users/{other['id']}", f"/users/lookup?ids={other['id']}"):
        answer = await door.client.get(path, headers=headers)
        assert problem_of(answer) == (403, "forbidden"), path


async def test_nothing_of_another_school_is_there(door: Door, school: SchoolInTest) -> None:
    elsewhere = await door.new_school()
    theirs = await elsewhere.add_user(surname="Theirs")
    ours = await school.add_user(surname="Ours")
    headers = await school.as_admin()
    for user_id in (theirs["id"], str(uuid4()), elsewhere.made["admin"]["id"]):
        answer = await door.client.get(f"/users/{user_id}", headers=headers)
        assert problem_of(answer) == (404, "not-found")
    params = {"ids": [theirs["id"], ours["id"], school.made["admin"]["id"]]}
    found = await door.client.get("/users/lookup", params=params, headers=headers)
    assert [user["id"] for user in found.json()["items"]] == [ours["id"]]
    assert await _ids(school) == [ours["id"]]


async def test_the_password_hash_is_in_no_answer(school: SchoolInTest) -> None:
    user = await school.add_user()
    await school.claim(user["username"], OWN_PASSWORD)
    listed = await school.door.client.get("/users", headers=await school.as_admin())
    assert "argon2" not in listed.text


async def _list(school: SchoolInTest, **query: Any) -> dict[str, Any]:
    headers = await school.as_admin()
    answer = await school.door.client.get("/users", params=query, headers=headers)
    assert answer.status_code == 200, answer.text
    page: dict[str, Any] = answer.json()
    return page


async def _ids(school: SchoolInTest, **query: Any) -> list[str]:
    return [user["id"] for user in (await _list(school, **query))["items"]]
