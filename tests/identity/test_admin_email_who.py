"""Who may ask for another address of the admin account, and from when (R5)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.identity.door import OPERATOR, OWN_PASSWORD, Door, SchoolInTest, problem_of
from tests.identity.leaders import ask, by_link, cancel, lead, new_address, seen, token_to
from tests.identity.second_step import set_up
from tests.identity.test_forgotten_password import ask as forget
from tests.identity.test_forgotten_password import links_to
from tests.identity.user_management import change, link_mailed_to, read, reset, set_active

ALMOST = {"days": 6, "hours": 23, "minutes": 58}


async def user_of(school: SchoolInTest, session: dict[str, Any]) -> dict[str, Any]:
    return await read(school, {"id": session["account"]["id"]})


async def refused_and_then_not(
    door: Door, school: SchoolInTest, session: dict[str, Any], since: dict[str, int]
) -> None:
    """Refused for seven days after `since`, counted from now, and allowed after them."""
    with door.clock.moved_by(**since), door.clock.moved_by(**ALMOST):
        answer = await ask(door, session, new_address(school))
        assert problem_of(answer) == (409, "too-early-to-ask")
        assert "You can ask for this from" in answer.json()["detail"]
        found = await seen(door, session)
        assert (found["can_ask"], found["waiting"]) == (False, None)
        assert found["cannot_ask_reason"] == answer.json()["detail"]
    with door.clock.moved_by(**since), door.clock.moved_by(days=7):
        assert (await seen(door, session))["can_ask"] is True
        assert (await ask(door, session, new_address(school))).status_code == 201


class TestWho:
    @pytest.mark.parametrize("leadership", ["head", "deputy"])
    async def test_a_head_or_a_deputy_may(
        self, door: Door, school: SchoolInTest, leadership: str
    ) -> None:
        session = await lead(door, school, leadership)
        with door.clock.moved_by(days=7):
            assert (await ask(door, session, new_address(school))).status_code == 201

    @pytest.mark.usefixtures("settled")
    @pytest.mark.parametrize("role", ["teacher", "slt"])
    async def test_no_other_user_asks_sees_or_cancels(
        self, door: Door, school: SchoolInTest, head: dict[str, Any], role: str
    ) -> None:
        waiting = (await ask(door, head, new_address(school))).json()["waiting"]["id"]
        user = await school.add_user(role=role, surname="Other")
        session = (await school.claim(user["username"]))["session"]
        with door.clock.moved_by(days=8):
            for answer in (
                await ask(door, session, new_address(school, "mine")),
                await door.client.get("/admin-email", headers=door.as_session(session)),
                await cancel(door, session, waiting),
            ):
                assert problem_of(answer) == (403, "not-head-or-deputy")

    async def test_no_parent_reaches_it(
        self, door: Door, school: SchoolInTest, head: dict[str, Any]
    ) -> None:
        parent = {**head, "account": {**head["account"], "kind": "parent", "role": None}}
        assert (await ask(door, parent, new_address(school))).status_code == 403
        answer = await door.client.get("/admin-email", headers=door.as_session(parent))
        assert answer.status_code == 403

    async def test_the_admin_account_itself_does_not_ask(
        self, door: Door, school: SchoolInTest
    ) -> None:
        """Whoever shares it cannot take it for themselves."""
        session = (await school.admin())["session"]
        answer = await ask(door, session, new_address(school))
        assert problem_of(answer) == (403, "not-head-or-deputy")
        found = await seen(door, session)
        assert (found["can_ask"], found["leaders"]) == (False, [])

    @pytest.mark.usefixtures("head")
    async def test_the_admin_sees_who_may_and_from_when(
        self, door: Door, school: SchoolInTest
    ) -> None:
        [leader] = (await seen(door, (await school.admin())["session"]))["leaders"]
        assert (leader["name"], leader["leadership"]) == ("Jo Hart", "head")
        assert leader["may_ask_from"] is not None

    @pytest.mark.usefixtures("settled")
    async def test_no_head_of_another_school_reaches_it(
        self, door: Door, school: SchoolInTest, head: dict[str, Any]
    ) -> None:
        waiting = (await ask(door, head, new_address(school))).json()["waiting"]["id"]
        elsewhere = await lead(door, await door.new_school())
        assert problem_of(await cancel(door, elsewhere, waiting)) == (404, "not-found")
        found = await seen(door, elsewhere)
        assert found["email"] != school.admin_email
        assert found["waiting"] is None
        assert (await seen(door, head))["waiting"]["id"] == waiting

    async def test_neither_an_operator_nor_nobody(self, door: Door) -> None:
        for headers, status in ((door.signed(OPERATOR), 403), ({}, 401)):
            body = {"email": "a@b.example", "current_password": OWN_PASSWORD}
            answer = await door.client.post("/admin-email/requests", json=body, headers=headers)
            assert answer.status_code == status


@pytest.mark.usefixtures("settled")
class TestProof:
    @pytest.mark.parametrize("password", [None, "", "not the one"])
    async def test_the_password_is_confirmed(
        self, door: Door, school: SchoolInTest, head: dict[str, Any], password: str | None
    ) -> None:
        answer = await ask(door, head, new_address(school), current_password=password)
        assert problem_of(answer) == (422, "current-password-wrong")
        assert (await seen(door, head))["waiting"] is None

    async def test_guesses_are_braked(
        self, door: Door, school: SchoolInTest, head: dict[str, Any]
    ) -> None:
        for _ in range(5):
            answer = await ask(door, head, new_address(school), current_password="a guess")
            assert answer.status_code == 422
        answer = await ask(door, head, new_address(school))
        assert problem_of(answer) == (429, "too-many-tries")
        assert int(answer.headers["Retry-After"]) > 0

    @pytest.mark.parametrize("email", ["", "no address", "a@b", "x" * 300 + "@c.example", None])
    async def test_it_must_be_an_address(
        self, door: Door, head: dict[str, Any], email: Any
    ) -> None:
        assert (await ask(door, head, email)).status_code == 422
        assert (await ask(door, head, "a\x00b@c.example")).status_code == 400

    async def test_it_must_be_another_one(
        self, door: Door, school: SchoolInTest, head: dict[str, Any]
    ) -> None:
        answer = await ask(door, head, school.admin_email.upper())
        assert problem_of(answer) == (422, "same-address")

    async def test_one_of_another_account_is_named_within_the_school_only(
        self, door: Door, school: SchoolInTest, head: dict[str, Any]
    ) -> None:
        """R8."""
        mine = await school.add_user(surname="Holder", email=new_address(school, "taken"))
        answer = await ask(door, head, mine["email"])
        assert problem_of(answer) == (409, "email-taken")
        assert "Jo Holder" in answer.json()["detail"]
        elsewhere = await door.new_school()
        theirs = await elsewhere.add_user(surname="Secret", email=new_address(elsewhere, "theirs"))
        answer = await ask(door, head, theirs["email"])
        assert problem_of(answer) == (409, "email-taken")
        assert "Secret" not in answer.text
        assert answer.json()["in_the_way"] is None


class TestSevenDays:
    """The edges of each of the three, with the others long past."""

    async def test_after_it_was_claimed(self, door: Door, school: SchoolInTest) -> None:
        """Flagged before they chose their first password."""
        email = f"late@{school.postcode}.example"
        await school.add_user(role="slt", leadership="head", email=email, surname="Late")
        token = await link_mailed_to(door, email)
        with door.clock.moved_by(days=5):
            form = (await door.client.post("/sessions/link", json={"token": token})).json()
            session = (await door.set_password(form, OWN_PASSWORD)).json()["session"]
        await refused_and_then_not(door, school, session, {"days": 5})

    async def test_after_it_was_flagged(self, door: Door, school: SchoolInTest) -> None:
        user = await school.add_user(role="slt", surname="Rising", email=new_address(school, "r"))
        session = (await school.claim(user["username"]))["session"]
        with door.clock.moved_by(days=30):
            answer = await change(school, await read(school, user), leadership="deputy")
            assert answer.status_code == 200
        await refused_and_then_not(door, school, session, {"days": 30})

    async def test_after_it_was_flagged_again(
        self, door: Door, school: SchoolInTest, head: dict[str, Any]
    ) -> None:
        with door.clock.moved_by(days=30):
            for leadership in (None, "head"):
                await change(school, await user_of(school, head), leadership=leadership)
        await refused_and_then_not(door, school, head, {"days": 30})

    async def test_another_change_of_a_head_starts_nothing_anew(
        self, door: Door, school: SchoolInTest, head: dict[str, Any]
    ) -> None:
        """Nor from head to deputy: they could ask before."""
        with door.clock.moved_by(days=7):
            user = await user_of(school, head)
            await change(school, user, forename="Joanna", leadership="deputy")
            assert (await ask(door, head, new_address(school))).status_code == 201

    async def test_after_it_was_reset_by_the_admin(
        self, door: Door, school: SchoolInTest, head: dict[str, Any]
    ) -> None:
        """Whoever shares the admin account cannot reset a head and ask in their name."""
        with door.clock.moved_by(days=30):
            await reset(school, {"id": head["account"]["id"]})
            rows = "SELECT reset_at FROM accounts WHERE account_id = $1"
            assert (await door.rows(rows, head["account"]["id"]))[0]["reset_at"] is not None
            token = await link_mailed_to(door, head["account"]["email"], 2)
            form = (await door.client.post("/sessions/link", json={"token": token})).json()
            session = (await door.set_password(form, "a lantern for the meadow 3")).json()
        answer = await ask_later(door, school, session["session"], days=30)
        assert problem_of(answer) == (409, "too-early-to-ask")

    async def test_after_a_forgotten_password_was_set_by_a_link(
        self, door: Door, school: SchoolInTest, head: dict[str, Any]
    ) -> None:
        """Whoever reads the head's mail has come by the account too."""
        with door.clock.moved_by(days=30):
            await forget(door, head["account"]["email"])
            [token] = await links_to(door, head["account"]["email"])
            form = (await door.client.post("/sessions/link", json={"token": token})).json()
            session = (await door.set_password(form, OWN_PASSWORD + " again")).json()["session"]
            await door.set_password({"session": session}, OWN_PASSWORD, OWN_PASSWORD + " again")
        await refused_and_then_not(door, school, session, {"days": 30})

    async def test_after_its_second_step_was_reset(
        self, door: Door, school: SchoolInTest, head: dict[str, Any]
    ) -> None:
        _, done = await set_up(door, head)
        with door.clock.moved_by(days=30):
            path = f"/users/{head['account']['id']}/two-step"
            answer = await door.client.delete(path, headers=await school.as_admin())
            assert answer.status_code == 204
        await refused_and_then_not(door, school, done["session"], {"days": 30})

    async def test_changing_ones_own_password_starts_nothing_anew(
        self, door: Door, school: SchoolInTest, head: dict[str, Any]
    ) -> None:
        """Who does that knows the one before."""
        with door.clock.moved_by(days=7):
            opened = (await door.sign_in(head["account"]["username"], OWN_PASSWORD)).json()
            new = "a lantern for the meadow 5"
            changed = (await door.set_password(opened, new, OWN_PASSWORD)).json()
            answer = await ask(door, changed["session"], new_address(school), current_password=new)
            assert answer.status_code == 201

    async def test_users_made_by_the_sync_lead_from_when_they_are_flagged(
        self, door: Door, school: SchoolInTest
    ) -> None:
        """The database keeps it, whatever writes the account."""
        user = await school.add_user(role="slt", surname="Plain")
        rows = "SELECT leader_since FROM accounts WHERE account_id = $1"
        assert (await door.rows(rows, user["id"]))[0]["leader_since"] is None
        written = await door.rows(
            "UPDATE accounts SET leadership = 'head', leader_since = '2020-01-01', "
            "email = $2, default_until = NULL, changed_at = $3 "
            "WHERE account_id = $1 RETURNING leader_since",
            user["id"],
            new_address(school, "plain"),
            door.clock(),
        )
        assert (door.clock() - written[0]["leader_since"]).total_seconds() < 60


async def ask_later(
    door: Door, school: SchoolInTest, session: dict[str, Any], **span: float
) -> Any:
    with door.clock.moved_by(**span), door.clock.moved_by(**ALMOST):
        return await ask(
            door, session, new_address(school), current_password="a lantern for the meadow 3"
        )


@pytest.mark.usefixtures("settled")
class TestARequestFallsWithWhoAsked:
    """It may not have been them."""

    @pytest.mark.parametrize("what", ["inactive", "no leader", "reset", "flagged anew"])
    async def test_when_they_are(
        self, door: Door, school: SchoolInTest, head: dict[str, Any], what: str
    ) -> None:
        await ask(door, head, new_address(school))
        token = await token_to(door, new_address(school), "confirm")
        user = await user_of(school, head)
        if what == "inactive":
            await set_active(school, user, False)
        elif what == "reset":
            await reset(school, user)
        else:
            await change(school, user, leadership=None)
            if what == "flagged anew":
                await change(school, await read(school, user), leadership="head")
        assert problem_of(await by_link(door, "confirm", token)) == (409, "address-link-over")
        admin = await seen(door, (await school.admin())["session"])
        assert (admin["email"], admin["waiting"]) == (school.admin_email, None)
