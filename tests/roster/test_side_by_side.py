"""Several things at once to one school: nothing is lost, nothing waits for ever."""

from __future__ import annotations

import asyncio

from uuid_utils.compat import uuid7

from shared.contracts.mis_sync import (
    GroupProposal,
    GroupsApproved,
    LinkAction,
    LinkProposal,
    LinksApproved,
    ProposalAction,
    PupilProposal,
    PupilsApproved,
)
from shared.contracts.vocabulary import LinkKind
from tests.eventually import eventually
from tests.roster.door import UPNS, SchoolInTest, details


async def test_a_run_s_batches_all_at_once_and_three_times_each_end_as_one(
    school: SchoolInTest,
) -> None:
    """Each message comes three times, as a broker that was restarted may bring it."""
    batch = {"run_id": uuid7(), "sequence": 0, "total": 1, "academic_year": school.year}
    group_id, pupils = uuid7(), [uuid7() for _ in UPNS]
    new_group = GroupProposal(group_id=group_id, action=ProposalAction.CREATE, name="3 Blue")
    messages = [
        LinksApproved(
            **batch,
            proposals=tuple(
                LinkProposal(
                    kind=LinkKind.MEMBER,
                    group_id=group_id,
                    person_id=pupil_id,
                    action=LinkAction.ADD,
                )
                for pupil_id in pupils
            ),
        ),
        PupilsApproved(
            **batch,
            proposals=tuple(
                PupilProposal(
                    pupil_id=pupil_id, action=ProposalAction.CREATE, details=details(upn=upn)
                )
                for pupil_id, upn in zip(pupils, UPNS, strict=True)
            ),
        ),
        GroupsApproved(**batch, proposals=(new_group,)),
    ]
    numbered = [(message, uuid7()) for message in messages] * 3
    await asyncio.gather(*(school.door.say(school.id, *message) for message in numbered))

    async def members() -> int:
        groups = (await school.get("/groups"))["items"]
        return int(groups[0]["member_count"]) if groups else 0

    assert await eventually(members, lambda count: count == len(UPNS)) == len(UPNS)
    for what in ("pupils", "groups", "links"):
        assert len(await school.told(f"roster.{what}.applied.v1")) == 1


async def test_two_people_who_save_the_same_pupil_at_once_do_not_undo_each_other(
    school: SchoolInTest,
) -> None:
    pupil_id = await school.has_pupil()
    bodies = [{"expected_version": 1, "legal_forename": name} for name in ("Ann", "Bea", "Cy")]
    answers = await asyncio.gather(
        *(school.by_hand("PATCH", f"/pupils/{pupil_id}", body) for body in bodies)
    )
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409]
    assert (await school.get(f"/pupils/{pupil_id}"))["version"] == 2


async def test_two_people_who_give_two_pupils_the_same_upn_make_one_of_them_wait(
    school: SchoolInTest,
) -> None:
    """R11."""
    body = {"legal_forename": "Ann", "legal_surname": "Hall", "upn": UPNS[0]}
    answers = await asyncio.gather(*(school.by_hand("POST", "/pupils", body) for _ in range(3)))
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409]
