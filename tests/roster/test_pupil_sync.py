"""Batches of pupils that mis_sync approved (R11, R13, R17, R18, R22)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from uuid_utils.compat import uuid7

from shared.contracts.mis_sync import ProposalAction, PupilProposal, PupilsApproved
from shared.contracts.vocabulary import YearGroup
from tests.roster.door import UPNS, SchoolInTest, details

CHANGED = "roster.pupils.changed.v1"


def create(pupil_id: UUID, **given: Any) -> PupilProposal:
    return PupilProposal(pupil_id=pupil_id, action=ProposalAction.CREATE, details=details(**given))


def update(pupil_id: UUID, **given: Any) -> PupilProposal:
    return PupilProposal(pupil_id=pupil_id, action=ProposalAction.UPDATE, details=details(**given))


def leave(pupil_id: UUID, version: int | None = None) -> PupilProposal:
    return PupilProposal(
        pupil_id=pupil_id, action=ProposalAction.DEACTIVATE, expected_version=version
    )


def come_back(pupil_id: UUID, version: int | None = None, **given: Any) -> PupilProposal:
    return PupilProposal(
        pupil_id=pupil_id,
        action=ProposalAction.REACTIVATE,
        expected_version=version,
        details=details(**given),
    )


async def only(school: SchoolInTest, *proposals: PupilProposal, **given: Any) -> tuple[str, Any]:
    """Outcome and reason code of one proposal."""
    (outcome,) = await school.pupils_approved(*proposals, **given)
    return outcome["outcome"], outcome["reason_code"]


class TestNewPupils:
    async def test_are_there_with_everything_the_mis_said(self, school: SchoolInTest) -> None:
        pupil_id = uuid7()
        (outcome,) = await school.pupils_approved(create(pupil_id, former_upns=(UPNS[4],)))
        assert (outcome["outcome"], outcome["version"]) == ("applied", 1)
        pupil = await school.get(f"/pupils/{pupil_id}")
        assert (pupil["upn"], pupil["former_upns"]) == (UPNS[0], [UPNS[4]])
        assert (pupil["legal_forename"], pupil["year_group"]) == ("Zoë", "3")
        assert (pupil["origin"], pupil["overrides"], pupil["active"]) == ("mis", [], True)

    async def test_are_told_of_once_with_their_state_and_logged(self, school: SchoolInTest) -> None:
        pupil_id = await school.has_pupil()
        (event,) = await school.told(CHANGED)
        assert [p["id"] for p in event["data"]["pupils"]] == [str(pupil_id)]
        (logged,) = await school.told("activity.recorded.v1")
        (entry,) = logged["data"]["entries"]
        assert (entry["action"], entry["actor"]["kind"]) == ("pupil.created", "mis")
        assert entry["after"]["legal_surname"] == "O’Neill"

    async def test_without_a_upn_stay_out(self, school: SchoolInTest) -> None:
        """R11, R18."""
        assert await only(school, create(uuid7(), upn=None)) == ("refused", "upn_missing")
        assert await only(school, create(uuid7(), upn="A000")) == ("refused", "upn_invalid")
        assert (await school.get("/pupils"))["total"] == 0

    async def test_with_the_upn_of_an_inactive_pupil_are_refused_and_told_whose(
        self, school: SchoolInTest
    ) -> None:
        """R11: unique among a school's pupils, active or not."""
        holder = await school.has_pupil()
        await school.pupils_approved(leave(holder))
        (outcome,) = await school.pupils_approved(create(uuid7()))
        assert (outcome["outcome"], outcome["reason_code"]) == ("refused", "upn_taken")
        assert outcome["in_the_way"] == str(holder)

    async def test_twice_the_same_upn_in_one_batch_makes_one_pupil(
        self, school: SchoolInTest
    ) -> None:
        first, second = uuid7(), uuid7()
        outcomes = await school.pupils_approved(create(first), create(second))
        assert [o["outcome"] for o in outcomes] == ["applied", "refused"]
        assert outcomes[1]["in_the_way"] == str(first)


class TestTheSameAgain:
    async def test_in_another_message_changes_and_says_nothing(self, school: SchoolInTest) -> None:
        proposals = [create(uuid7(), upn=upn) for upn in UPNS]
        await school.pupils_approved(*proposals)
        before = await school.told()
        outcomes = await school.pupils_approved(*proposals)
        assert {o["outcome"] for o in outcomes} == {"unchanged"}
        assert {o["version"] for o in outcomes} == {1}
        said = (await school.told())[len(before) :]
        assert [event["type"] for event in said] == ["roster.pupils.applied.v1"]

    async def test_in_the_same_message_is_not_even_answered_again(
        self, school: SchoolInTest
    ) -> None:
        batch = PupilsApproved(
            run_id=uuid7(),
            sequence=0,
            total=1,
            academic_year=school.year,
            proposals=(create(uuid7()),),
        )
        message = await school.hears(batch)
        await school.door.say(school.id, batch, message)
        await school.has_pupil(upn=UPNS[1])  # comes after it on the same queue
        answers = await school.told("roster.pupils.applied.v1")
        assert [a["data"]["run_id"] for a in answers].count(str(batch.run_id)) == 1


class TestDetails:
    async def test_what_the_mis_does_not_say_blanks_nothing(self, school: SchoolInTest) -> None:
        """R17."""
        pupil_id = await school.has_pupil(preferred_forename="Zo")
        said = update(pupil_id, upn=None, preferred_forename=None, year_group=None)
        assert await only(school, said) == ("unchanged", None)
        pupil = await school.get(f"/pupils/{pupil_id}")
        assert (pupil["upn"], pupil["preferred_forename"]) == (UPNS[0], "Zo")

    async def test_a_new_upn_keeps_the_former_one(self, school: SchoolInTest) -> None:
        """R11."""
        pupil_id = await school.has_pupil()
        await school.pupils_approved(update(pupil_id, upn=UPNS[1]))
        pupil = await school.get(f"/pupils/{pupil_id}")
        assert (pupil["upn"], pupil["former_upns"]) == (UPNS[1], [UPNS[0]])

    async def test_a_upn_that_moves_on_is_free_for_the_next_in_the_same_batch(
        self, school: SchoolInTest
    ) -> None:
        first, second = await school.has_pupil(), await school.has_pupil(upn=UPNS[1])
        outcomes = await school.pupils_approved(
            update(first, upn=UPNS[2]), update(second, upn=UPNS[0])
        )
        assert [o["outcome"] for o in outcomes] == ["applied", "applied"]
        assert (await school.get(f"/pupils/{second}"))["upn"] == UPNS[0]

    async def test_a_upn_clash_refuses_the_whole_item(self, school: SchoolInTest) -> None:
        """A wrong UPN may mean a wrong pupil: nothing of it is taken over."""
        holder, other = await school.has_pupil(), await school.has_pupil(upn=UPNS[1])
        (outcome,) = await school.pupils_approved(update(other, legal_forename="Wrong"))
        assert (outcome["reason_code"], outcome["in_the_way"]) == ("upn_taken", str(holder))
        assert (await school.get(f"/pupils/{other}"))["legal_forename"] == "Zoë"

    async def test_one_entry_in_the_log_says_before_and_after(self, school: SchoolInTest) -> None:
        """R9."""
        pupil_id = await school.has_pupil()
        await school.pupils_approved(update(pupil_id, legal_forename="Zoe"))
        entry = (await school.told("activity.recorded.v1"))[-1]["data"]["entries"][0]
        assert entry["action"] == "pupil.changed"
        assert (entry["before"], entry["after"]) == (
            {"legal_forename": "Zoë"},
            {"legal_forename": "Zoe"},
        )

    async def test_of_a_pupil_nobody_knows_are_refused(self, school: SchoolInTest) -> None:
        assert await only(school, update(uuid7())) == ("refused", "unknown_record")


class TestOverrides:
    async def test_hold_their_field_back_while_the_rest_is_taken_over(
        self, school: SchoolInTest
    ) -> None:
        """R13."""
        pupil_id = await school.has_pupil()
        await school.by_hand(
            "PATCH", f"/pupils/{pupil_id}", {"expected_version": 1, "legal_forename": "Zoey"}
        )
        said = update(pupil_id, legal_forename="Zoe", legal_surname="Neill")
        assert await only(school, said) == ("overridden", "set_by_hand")
        pupil = await school.get(f"/pupils/{pupil_id}")
        assert (pupil["legal_forename"], pupil["legal_surname"]) == ("Zoey", "Neill")
        assert pupil["overrides"] == ["legal_forename"]

    async def test_handed_back_the_field_follows_the_mis_again(self, school: SchoolInTest) -> None:
        pupil_id = await school.has_pupil()
        await school.by_hand(
            "PATCH", f"/pupils/{pupil_id}", {"expected_version": 1, "year_group": "4"}
        )
        await school.by_hand(
            "DELETE", f"/pupils/{pupil_id}/overrides/year_group", expected_version=2
        )
        assert (await school.get(f"/pupils/{pupil_id}"))["year_group"] == "4"
        assert await only(school, update(pupil_id)) == ("applied", None)
        assert (await school.get(f"/pupils/{pupil_id}"))["year_group"] == "3"

    async def test_inactive_by_hand_stays_so_though_the_mis_still_has_them(
        self, school: SchoolInTest
    ) -> None:
        pupil_id = await school.has_pupil()
        await school.by_hand(
            "PATCH",
            f"/pupils/{pupil_id}",
            {"expected_version": 1, "active": False, "active_reason": "Moved away"},
        )
        said = come_back(pupil_id, legal_forename="Zoe")
        assert await only(school, said) == ("overridden", "set_by_hand")
        pupil = await school.get(f"/pupils/{pupil_id}")
        assert (pupil["active"], pupil["active_reason"]) == (False, "Moved away")
        assert pupil["legal_forename"] == "Zoe", "plain details still flow"

    async def test_active_by_hand_stays_so_though_the_mis_lost_them(
        self, school: SchoolInTest
    ) -> None:
        pupil_id = await school.has_pupil()
        for version, active in ((1, False), (2, True)):
            await school.by_hand(
                "PATCH", f"/pupils/{pupil_id}", {"expected_version": version, "active": active}
            )
        assert await only(school, leave(pupil_id)) == ("overridden", "set_by_hand")


class TestLeavers:
    async def test_become_inactive_and_come_back_as_the_same_pupil(
        self, school: SchoolInTest
    ) -> None:
        """R6, R17."""
        pupil_id = await school.has_pupil()
        assert await only(school, leave(pupil_id, version=1)) == ("applied", None)
        assert (await school.get("/pupils"))["total"] == 0
        assert await only(school, leave(pupil_id, version=1)) == ("unchanged", None)
        assert await only(school, come_back(pupil_id, version=2)) == ("applied", None)
        pupil = await school.get(f"/pupils/{pupil_id}")
        assert (pupil["active"], pupil["active_reason"], pupil["version"]) == (True, None, 3)

    async def test_a_pupil_changed_since_the_comparison_does_not_leave(
        self, school: SchoolInTest
    ) -> None:
        pupil_id = await school.has_pupil()
        await school.pupils_approved(update(pupil_id, legal_forename="Zoe"))
        assert await only(school, leave(pupil_id, version=1)) == ("stale", "changed_since")

    async def test_a_pupil_who_was_never_in_the_mis_does_not_leave(
        self, school: SchoolInTest
    ) -> None:
        """R13."""
        pupil_id = await added_by_hand(school)
        assert await only(school, leave(pupil_id)) == ("refused", "never_in_mis")

    async def test_a_hand_made_pupil_whom_the_mis_has_by_now_leaves_with_it(
        self, school: SchoolInTest
    ) -> None:
        pupil_id = await added_by_hand(school)
        before = await school.told(CHANGED)
        assert await only(school, update(pupil_id)) == ("unchanged", None)
        assert await school.told(CHANGED) == before, "that the MIS has them is nobody's news"
        assert await only(school, leave(pupil_id)) == ("applied", None)


class TestAnotherAcademicYear:
    """R22: between the roll-up and the MIS's own change of year, and the other way round."""

    async def test_plain_details_flow_and_the_year_group_stays(self, school: SchoolInTest) -> None:
        pupil_id = await school.has_pupil()
        said = update(pupil_id, legal_forename="Zoe", year_group=YearGroup.Y2)
        assert await only(school, said, year="2025/26") == ("refused", "other_academic_year")
        pupil = await school.get(f"/pupils/{pupil_id}")
        assert (pupil["legal_forename"], pupil["year_group"]) == ("Zoe", "3")
        said = update(pupil_id, legal_forename="Zoey")
        assert await only(school, said, year="2027/28") == ("applied", None)

    async def test_nobody_comes_leaves_or_returns(self, school: SchoolInTest) -> None:
        there, gone = await school.has_pupil(), await school.has_pupil(upn=UPNS[1])
        await school.pupils_approved(leave(gone))
        outcomes = await school.pupils_approved(
            create(uuid7(), upn=UPNS[2]), leave(there), come_back(gone, upn=None), year="2025/26"
        )
        assert {o["reason_code"] for o in outcomes} == {"other_academic_year"}
        assert (await school.get("/pupils"))["total"] == 1


async def added_by_hand(school: SchoolInTest) -> UUID:
    body = details().model_dump(mode="json", exclude={"former_upns"})
    answer = await school.by_hand("POST", "/pupils", body)
    assert answer.status_code == 201, answer.text
    return UUID(answer.json()["id"])
