"""Staff whom mis_sync approved, by the broker: applied once, answered always (R8, R18, R20)."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import aio_pika
import pytest
from uuid_utils.compat import uuid7

from shared.contracts.envelope import Event
from shared.contracts.mis_sync import ProposalAction, StaffApproved, StaffProposal
from shared.contracts.topology import EVENTS_EXCHANGE
from tests.broker import TestBroker
from tests.eventually import eventually
from tests.identity.door import Door, SchoolInTest, problem_of
from tests.identity.user_management import change, link_mailed_to


@dataclass
class Sync:
    """mis_sync as identity hears it."""

    door: Door
    school: SchoolInTest
    broker: TestBroker

    async def approve(self, *proposals: StaffProposal) -> dict[str, Any]:
        """Publish one batch; identity's answer to it, by user id."""
        return await self.send(self.event(*proposals))

    def event(self, *proposals: StaffProposal) -> Event[StaffApproved]:
        batch = StaffApproved(
            run_id=uuid7(), sequence=0, total=1, academic_year="2026/27", proposals=proposals
        )
        return Event[StaffApproved](
            source="/services/mis_sync",
            type=StaffApproved.EVENT_TYPE,
            schoolid=self.school.id,
            correlationid="test-correlation",
            data=batch,
        )

    async def send(self, event: Event[StaffApproved], times: int = 1) -> dict[str, Any]:
        await self.publish(event, times)
        [answer] = await eventually(lambda: self.answers(event.data.run_id))
        return {outcome["id"]: outcome for outcome in answer["data"]["outcomes"]}

    async def publish(self, event: Event[StaffApproved], times: int = 1) -> None:
        connection = await aio_pika.connect(self.broker.url)
        async with connection, connection.channel() as channel:
            exchange = await channel.get_exchange(EVENTS_EXCHANGE)
            for _ in range(times):
                message = aio_pika.Message(
                    event.model_dump_json().encode(), message_id=str(event.id)
                )
                await exchange.publish(message, event.type)

    async def answers(self, run_id: UUID) -> list[dict[str, Any]]:
        told = await self.door.told(self.school.id, "identity.staff.applied.v1")
        return [event for event in told if event["data"]["run_id"] == str(run_id)]

    async def user(self, user_id: UUID) -> dict[str, Any]:
        headers = await self.school.as_admin()
        answer = await self.door.client.get(f"/users/{user_id}", headers=headers)
        user: dict[str, Any] = answer.json()
        return user

    async def told(self) -> list[str]:
        """Types of what was told, the answers and ended sessions aside."""
        told = await self.door.told(self.school.id)
        aside = ("identity.staff.applied.v1", "identity.session.ended.v1")
        return [event["type"] for event in told if event["type"] not in aside]


@pytest.fixture
def sync(door: Door, school: SchoolInTest, broker: TestBroker) -> Sync:
    return Sync(door, school, broker)


def new_staff(surname: str, mis_id: str | None = None, **details: Any) -> StaffProposal:
    return StaffProposal(
        user_id=uuid7(),
        action=ProposalAction.CREATE,
        mis_id=mis_id or f"m-{surname}",
        forename="Sam",
        surname=surname,
        **details,
    )


def update_of(user_id: UUID, **details: Any) -> StaffProposal:
    return StaffProposal(user_id=user_id, action=ProposalAction.UPDATE, mis_id="m", **details)


async def test_staff_become_users_with_the_ids_that_were_given(
    sync: Sync, school: SchoolInTest
) -> None:
    proposal = new_staff("Patel", email=f"patel@{school.postcode}.example", staff_code="PAT")
    outcomes = await sync.approve(proposal)
    assert outcomes[str(proposal.user_id)]["outcome"] == "applied"
    user = await sync.user(proposal.user_id)
    assert user["username"] == f"{school.postcode}_patel"
    assert (user["origin"], user["role"], user["claimed"]) == ("mis", "teacher", False)
    assert (user["staff_code"], user["overrides"]) == ("PAT", [])
    opened = await sync.door.sign_in(user["username"], school.default_password)
    assert opened.json()["session"]["scope"] == "set_password"


async def test_usernames_are_given_in_the_order_of_mis_ids(
    sync: Sync, school: SchoolInTest
) -> None:
    """R20."""
    third, first, second = (new_staff("Khan", mis_id) for mis_id in ("c", "a", "b"))
    await sync.approve(third, first, second)
    names = [(await sync.user(p.user_id))["username"] for p in (first, second, third)]
    base = f"{school.postcode}_khan"
    assert names == [base, f"{base}.1", f"{base}.2"]


async def test_the_same_message_many_times_is_applied_and_answered_once(sync: Sync) -> None:
    event = sync.event(*(new_staff(f"Once{n}") for n in range(5)))
    await sync.send(event, times=3)
    await sync.approve(new_staff("After"))
    assert len(await sync.answers(event.data.run_id)) == 1
    told = await sync.told()
    assert told.count("identity.users.changed.v1") == 2


async def test_the_same_staff_in_a_new_message_change_nothing_and_are_answered(sync: Sync) -> None:
    proposals = [new_staff("Again"), new_staff("Same")]
    await sync.approve(*proposals)
    before = await sync.told()
    outcomes = await sync.approve(*proposals)
    assert {outcome["outcome"] for outcome in outcomes.values()} == {"unchanged"}
    updates = [update_of(p.user_id, forename="Sam", surname=p.surname) for p in proposals]
    outcomes = await sync.approve(*updates)
    assert {outcome["outcome"] for outcome in outcomes.values()} == {"unchanged"}
    assert await sync.told() == before


async def test_an_address_of_another_account_here_is_refused_and_named(
    sync: Sync, school: SchoolInTest
) -> None:
    """R8."""
    email = f"taken@{school.postcode}.example"
    holder = await school.add_user(surname="Holder", email=email)
    clash, fine = new_staff("Clash", email=email.upper()), new_staff("Fine")
    outcomes = await sync.approve(clash, fine)
    refused = outcomes[str(clash.user_id)]
    assert (refused["outcome"], refused["reason_code"]) == ("refused", "email_taken")
    assert refused["in_the_way"] == holder["id"]
    assert outcomes[str(fine.user_id)]["outcome"] == "applied"


async def test_an_address_of_another_school_is_refused_and_nothing_is_said(
    sync: Sync, door: Door
) -> None:
    """R8."""
    elsewhere = await door.new_school()
    proposal = new_staff("Clash", email=elsewhere.admin_email)
    refused = (await sync.approve(proposal))[str(proposal.user_id)]
    assert (refused["outcome"], refused["in_the_way"]) == ("refused", None)
    assert elsewhere.made["admin"]["username"] not in refused["reason"]


async def test_two_of_one_batch_cannot_share_an_address(sync: Sync, school: SchoolInTest) -> None:
    """R8."""
    email = f"shared@{school.postcode}.example"
    first, second = new_staff("Shared", "a", email=email), new_staff("Shared", "b", email=email)
    outcomes = await sync.approve(second, first)
    assert outcomes[str(first.user_id)]["outcome"] == "applied"
    assert outcomes[str(second.user_id)]["in_the_way"] == str(first.user_id)


async def test_details_follow_the_mis_and_the_username_stays(
    sync: Sync, school: SchoolInTest
) -> None:
    """R7, R18."""
    await school.admin()
    proposal = new_staff("Before", email=f"before@{school.postcode}.example")
    await sync.approve(proposal)
    update = update_of(
        proposal.user_id, surname="After", title="Mrs", email=f"after@{school.postcode}.example"
    )
    outcome = (await sync.approve(update))[str(proposal.user_id)]
    assert (outcome["outcome"], outcome["version"]) == ("applied", 2)
    user = await sync.user(proposal.user_id)
    assert (user["title"], user["surname"]) == ("Mrs", "After")
    assert user["username"] == f"{school.postcode}_before"
    [entry] = (await sync.door.told(school.id, "activity.recorded.v1"))[-1]["data"]["entries"]
    actor = {"kind": "mis", "account_id": None, "authenticator": None, "name": "MIS"}
    assert entry["actor"] == actor
    assert entry["before"]["surname"] == "Before"
    assert entry["after"]["surname"] == "After"
    assert "forename" not in entry["after"], "what stayed is not repeated"
    old = await sync.door.sign_in(f"before@{school.postcode}.example", school.default_password)
    new = await sync.door.sign_in(f"after@{school.postcode}.example", school.default_password)
    assert (old.status_code, new.status_code) == (401, 201)
    mails = await eventually(lambda: _mails(sync, f"before@{school.postcode}.example"))
    assert mails[0]["Subject"] == "Your e-mail address was changed"


async def _mails(sync: Sync, recipient: str) -> list[Any]:
    return sync.door.mailbox.sent_to(recipient)


async def test_what_the_mis_does_not_say_blanks_nothing(sync: Sync) -> None:
    """R17."""
    proposal = new_staff("Kept", title="Ms", staff_code="KEP")
    await sync.approve(proposal)
    await sync.approve(update_of(proposal.user_id, staff_code="KPT"))
    user = await sync.user(proposal.user_id)
    assert (user["title"], user["staff_code"]) == ("Ms", "KPT")


async def test_what_was_set_by_hand_stands(sync: Sync, school: SchoolInTest) -> None:
    """R13."""
    user = await school.add_user(surname="Byhand", title="Dr")
    user_id = UUID(user["id"])
    outcome = (await sync.approve(update_of(user_id, title="Mr")))[user["id"]]
    assert outcome["outcome"] == "overridden"
    outcome = (await sync.approve(update_of(user_id, title="Mr", staff_code="BYH")))[user["id"]]
    assert outcome["outcome"] == "applied"
    now = await sync.user(user_id)
    assert (now["title"], now["staff_code"]) == ("Dr", "BYH")


async def test_an_update_of_what_has_changed_since_is_stale(sync: Sync) -> None:
    proposal = new_staff("Stale")
    await sync.approve(proposal)
    await sync.approve(update_of(proposal.user_id, expected_version=1, title="Mr"))
    late = update_of(proposal.user_id, expected_version=1, title="Dr")
    outcome = (await sync.approve(late))[str(proposal.user_id)]
    assert (outcome["outcome"], outcome["version"]) == ("stale", 2)
    assert (await sync.user(proposal.user_id))["title"] == "Mr"


@pytest.mark.parametrize("action", [ProposalAction.DEACTIVATE, ProposalAction.REACTIVATE])
async def test_the_sync_makes_nobody_inactive(
    sync: Sync, school: SchoolInTest, action: ProposalAction
) -> None:
    """R18."""
    user = await school.add_user()
    proposal = StaffProposal(user_id=UUID(user["id"]), action=action, mis_id="m")
    outcome = (await sync.approve(proposal))[user["id"]]
    assert (outcome["outcome"], outcome["reason_code"]) == ("refused", "not_by_sync")
    assert (await sync.user(UUID(user["id"])))["active"] is True


async def test_staff_without_a_surname_and_unknown_users_are_refused(sync: Sync) -> None:
    nameless = StaffProposal(user_id=uuid7(), action=ProposalAction.CREATE, mis_id="m")
    stranger = update_of(uuid7(), title="Mr")
    outcomes = await sync.approve(nameless, stranger)
    assert outcomes[str(nameless.user_id)]["reason_code"] == "name_missing"
    assert outcomes[str(stranger.user_id)]["reason_code"] == "no_such_user"


async def test_a_batch_of_another_school_touches_nobody_here(sync: Sync, door: Door) -> None:
    elsewhere = await door.new_school()
    theirs = await elsewhere.add_user(surname="Theirs")
    outcomes = await sync.approve(update_of(UUID(theirs["id"]), staff_code="X"))
    assert outcomes[theirs["id"]]["reason_code"] == "no_such_user"


async def test_many_batches_and_users_by_hand_at_once_get_usernames_of_their_own(
    sync: Sync, school: SchoolInTest
) -> None:
    await school.admin()
    events = [sync.event(*(new_staff("Crowd") for _ in range(5))) for _ in range(4)]
    await asyncio.gather(
        *(sync.send(event) for event in events),
        *(school.add_user(surname="Crowd") for _ in range(5)),
    )
    rows = await sync.door.rows(
        "SELECT username FROM accounts WHERE school_id = $1 AND surname = 'Crowd'", school.id
    )
    numbers = ["", *(f".{number}" for number in range(1, 25))]
    expected = {f"{school.postcode}_crowd{number}" for number in numbers}
    assert {row["username"] for row in rows} == expected


async def test_no_link_to_the_old_address_outlives_one_that_the_mis_changed(
    sync: Sync, school: SchoolInTest
) -> None:
    """As where the admin changes it: who reads the old address sets no password by it."""
    door = sync.door
    proposal = new_staff("Moves", email=f"old@{school.postcode}.example")
    await sync.approve(proposal)
    user = await sync.user(proposal.user_id)
    await school.claim(user["username"])
    await door.client.post("/password/forgotten", json={"identifier": user["username"]})
    link = {"token": await link_mailed_to(door, user["email"])}
    form = (await door.client.post("/sessions/link", json=link)).json()
    await sync.approve(update_of(proposal.user_id, email=f"new@{school.postcode}.example"))
    assert problem_of(await door.look_up(form["token"])) == (401, "session-over")
    assert problem_of(await door.client.post("/sessions/link", json=link)) == (401, "link-refused")


async def test_a_head_who_waits_is_sent_a_link_to_the_address_that_the_mis_gives(
    sync: Sync, school: SchoolInTest
) -> None:
    """R2: they have nothing else to sign in with first."""
    proposal = new_staff("Leads", email=f"first@{school.postcode}.example")
    await sync.approve(proposal)
    user = await sync.user(proposal.user_id)
    await change(school, user, role="slt", leadership="head")
    await link_mailed_to(sync.door, user["email"])
    moved = f"second@{school.postcode}.example"
    await sync.approve(update_of(proposal.user_id, email=moved))
    link = {"token": await link_mailed_to(sync.door, moved)}
    assert (await sync.door.client.post("/sessions/link", json=link)).status_code == 201
