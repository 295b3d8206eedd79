"""Parents whom mis_sync approved, by the broker: made, linked, answered, not written to (R20)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import aio_pika
import pytest
from hypothesis import given
from hypothesis import strategies as st
from uuid_utils.compat import uuid7

from services.identity.accounts.account import Account
from services.identity.mis_contacts.rules import ChildLink, Known, decide
from shared.contracts.envelope import Event
from shared.contracts.mis_sync import ParentProposal, ParentsApproved, ProposalAction
from shared.contracts.topology import EVENTS_EXCHANGE
from shared.contracts.vocabulary import Origin
from tests.broker import TestBroker
from tests.eventually import eventually
from tests.identity.door import Door, SchoolInTest
from tests.identity.family import Families, an_address
from tests.identity.user_management import ask


@dataclass
class Contacts:
    """mis_sync as identity hears it."""

    families: Families
    broker: TestBroker

    async def approve(self, *proposals: ParentProposal, times: int = 1) -> dict[str, Any]:
        """Publish one batch; identity's answer to it, by parent id."""
        school = self.families.school
        batch = ParentsApproved(
            run_id=uuid7(), sequence=0, total=1, academic_year="2026/27", proposals=proposals
        )
        event = Event[ParentsApproved](
            source="/services/mis_sync",
            type=ParentsApproved.EVENT_TYPE,
            schoolid=school.id,
            correlationid="test-correlation",
            data=batch,
        )
        connection = await aio_pika.connect(self.broker.url)
        async with connection, connection.channel() as channel:
            exchange = await channel.get_exchange(EVENTS_EXCHANGE)
            for _ in range(times):
                body = event.model_dump_json().encode()
                await exchange.publish(aio_pika.Message(body, message_id=str(event.id)), event.type)
        [answer] = await eventually(lambda: self._answers(batch.run_id))
        return {outcome["id"]: outcome for outcome in answer["data"]["outcomes"]}

    async def one(self, proposal: ParentProposal) -> dict[str, Any]:
        return dict((await self.approve(proposal))[str(proposal.parent_id)])

    async def _answers(self, run_id: UUID) -> list[dict[str, Any]]:
        door, school = self.families.door, self.families.school
        told = await door.told(school.id, "identity.parents.applied.v1")
        return [event for event in told if event["data"]["run_id"] == str(run_id)]

    async def read(self, proposal: ParentProposal) -> dict[str, Any]:
        return await self.families.read({"id": str(proposal.parent_id)})

    async def state(self, proposal: ParentProposal) -> dict[str, Any]:
        """As other services heard of them last."""
        door, school = self.families.door, self.families.school
        told = await door.told(school.id, "identity.parents.changed.v1")
        states = [one for event in told for one in event["data"]["parents"]]
        return dict([one for one in states if one["id"] == str(proposal.parent_id)][-1])

    async def mails_to(self, address: str) -> int:
        rows = await self.families.door.rows("SELECT 1 FROM mails WHERE recipient = $1", address)
        return len(rows)


@pytest.fixture
def contacts(families: Families, broker: TestBroker) -> Contacts:
    return Contacts(families, broker)


def contact(*children: UUID, **details: Any) -> ParentProposal:
    known: dict[str, Any] = {
        "parent_id": uuid7(),
        "action": ProposalAction.CREATE,
        "mis_id": "C1",
        "title": "Ms",
        "forename": "Anna",
        "surname": "Patel",
        "email": an_address(),
        "link": children,
    }
    return ParentProposal(**{**known, **details})


def again(proposal: ParentProposal, **said: Any) -> ParentProposal:
    """What the MIS says later of a parent who is there."""
    return ParentProposal(
        parent_id=proposal.parent_id, action=ProposalAction.UPDATE, mis_id="C1", **said
    )


class TestANewParent:
    async def test_is_made_with_both_children_and_not_written_to(self, contacts: Contacts) -> None:
        """R20: siblings share one parent. Nobody is mailed before the school says so."""
        maya, noor = [await contacts.families.child(name) for name in ("Maya", "Noor")]
        proposal = contact(maya, noor)
        assert (await contacts.one(proposal))["outcome"] == "applied"
        parent = await contacts.read(proposal)
        assert (parent["name"], parent["origin"], parent["active"]) == ("Anna Patel", "mis", True)
        assert (parent["state"], parent["invited_until"]) == ("not_invited", None)
        assert {child["id"] for child in parent["children"]} == {str(maya), str(noor)}
        assert await contacts.mails_to(str(proposal.email)) == 0

    async def test_is_invited_when_the_school_says_so(self, contacts: Contacts) -> None:
        school = contacts.families.school
        proposal, lapsed = contact(await contacts.families.child()), {"lapsed": True}
        await contacts.approve(proposal)
        assert (await ask(school, "POST", "/parents/invitations", lapsed)).json()["sent"] == 0
        answer = await ask(school, "POST", "/parents/invitations", {"not_invited": True})
        assert (answer.json()["sent"], answer.json()["left"]) == (1, 0)
        assert (await contacts.read(proposal))["state"] == "invited"
        opened = await contacts.families.accept({"email": proposal.email})
        assert [c["forename"] for c in await contacts.families.asked_for(opened)] == ["Maya"]

    async def test_who_comes_many_times_is_made_once(self, contacts: Contacts) -> None:
        proposal = contact(await contacts.families.child())
        await contacts.approve(proposal, times=3)
        assert (await contacts.one(proposal))["outcome"] == "unchanged"
        assert (await contacts.state(proposal))["version"] == 1

    async def test_may_come_before_their_child(self, contacts: Contacts) -> None:
        """A link waits for its pupil: until roster has told of them the parent sees nothing."""
        pupil_id = uuid7()
        proposal = contact(pupil_id)
        assert (await contacts.one(proposal))["outcome"] == "applied"
        [child] = (await contacts.read(proposal))["children"]
        assert (child["id"], child["seen"]) == (str(pupil_id), False)


class TestATakenAddress:
    """R8: one e-mail address belongs to one account of any kind."""

    async def test_of_a_member_of_staff_is_refused_and_says_what_to_do(
        self, contacts: Contacts, school: SchoolInTest
    ) -> None:
        user = await school.add_user(surname="Holder", email=an_address("holder"))
        outcome = await contacts.one(contact(email=user["email"]))
        assert (outcome["outcome"], outcome["reason_code"]) == ("refused", "email_taken")
        assert outcome["in_the_way"] == user["id"]
        assert "Holder" in outcome["reason"]
        assert "needs another address as a parent" in outcome["reason"]

    async def test_of_the_admin_account_too(self, contacts: Contacts, school: SchoolInTest) -> None:
        [admin] = await school.door.rows(
            "SELECT email FROM accounts WHERE school_id = $1 AND kind = 'admin'", school.id
        )
        outcome = await contacts.one(contact(email=admin["email"]))
        assert outcome["outcome"] == "refused"
        assert "the admin account" in outcome["reason"]

    async def test_of_another_school_says_nothing_of_it(
        self, contacts: Contacts, door: Door
    ) -> None:
        stranger = await (await door.new_school()).add_user(email=an_address("stranger"))
        outcome = await contacts.one(contact(email=stranger["email"]))
        assert (outcome["outcome"], outcome["in_the_way"]) == ("refused", None)
        assert stranger["username"] not in outcome["reason"]

    async def test_of_two_in_one_batch_the_first_has_it(self, contacts: Contacts) -> None:
        email = an_address()
        first, second = contact(email=email), contact(email=email.upper(), mis_id="C2")
        outcomes = await contacts.approve(second, first)
        assert outcomes[str(first.parent_id)]["outcome"] == "applied"
        assert outcomes[str(second.parent_id)]["in_the_way"] == str(first.parent_id)


class TestLinks:
    async def test_that_the_mis_gave_it_takes_away_and_by_hand_stay(
        self, contacts: Contacts
    ) -> None:
        """R13."""
        given, by_hand = [await contacts.families.child(name) for name in ("Maya", "Noor")]
        proposal = contact(given)
        await contacts.approve(proposal)
        await contacts.families.link({"id": proposal.parent_id}, by_hand)
        state = await contacts.state(proposal)
        assert state["mis_children"] == [str(given)]
        outcome = await contacts.one(again(proposal, unlink=(given, by_hand)))
        assert outcome["outcome"] == "applied"
        parent = await contacts.read(proposal)
        assert [child["id"] for child in parent["children"]] == [str(by_hand)]
        assert parent["active"]

    async def test_unlinked_by_hand_the_sync_never_links_again(self, contacts: Contacts) -> None:
        """R13: whoever must not see a child does not come to by the next night."""
        child = await contacts.families.child()
        proposal = contact(child)
        await contacts.approve(proposal)
        await contacts.families.unlink({"id": proposal.parent_id}, child)
        assert (await contacts.state(proposal))["kept_apart"] == [str(child)]
        assert (await contacts.one(again(proposal, link=(child,))))["outcome"] == "overridden"
        assert (await contacts.read(proposal))["children"] == []
        await contacts.families.link({"id": proposal.parent_id}, child)
        assert (await contacts.one(again(proposal, unlink=(child,))))["outcome"] == "unchanged"
        assert len((await contacts.read(proposal))["children"]) == 1

    async def test_are_in_the_activity_log(self, contacts: Contacts) -> None:
        """R9."""
        child = await contacts.families.child()
        proposal = contact(child)
        await contacts.approve(proposal)
        await contacts.one(again(proposal, unlink=(child,)))
        told = await contacts.families.door.told(
            contacts.families.school.id, "activity.recorded.v1"
        )
        lines = [line for event in told for line in event["data"]["entries"]]
        [made, gone] = [line for line in lines if line["actor"]["kind"] == "mis"]
        assert (made["action"], made["after"]["children"]) == ("parent.created", ["Maya Patel"])
        assert (gone["action"], gone["before"]) == (
            "parent.child_unlinked",
            {"child": "Maya Patel"},
        )


class TestDetails:
    async def test_follow_the_mis_where_nobody_set_them_by_hand(self, contacts: Contacts) -> None:
        """R13, R17: what the MIS does not say blanks nothing."""
        proposal = contact()
        await contacts.approve(proposal)
        said = {"surname": "Rao", "expected_version": 1}
        assert (await contacts.one(again(proposal, **said)))["outcome"] == "applied"
        parent = await contacts.read(proposal)
        assert (parent["name"], parent["title"]) == ("Anna Rao", "Ms")
        assert (await contacts.one(again(proposal, forename="An", expected_version=1)))[
            "outcome"
        ] == "stale"
        path = f"/parents/{proposal.parent_id}"
        body = {"expected_version": 2, "surname": "Rao-Patel"}
        assert (await ask(contacts.families.school, "PATCH", path, body)).status_code == 200
        assert (await contacts.state(proposal))["overrides"] == ["surname"]
        assert (await contacts.one(again(proposal, surname="Rao")))["outcome"] == "overridden"

    async def test_another_address_spends_the_links_and_tells_the_old_one(
        self, contacts: Contacts
    ) -> None:
        """As a change by hand: who was invited is invited anew, who never was is not."""
        invited, quiet = contact(), contact(mis_id="C2")
        await contacts.approve(invited, quiet)
        await contacts.families.send_link({"id": invited.parent_id})
        moved = {one.parent_id: an_address("new") for one in (invited, quiet)}
        for one in (invited, quiet):
            await contacts.approve(again(one, email=moved[one.parent_id]))
        assert await contacts.mails_to(str(invited.email)) == 2
        assert await contacts.mails_to(moved[invited.parent_id]) == 1
        assert await contacts.mails_to(moved[quiet.parent_id]) == 0
        assert (await contacts.read(quiet))["state"] == "not_invited"

    async def test_nobody_is_made_inactive_by_it(self, contacts: Contacts) -> None:
        proposal = contact()
        await contacts.approve(proposal)
        leaver = again(proposal).model_copy(update={"action": ProposalAction.DEACTIVATE})
        assert (await contacts.one(leaver))["reason_code"] == "not_by_sync"
        assert (await contacts.read(proposal))["active"]


PUPILS = [UUID(int=n) for n in range(1, 6)]
LINKS = st.dictionaries(
    st.sampled_from(PUPILS),
    st.sampled_from([ChildLink(True, True), ChildLink(True, False), ChildLink(False, True)]),
)
SOME = st.lists(st.sampled_from(PUPILS)).map(tuple)


@given(LINKS, SOME, SOME)
def test_whatever_is_proposed_no_link_by_hand_is_touched(
    links: dict[UUID, ChildLink], link: tuple[UUID, ...], unlink: tuple[UUID, ...]
) -> None:
    """R13."""
    now = datetime(2026, 10, 1, tzinfo=UTC)
    parent = Account(
        account_id=uuid7(),
        school_id=uuid7(),
        kind="parent",
        forename="Anna",
        surname="Patel",
        email="anna@home.example",
        origin=Origin.MIS,
        created_at=now,
    )
    known = Known(parent.school_id, {parent.account_id: parent}, {}, {parent.account_id: links})
    said = again(contact(parent_id=parent.account_id), link=link, unlink=unlink)
    decided = decide(known, [said], now)
    for _, pupil in decided.linked:
        assert pupil not in links
    for _, pupil in decided.unlinked:
        assert links[pupil] == ChildLink(True, False)
