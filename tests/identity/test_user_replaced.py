"""Another username is another account (R7, R8), and details handed back to the MIS (R13)."""

from __future__ import annotations

from typing import Any

import pytest

from shared.contracts.mis_sync import ProposalAction, StaffProposal
from tests.broker import TestBroker
from tests.identity.door import OWN_PASSWORD, Door, SchoolInTest, problem_of
from tests.identity.test_staff import Sync
from tests.identity.user_management import ask, change, last_entry, link_mailed_to, read, set_active


@pytest.fixture
async def married(school: SchoolInTest) -> dict[str, Any]:
    return await school.add_user(
        surname="Miss", email=f"jo@{school.postcode}.example", staff_code="JMI"
    )


async def replace(school: SchoolInTest, user: dict[str, Any], **given: Any) -> Any:
    body = {
        "expected_version": user["version"],
        "forename": "Jo",
        "surname": "Missus",
        "role": "teacher",
        **given,
    }
    return await ask(school, "POST", f"/users/{user['id']}/replacement", body)


class TestReplacement:
    async def test_takes_the_address_along_and_leaves_the_old_account_inactive(
        self, door: Door, school: SchoolInTest, married: dict[str, Any]
    ) -> None:
        """The FAQ's 'How do I change a username?', in one step."""
        opened = await school.claim(married["username"])
        await door.rows("UPDATE accounts SET overrides = '{}' WHERE account_id = $1", married["id"])
        married = await read(school, married)
        answer = await replace(school, married, email=married["email"].upper())
        assert answer.status_code == 201, answer.text
        new, old = answer.json(), await read(school, married)
        assert new["username"] == f"{school.postcode}_missus"
        assert (new["active"], new["claimed"]) == (True, False)
        assert (old["active"], old["email"], old["username"]) == (False, None, married["username"])
        assert old["overrides"] == ["email"], "no sync gives it back (R13)"
        assert (await door.look_up(opened["token"])).status_code == 401
        assert (await door.sign_in(married["email"], OWN_PASSWORD)).status_code == 401
        signed_in = await door.sign_in(married["email"], school.default_password)
        assert signed_in.json()["session"]["account"]["id"] == new["id"]
        told = await door.told(school.id, "activity.recorded.v1")
        actions = [entry["action"] for event in told[-2:] for entry in event["data"]["entries"]]
        assert actions == ["user.replaced", "user.created"]
        await set_active(school, old, True)
        assert (await door.look_up(opened["token"])).status_code == 401
        assert (await door.sign_in(old["username"], OWN_PASSWORD)).status_code == 201

    async def test_with_another_address_leaves_the_old_one_where_it_is(
        self, school: SchoolInTest, married: dict[str, Any]
    ) -> None:
        """R8: it stays taken, by an inactive account too."""
        await replace(school, married)
        assert (await read(school, married))["email"] == married["email"]
        answer = await school.try_to_add_user(surname="Else", email=married["email"])
        assert problem_of(answer) == (409, "email-taken")
        assert "which is inactive" in answer.json()["detail"]

    async def test_changes_nothing_where_the_new_account_cannot_be(
        self, door: Door, school: SchoolInTest, married: dict[str, Any]
    ) -> None:
        """One transaction: the old account is not left inactive without a new one."""
        holder = await school.add_user(email=f"other@{school.postcode}.example")
        told = len(await door.told(school.id))
        taken = await replace(school, married, email=holder["email"])
        assert problem_of(taken) == (409, "email-taken")
        stale = await replace(school, {**married, "version": 7})
        assert problem_of(stale) == (409, "changed-meanwhile")
        no_link = await replace(school, married, role="slt", leadership="head")
        assert problem_of(no_link) == (422, "email-needed")
        assert await read(school, married) == married
        assert len(await door.told(school.id)) == told

    async def test_of_a_head_gets_a_link_with_the_new_username(
        self, door: Door, school: SchoolInTest
    ) -> None:
        """R2."""
        email = f"head@{school.postcode}.example"
        head = await school.add_user(surname="Old", role="slt", leadership="head", email=email)
        before = await link_mailed_to(door, email)
        await replace(school, head, role="slt", leadership="head", email=email)
        token = await link_mailed_to(door, email, nth=2)
        await set_active(school, head, True)
        assert (await door.client.post("/sessions/link", json={"token": before})).status_code == 401
        opened = await door.client.post("/sessions/link", json={"token": token})
        assert opened.json()["session"]["account"]["username"] == f"{school.postcode}_missus"

    async def test_is_for_this_school_s_admin_alone(
        self, door: Door, school: SchoolInTest, married: dict[str, Any]
    ) -> None:
        other = await door.new_school()
        assert problem_of(await replace(other, married)) == (404, "not-found")
        slt = await school.add_user(surname="Lead", role="slt")
        session = (await school.claim(slt["username"]))["session"]
        body = {"expected_version": 1, "forename": "A", "surname": "B", "role": "slt"}
        answer = await ask(
            school,
            "POST",
            f"/users/{married['id']}/replacement",
            body,
            headers=door.as_session(session),
        )
        assert problem_of(answer)[0] == 403


class TestHandingADetailBack:
    async def test_lets_the_sync_change_it_again(
        self, door: Door, school: SchoolInTest, married: dict[str, Any], broker: TestBroker
    ) -> None:
        """R13."""
        sync = Sync(door, school, broker)

        async def approved() -> str:
            user = await read(school, married)
            proposal = StaffProposal(
                user_id=user["id"],
                action=ProposalAction.UPDATE,
                mis_id="s1",
                surname="Of the MIS",
                expected_version=user["version"],
            )
            return str((await sync.approve(proposal))[user["id"]]["outcome"])

        assert await approved() == "overridden"
        answer = await hand_back(school, married, "surname")
        assert answer.status_code == 200, answer.text
        assert answer.json()["overrides"] == ["email", "forename", "staff_code"]
        assert answer.json()["surname"] == "Miss"
        entry = await last_entry(school)
        assert (entry["action"], entry["after"]) == (
            "user.handed_back",
            {"set_by_hand": ["email", "forename", "staff_code"]},
        )
        assert await approved() == "applied"
        assert (await read(school, married))["surname"] == "Of the MIS"

    async def test_that_nobody_set_by_hand_changes_nothing(
        self, door: Door, school: SchoolInTest, married: dict[str, Any]
    ) -> None:
        told = len(await door.told(school.id))
        answer = await hand_back(school, married, "title")
        assert (answer.status_code, answer.json()["version"]) == (200, married["version"])
        assert len(await door.told(school.id)) == told

    async def test_is_refused_at_another_version_or_for_what_is_no_detail(
        self, school: SchoolInTest, married: dict[str, Any]
    ) -> None:
        await change(school, married, staff_code="JM2")
        assert problem_of(await hand_back(school, married, "email")) == (409, "changed-meanwhile")
        assert (await hand_back(school, married, "role")).status_code == 422


async def hand_back(school: SchoolInTest, user: dict[str, Any], detail: str) -> Any:
    path = f"/users/{user['id']}/overrides/{detail}?expected_version={user['version']}"
    return await ask(school, "DELETE", path)
