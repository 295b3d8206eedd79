"""Batches of groups and links that mis_sync approved, and links that wait (R13, R18, R22)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from itertools import permutations
from uuid import UUID

import pytest
from uuid_utils.compat import uuid7

from shared.contracts.mis_sync import (
    GroupProposal,
    LinkAction,
    LinkProposal,
    ProposalAction,
    PupilProposal,
)
from shared.contracts.vocabulary import GroupKind, LinkKind
from tests.roster.door import UPNS, Door, SchoolInTest, details, user

LINKS_CHANGED = "roster.links.changed.v1"


def link(
    kind: LinkKind, group_id: UUID, person_id: UUID, action: LinkAction = LinkAction.ADD
) -> LinkProposal:
    return LinkProposal(kind=kind, group_id=group_id, person_id=person_id, action=action)


class TestGroups:
    async def test_are_there_and_the_same_again_says_nothing(self, school: SchoolInTest) -> None:
        proposal = GroupProposal(
            group_id=uuid7(), action=ProposalAction.CREATE, name="3 Blue", kind=GroupKind.CLASS
        )
        assert (await school.groups_approved(proposal))[0]["outcome"] == "applied"
        assert (await school.groups_approved(proposal))[0]["outcome"] == "unchanged"
        assert len(await school.told("roster.groups.changed.v1")) == 1

    async def test_a_name_set_by_hand_stays(self, school: SchoolInTest) -> None:
        """R13."""
        group_id = await school.has_group("3 Blue", year_group="3")
        await school.by_hand(
            "PATCH", f"/groups/{group_id}", {"expected_version": 1, "name": "Kingfishers"}
        )
        proposal = GroupProposal(
            group_id=group_id, action=ProposalAction.UPDATE, name="3B", kind=GroupKind.SET
        )
        (outcome,) = await school.groups_approved(proposal)
        assert outcome["outcome"] == "overridden"
        group = await school.get(f"/groups/{group_id}")
        assert (group["name"], group["kind"]) == ("Kingfishers", "set")

    async def test_of_another_year_change_nothing(self, school: SchoolInTest) -> None:
        """R22."""
        group_id = await school.has_group("3 Blue")
        outcomes = await school.groups_approved(
            GroupProposal(group_id=group_id, action=ProposalAction.UPDATE, name="2 Blue"),
            GroupProposal(group_id=uuid7(), action=ProposalAction.CREATE, name="1 Blue"),
            GroupProposal(group_id=group_id, action=ProposalAction.UPDATE, name="3 Blue"),
            year="2025/26",
        )
        assert [o["outcome"] for o in outcomes] == ["refused", "refused", "unchanged"]
        assert (await school.get("/groups"))["total"] == 1


class TestLinks:
    async def test_are_added_and_removed_and_kept(self, school: SchoolInTest) -> None:
        """R6."""
        group_id, pupil_id = await school.has_group("3 Blue"), await school.has_pupil()
        added = link(LinkKind.MEMBER, group_id, pupil_id)
        removed = link(LinkKind.MEMBER, group_id, pupil_id, LinkAction.REMOVE)
        seen: list[str] = []
        for proposal in (added, added, removed, removed, added):
            seen.extend(o["outcome"] for o in await school.links_approved(proposal))
        assert seen == ["applied", "unchanged", "applied", "unchanged", "applied"]
        versions = [
            (state["version"], state["present"])
            for event in await school.told(LINKS_CHANGED)
            for state in event["data"]["links"]
        ]
        assert versions == [(1, True), (2, False), (3, True)]

    async def test_made_or_undone_by_hand_stand(self, school: SchoolInTest) -> None:
        """R13."""
        group_id = await school.has_group("3 Blue")
        made, undone = await school.has_pupil(), await school.has_pupil(upn=UPNS[1])
        await school.has_link(LinkKind.MEMBER, group_id, undone)
        await school.by_hand("PUT", f"/groups/{group_id}/pupils/{made}")
        await school.by_hand("DELETE", f"/groups/{group_id}/pupils/{undone}")
        outcomes = await school.links_approved(
            link(LinkKind.MEMBER, group_id, made, LinkAction.REMOVE),
            link(LinkKind.MEMBER, group_id, undone),
        )
        assert [o["outcome"] for o in outcomes] == ["overridden", "overridden"]
        listed = await school.get(f"/groups/{group_id}/pupils")
        assert [pupil["id"] for pupil in listed["items"]] == [str(made)]

    async def test_handed_back_follow_the_mis_again(self, school: SchoolInTest) -> None:
        group_id, pupil_id = await school.has_group("3 Blue"), await school.has_pupil()
        path = f"/groups/{group_id}/pupils/{pupil_id}"
        await school.by_hand("PUT", path)
        handed_back = await school.by_hand("DELETE", f"{path}/override", expected_version=1)
        state = handed_back.json()
        assert (state["present"], state["override"], state["origin"]) == (True, False, "mis")
        removed = link(LinkKind.MEMBER, group_id, pupil_id, LinkAction.REMOVE)
        assert (await school.links_approved(removed))[0]["outcome"] == "applied"

    async def test_of_another_year_change_nothing(self, school: SchoolInTest) -> None:
        """R22."""
        group_id = await school.has_group("3 Blue")
        there, new = await school.has_pupil(), await school.has_pupil(upn=UPNS[1])
        await school.has_link(LinkKind.MEMBER, group_id, there)
        outcomes = await school.links_approved(
            link(LinkKind.MEMBER, group_id, there, LinkAction.REMOVE),
            link(LinkKind.MEMBER, group_id, new),
            link(LinkKind.MEMBER, uuid7(), uuid7()),
            link(LinkKind.MEMBER, group_id, there),
            year="2025/26",
        )
        assert [o["outcome"] for o in outcomes] == ["refused", "refused", "refused", "unchanged"]


class TestWaitingLinks:
    async def test_a_link_before_its_user_is_made_when_they_arrive(
        self, school: SchoolInTest
    ) -> None:
        group_id, user_id = await school.has_group("3 Blue"), uuid7()
        assert await school.has_link(LinkKind.TEACHER, group_id, user_id) == "waiting"
        assert (await school.get(f"/groups/{group_id}"))["users"] == []
        await school.users_are_told(user(user_id))
        group = await school.get(f"/groups/{group_id}")
        assert [linked["id"] for linked in group["users"]] == [str(user_id)]
        state = (await school.told(LINKS_CHANGED))[-1]["data"]["links"][0]
        assert (state["version"], state["present"]) == (2, True)

    async def test_one_still_waiting_is_said_once_however_often_it_is_proposed(
        self, school: SchoolInTest
    ) -> None:
        group_id, user_id = await school.has_group("3 Blue"), uuid7()
        for _ in range(2):
            assert await school.has_link(LinkKind.TEACHER, group_id, user_id) == "waiting"
        assert len(await school.told(LINKS_CHANGED)) == 1

    async def test_one_the_mis_took_back_is_not_made_any_more(self, school: SchoolInTest) -> None:
        group_id, user_id = await school.has_group("3 Blue"), uuid7()
        await school.has_link(LinkKind.TEACHER, group_id, user_id)
        await school.links_approved(link(LinkKind.TEACHER, group_id, user_id, LinkAction.REMOVE))
        await school.users_are_told(user(user_id))
        assert (await school.get(f"/groups/{group_id}"))["users"] == []

    @pytest.mark.parametrize("order", list(permutations(range(4))))
    async def test_in_whichever_order_the_four_arrive_the_end_is_the_same(
        self, door: Door, order: tuple[int, ...]
    ) -> None:
        """Group, pupil, user and links come by different queues."""
        school = SchoolInTest(door)
        group_id, pupil_id, user_id = uuid7(), uuid7(), uuid7()
        group = GroupProposal(group_id=group_id, action=ProposalAction.CREATE, name="3 Blue")
        pupil = PupilProposal(pupil_id=pupil_id, action=ProposalAction.CREATE, details=details())
        links = (
            link(LinkKind.MEMBER, group_id, pupil_id),
            link(LinkKind.TEACHER, group_id, user_id),
        )
        steps: list[Callable[[], Awaitable[object]]] = [
            lambda: school.groups_approved(group),
            lambda: school.pupils_approved(pupil),
            lambda: school.users_are_told(user(user_id)),
            lambda: school.links_approved(*links),
        ]
        for step in order:
            await steps[step]()
        seen = await school.get(f"/groups/{group_id}")
        assert (seen["member_count"], seen["user_count"]) == (1, 1)
