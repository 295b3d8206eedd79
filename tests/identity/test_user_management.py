"""User Management: users edited, made inactive and active, and who may do so."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from tests.identity.door import OWN_PASSWORD, Door, SchoolInTest, problem_of
from tests.identity.user_management import (
    ask,
    change,
    last_entry,
    link_mailed_to,
    read,
    reset,
    set_active,
)


@pytest.fixture
async def user(school: SchoolInTest) -> dict[str, Any]:
    return await school.add_user(title="Ms", email=f"jo@{school.postcode}.example")


class TestDetails:
    async def test_are_changed_and_told_with_before_and_after(
        self, door: Door, school: SchoolInTest, user: dict[str, Any]
    ) -> None:
        """R9, R13: what is changed by hand is an override; what was sent unchanged is none."""
        answer = await change(
            school, user, title=None, forename="Joanna", staff_code="JSM", role="slt"
        )
        assert answer.status_code == 200, answer.text
        now = answer.json()
        assert (now["title"], now["forename"], now["role"]) == (None, "Joanna", "slt")
        assert now["version"] == user["version"] + 1
        assert now["overrides"] == ["email", "forename", "staff_code", "surname", "title"]
        event = (await door.told(school.id, "identity.users.changed.v1"))[-1]["data"]["users"][0]
        assert (event["version"], event["forename"]) == (now["version"], "Joanna")
        entry = await last_entry(school)
        assert (entry["action"], entry["actor"]["kind"]) == ("user.changed", "person")
        assert entry["before"] == {
            "title": "Ms",
            "forename": "Jo",
            "staff_code": None,
            "role": "teacher",
        }
        assert entry["after"] == {
            "title": None,
            "forename": "Joanna",
            "staff_code": "JSM",
            "role": "slt",
        }

    async def test_of_a_user_from_the_mis_only_what_was_changed_is_an_override(
        self, door: Door, school: SchoolInTest, user: dict[str, Any]
    ) -> None:
        """R13."""
        await door.rows("UPDATE accounts SET overrides = '{}' WHERE account_id = $1", user["id"])
        same = {"forename": user["forename"], "surname": "Other", "role": user["role"]}
        assert (await change(school, user, **same)).json()["overrides"] == ["surname"]

    async def test_that_are_the_same_change_nothing(
        self, door: Door, school: SchoolInTest, user: dict[str, Any]
    ) -> None:
        told = len(await door.told(school.id))
        answer = await change(school, user, forename=" Jo ", username=user["username"].upper())
        assert (answer.status_code, answer.json()["version"]) == (200, user["version"])
        assert len(await door.told(school.id)) == told

    async def test_changed_by_somebody_else_are_not_lost(
        self, school: SchoolInTest, user: dict[str, Any]
    ) -> None:
        await change(school, user, surname="Jones")
        answer = await change(school, user, surname="Brown", forename="Jo")
        assert problem_of(answer) == (409, "changed-meanwhile")
        problem = answer.json()
        assert problem["errors"] == [{"pointer": "#/surname", "detail": "It is now: Jones."}]
        assert problem["current"]["surname"] == "Jones"
        assert problem["current"]["version"] == user["version"] + 1
        assert (await read(school, user))["surname"] == "Jones"

    @pytest.mark.parametrize("name", ["forename", "surname", "role"])
    async def test_that_everybody_has_cannot_be_taken_away(
        self, school: SchoolInTest, user: dict[str, Any], name: str
    ) -> None:
        assert problem_of(await change(school, user, **{name: None}))[0] == 422

    async def test_a_username_stays_and_it_says_what_to_do(
        self, school: SchoolInTest, user: dict[str, Any]
    ) -> None:
        """R7."""
        answer = await change(school, user, username="another")
        assert problem_of(answer) == (422, "username-stays")
        assert "add a new user and make this one inactive" in answer.json()["detail"]
        changed = (await change(school, user, surname="Jones")).json()
        assert changed["username"] == user["username"]

    async def test_who_loses_rights_is_signed_out(self, door: Door, school: SchoolInTest) -> None:
        """R14: neither a session nor what a gateway remembers of it keeps them."""
        leader = await school.add_user(role="slt")
        session = await school.claim(leader["username"])
        await change(school, await read(school, leader), role="teacher")
        assert (await door.look_up(session["token"])).status_code == 401
        ended = (await door.told(school.id, "identity.session.ended.v1"))[-1]
        assert session["session"]["id"] in ended["data"]["session_ids"]


class TestAddress:
    async def test_of_somebody_else_is_refused_by_name(
        self, school: SchoolInTest, user: dict[str, Any]
    ) -> None:
        """R8: inactive ones count too; within one's school the other is named."""
        other = await school.add_user(surname="Holder", email=f"x@{school.postcode}.example")
        await set_active(school, other, False)
        answer = await change(school, user, email=other["email"].upper())
        assert problem_of(answer) == (409, "email-taken")
        assert "Jo Holder" in answer.json()["detail"]
        assert "Take it off that account first" in answer.json()["detail"]
        freed = await change(school, await read(school, other), email=None)
        assert freed.status_code == 200
        assert (await change(school, user, email=other["email"])).status_code == 200

    async def test_of_another_school_says_nothing(
        self, door: Door, school: SchoolInTest, user: dict[str, Any]
    ) -> None:
        """R8."""
        elsewhere = await door.new_school()
        email = f"y@{elsewhere.postcode}.example"
        await elsewhere.add_user(surname="Hidden", email=email)
        answer = await change(school, user, email=email)
        assert problem_of(answer) == (409, "email-taken")
        assert answer.json()["in_the_way"] is None
        assert "idden" not in answer.text

    async def test_in_other_letters_is_ones_own(
        self, school: SchoolInTest, user: dict[str, Any]
    ) -> None:
        answer = await change(school, user, email=user["email"].replace("jo@", "Jo@"))
        assert answer.status_code == 200

    async def test_that_is_new_tells_the_old_and_ends_what_was_sent_there(
        self, door: Door, school: SchoolInTest
    ) -> None:
        """A link in the old mailbox sets no password any more; a new head's goes to the new."""
        old, new = f"old@{school.postcode}.example", f"new@{school.postcode}.example"
        head = await school.add_user(role="slt", leadership="head", email=old)
        token = await link_mailed_to(door, old)
        assert (await change(school, head, email=new)).status_code == 200
        used = await door.client.post("/sessions/link", json={"token": token})
        assert problem_of(used) == (401, "link-refused")
        fresh = await link_mailed_to(door, new)
        opened = await door.client.post("/sessions/link", json={"token": fresh})
        assert opened.status_code == 201
        subjects = [mail["Subject"] for mail in door.mailbox.sent_to(old)]
        assert "Your e-mail address was changed" in subjects

    async def test_that_is_new_ends_an_old_link_also_where_no_other_takes_its_place(
        self, door: Door, school: SchoolInTest
    ) -> None:
        """Neither the link nor the form that it has opened already sets a password."""
        old, new = f"was@{school.postcode}.example", f"is@{school.postcode}.example"
        head = await school.add_user(role="slt", leadership="head", email=old)
        token = await link_mailed_to(door, old)
        form = (await door.client.post("/sessions/link", json={"token": token})).json()
        # The same rights, so that not these end the form.
        await door.rows(
            "UPDATE accounts SET leadership = NULL WHERE account_id = $1", UUID(head["id"])
        )
        assert (await change(school, head, email=new)).status_code == 200
        assert (await door.set_password(form, OWN_PASSWORD)).status_code == 401
        used = await door.client.post("/sessions/link", json={"token": token})
        assert problem_of(used) == (401, "link-refused")


class TestLeaders:
    async def test_a_new_head_has_the_default_no_longer_and_gets_a_link(
        self, door: Door, school: SchoolInTest, user: dict[str, Any]
    ) -> None:
        """R2."""
        form = (await door.sign_in(user["username"], school.default_password)).json()
        assert (await change(school, user, role="slt", leadership="head")).status_code == 200
        refused = await door.sign_in(user["username"], school.default_password)
        assert problem_of(refused) == (401, "sign-in-refused")
        assert (await door.set_password(form, OWN_PASSWORD)).status_code == 401
        token = await link_mailed_to(door, user["email"])
        opened = await door.client.post("/sessions/link", json={"token": token})
        assert opened.status_code == 201

    async def test_need_an_address(self, school: SchoolInTest) -> None:
        """R2."""
        nobody = await school.add_user(role="slt")
        answer = await change(school, nobody, leadership="deputy")
        assert problem_of(answer) == (422, "email-needed")

    async def test_are_slt(self, school: SchoolInTest, user: dict[str, Any]) -> None:
        answer = await change(school, user, leadership="deputy")
        assert problem_of(answer) == (422, "leaders-are-slt")


class TestInactive:
    async def test_is_signed_out_at_once_and_cannot_sign_in(
        self, door: Door, school: SchoolInTest, user: dict[str, Any]
    ) -> None:
        """R6."""
        session = await school.claim(user["username"])
        answer = await set_active(school, user, False)
        assert (answer.status_code, answer.json()["active"]) == (200, False)
        ended = (await door.told(school.id, "identity.session.ended.v1"))[-1]
        assert session["session"]["id"] in ended["data"]["session_ids"]
        assert (await door.look_up(session["token"])).status_code == 401
        refused = await door.sign_in(user["username"], OWN_PASSWORD)
        assert problem_of(refused) == (401, "sign-in-refused")
        entry = await last_entry(school)
        assert entry["action"] == "user.made_inactive"
        assert (entry["before"], entry["after"]) == ({"active": True}, {"active": False})
        event = (await door.told(school.id, "identity.users.changed.v1"))[-1]["data"]["users"][0]
        assert event["active"] is False

    async def test_and_active_again_has_everything_they_had(
        self, door: Door, school: SchoolInTest, user: dict[str, Any]
    ) -> None:
        """R6: the same password, the same details; the old session stays ended."""
        session = await school.claim(user["username"])
        before = await read(school, user)
        await set_active(school, user, False)
        after = (await set_active(school, user, True)).json()
        assert after == {**before, "version": before["version"] + 2}
        assert (await door.look_up(session["token"])).status_code == 401
        assert (await door.sign_in(user["username"], OWN_PASSWORD)).status_code == 201

    async def test_twice_changes_nothing(
        self, door: Door, school: SchoolInTest, user: dict[str, Any]
    ) -> None:
        await set_active(school, user, False)
        told = len(await door.told(school.id))
        assert (await set_active(school, user, False)).status_code == 200
        assert len(await door.told(school.id)) == told


class TestWhoMay:
    async def test_users_manage_nobody(
        self, door: Door, school: SchoolInTest, user: dict[str, Any]
    ) -> None:
        leader = await school.add_user(role="slt")
        headers = door.as_session((await school.claim(leader["username"]))["session"])
        for method, path, body in (
            ("PATCH", "", {"expected_version": 1, "surname": "X"}),
            ("PUT", "/active", {"active": False}),
            ("POST", "/password-reset", None),
        ):
            answer = await ask(school, method, f"/users/{user['id']}{path}", body, headers)
            assert problem_of(answer) == (403, "forbidden"), path

    async def test_nobody_reaches_another_school_or_the_admin_account(
        self, door: Door, school: SchoolInTest
    ) -> None:
        elsewhere = await door.new_school()
        theirs = await elsewhere.add_user()
        for user_id in (theirs["id"], school.made["admin"]["id"]):
            stranger = {"id": user_id, "version": 1}
            for answer in (
                await change(school, stranger, surname="X"),
                await set_active(school, stranger, False),
                await reset(school, stranger),
            ):
                assert problem_of(answer) == (404, "not-found")


async def test_the_list_shows_who_has_the_default_password(
    door: Door, school: SchoolInTest, user: dict[str, Any]
) -> None:
    """R2: a head who waits has a link, not the default."""
    email = f"head@{school.postcode}.example"
    head = await school.add_user(surname="A", role="slt", leadership="head", email=email)
    claimed = await school.add_user(surname="B")
    await school.claim(claimed["username"])
    found = {}
    for wanted in ("true", "false"):
        listed = await ask(school, "GET", f"/users?default_password={wanted}")
        found[wanted] = [UUID(one["id"]) for one in listed.json()["items"]]
    assert found["true"] == [UUID(user["id"])]
    assert found["false"] == [UUID(head["id"]), UUID(claimed["id"])]
