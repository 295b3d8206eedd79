"""Setting a school up (R1, R2, R5)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.eventually import eventually
from tests.identity.door import OPERATOR, Door, SchoolInTest, problem_of


async def test_only_an_operator_sets_a_school_up(door: Door, school: SchoolInTest) -> None:
    for headers in ({}, await school.as_admin()):
        answer = await door.client.post("/schools", json={}, headers=headers)
        assert answer.status_code in (401, 403)
        answer = await door.client.get("/schools", headers=headers)
        assert answer.status_code in (401, 403)


async def test_a_new_school_has_an_admin_a_link_and_a_default(
    door: Door, school: SchoolInTest
) -> None:
    made = school.made
    assert made["admin"]["username"] == f"{school.postcode}_admin"
    assert made["admin"]["sign_in_link"].startswith("http://localhost:8080/link#")
    assert len(made["default_password"].split("-")) == 4

    async def mails() -> list[Any]:
        return door.mailbox.sent_to(school.admin_email)

    [mail] = await eventually(mails)
    assert made["admin"]["sign_in_link"] in mail.get_body(("plain",)).get_content()
    assert made["default_password"] not in str(mail)


async def test_others_are_told_of_a_new_school(door: Door, school: SchoolInTest) -> None:
    [event] = await door.told(school.id, "identity.school.changed.v1")
    assert event["schoolid"] == str(school.id)
    assert event["data"] == {
        "version": 1,
        **{key: value for key, value in school.made["school"].items() if key != "id"},
        **dict.fromkeys(("address_line_1", "address_line_2", "town", "telephone", "contact_email")),
    }
    [recorded] = await door.told(school.id, "activity.recorded.v1")
    actions = [entry["action"] for entry in recorded["data"]["entries"]]
    assert actions == ["school.created", "user.created"]
    assert recorded["data"]["entries"][0]["actor"]["kind"] == "operator"


async def test_the_operator_finds_a_school_by_its_name(door: Door) -> None:
    made = await door.new_school(name="Saint Aloysius of the Test")
    other = await door.new_school(name="Saint Aloysius of the Other Test")
    headers = door.signed(OPERATOR)
    found = await door.client.get(
        "/schools", params={"name": "saint aloysius OF the test"}, headers=headers
    )
    assert found.json()["items"] == [made.made["school"]]
    everyone = (await door.client.get("/schools", headers=headers)).json()["items"]
    assert made.made["school"] in everyone
    assert other.made["school"] in everyone


async def test_whoever_is_in_a_school_reads_its_details(door: Door, school: SchoolInTest) -> None:
    user = await school.add_user()
    headers = door.as_session((await school.claim(user["username"]))["session"])
    answer = await door.client.get("/school", headers=headers)
    assert answer.json() == school.made["school"]


async def test_an_admin_s_address_belongs_to_one_account(door: Door, school: SchoolInTest) -> None:
    """R8; of the other school nothing is said."""
    body = {
        "name": "Another School",
        "postcode": "NG7 5PN",
        "first_year_group": "R",
        "last_year_group": "6",
        "admin_email": school.admin_email,
    }
    answer = await door.client.post("/schools", json=body, headers=door.signed(OPERATOR))
    assert problem_of(answer) == (409, "email-taken")
    assert "Heron" not in answer.text


@pytest.mark.parametrize(
    "wrong",
    [
        {"postcode": "NOT A POSTCODE"},
        {"first_year_group": "6", "last_year_group": "R"},
        {"first_year_group": "14"},
        {"admin_email": "not an address"},
        {"name": " "},
        {"name": "Two\nlines"},
        {"surprise": "field"},
    ],
)
async def test_a_school_that_cannot_be_is_refused(door: Door, wrong: dict[str, str]) -> None:
    body = {
        "name": "Some School",
        "postcode": "NG7 5PN",
        "first_year_group": "R",
        "last_year_group": "6",
        "admin_email": "office@some.example",
        **wrong,
    }
    answer = await door.client.post("/schools", json=body, headers=door.signed(OPERATOR))
    assert problem_of(answer) == (422, "unprocessable")
