"""What later snapshots do: leavers, rejoiners, moves, too many gone, another server, another year
(R13, R17, R18, R21, R22)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

from shared.contracts.mis_sync import ProposalAction, PupilsApproved
from shared.contracts.roster import LinkState, SchoolYearChanged
from shared.contracts.vocabulary import LinkKind, Origin, YearGroup
from tests.mis_sync.mis import upn
from tests.mis_sync.world import SchoolInTest, decision

TODAY = (datetime.now(UTC) - timedelta(days=3)).replace(hour=12)
"""At noon, so that minutes later it is the same day, and a day later another."""
TOMORROW = TODAY + timedelta(days=1)
AFTER = TODAY + timedelta(days=2)


async def settle(school: SchoolInTest, pupils: int = 10) -> UUID:
    """One mapped class of pupils with a teacher; its group here."""
    school.mis.group("G", "3 Blue")
    for serial in range(pupils):
        school.mis.pupil(f"P{serial}", "G")
    school.mis.teacher("T", "G")
    await school.sync(school.mis.snapshot(TODAY))
    await school.create_all()
    (group,) = school.held.groups
    return group


def leave(school: SchoolInTest, mis_id: str) -> UUID:
    """The pupil goes; who they are here."""
    gone = school.mis.pupils.pop(mis_id)
    school.mis.memberships = {m for m in school.mis.memberships if m[0] != mis_id}
    return next(pupil.id for pupil in school.held.pupils.values() if pupil.upn == gone.upn)


class TestLeavers:
    async def test_leave_after_two_snapshots_on_different_days(self, school: SchoolInTest) -> None:
        """R18: the first time, nothing of theirs is touched."""
        group = await settle(school)
        gone = leave(school, "P3")
        first = await school.sync(school.mis.snapshot(TODAY + timedelta(minutes=1)))
        same_day = await school.sync(school.mis.snapshot(TODAY + timedelta(minutes=2)))
        assert set(first["counts"].values()) == set(same_day["counts"].values()) == {0}
        assert gone in school.held.members_of(group)
        run = await school.sync(school.mis.snapshot(TOMORROW))
        assert run["counts"]["pupils_deactivated"] == 1
        assert not school.held.pupils[gone].active
        again = await school.sync(school.mis.snapshot(AFTER))
        assert set(again["counts"].values()) == {0}

    async def test_who_comes_back_is_made_active_again_and_not_made_twice(
        self, school: SchoolInTest
    ) -> None:
        """R17."""
        group = await settle(school)
        record = school.mis.pupils["P3"]
        gone = leave(school, "P3")
        await school.sync(school.mis.snapshot(TODAY + timedelta(minutes=1)))
        await school.sync(school.mis.snapshot(TOMORROW))
        school.mis.pupils["NEW-ID"] = record.model_copy(update={"mis_id": "NEW-ID"})
        school.mis.memberships.add(("NEW-ID", "G"))
        run = await school.sync(school.mis.snapshot(AFTER))
        assert run["counts"]["pupils_reactivated"] == 1
        assert school.held.pupils[gone].active
        assert len(school.held.pupils) == 10
        assert gone in school.held.members_of(group)

    async def test_a_removal_that_the_mis_names_is_certain_at_once(
        self, school: SchoolInTest
    ) -> None:
        await settle(school)
        record = school.mis.pupils["P3"].model_copy(update={"removed": True})
        gone = leave(school, "P3")
        delta = school.mis.snapshot(TOMORROW, complete=frozenset(), records=[record])
        assert (await school.sync(delta))["counts"]["pupils_deactivated"] == 1
        assert not school.held.pupils[gone].active

    async def test_more_than_a_fifth_gone_holds_the_whole_run(self, school: SchoolInTest) -> None:
        """R18: nothing of it is applied, and nothing of it is lost."""
        group = await settle(school)
        asked = len(school.held.asked)
        for mis_id in ("P0", "P1", "P2"):
            leave(school, mis_id)
        school.mis.pupil("JOINER", "G")
        run = await school.sync(school.mis.snapshot(TOMORROW))
        assert run["state"] == "held"
        assert "3 of the 10 mapped pupils would be gone" in run["reason"]
        assert await school.link_state() == "held"
        assert [d["kind"] for d in await school.differences()] == ["held_run"]
        assert len(school.held.asked) == asked
        kept = await school.world.rows(
            "SELECT 1 FROM snapshot_chunks WHERE school_id = $1", school.id
        )
        assert kept
        for mis_id in ("P0", "P1", "P2"):
            number = int(mis_id[1])
            school.mis.pupil(mis_id, "G", upn=_upn_of(school, number))
        run = await school.sync(school.mis.snapshot(AFTER))
        assert run["state"] == "closed"
        assert await school.link_state() == "healthy"
        assert await school.differences() == []
        assert len(school.held.members_of(group)) == 11

    async def test_new_ids_for_everybody_are_nobodys_leaving(self, school: SchoolInTest) -> None:
        """A pupil whose UPN is still there is not gone, whatever the MIS calls them now."""
        group = await settle(school)
        school.mis.pupils = {
            f"N{key}": record.model_copy(update={"mis_id": f"N{key}"})
            for key, record in school.mis.pupils.items()
        }
        school.mis.memberships = {(f"N{pupil}", "G") for pupil, _ in school.mis.memberships}
        await school.sync(school.mis.snapshot(TODAY + timedelta(minutes=1)))
        run = await school.sync(school.mis.snapshot(TOMORROW))
        assert set(run["counts"].values()) == {0}
        assert len(school.held.pupils) == len(school.held.members_of(group)) == 10


def _upn_of(school: SchoolInTest, serial: int) -> str:
    found = [p.upn for p in school.held.pupils.values() if p.legal_surname == f"PatelP{serial}"]
    assert found[0] is not None
    return found[0]


class TestLinks:
    async def test_what_the_mis_gave_and_no_longer_has_goes(self, school: SchoolInTest) -> None:
        group = await settle(school)
        school.mis.memberships.remove(("P1", "G"))
        school.mis.teachings.clear()
        run = await school.sync(school.mis.snapshot(TOMORROW))
        assert run["counts"]["links_removed"] == 2
        assert len(school.held.members_of(group)) == 9
        assert school.held.teachers_of(group) == set()

    async def test_what_was_set_by_hand_is_left_and_not_proposed_again(
        self, school: SchoolInTest
    ) -> None:
        """R13: an unlink by hand, and a link by hand that the MIS does not have."""
        group = await settle(school)
        gone = next(iter(school.held.members_of(group)))
        before = school.held.links[LinkKind.MEMBER, group, gone]
        await school.world.owners.keep_link(
            school.id,
            before.model_copy(
                update={
                    "version": 2,
                    "present": False,
                    "override": True,
                    "origin": Origin.HAND,
                }
            ),
        )
        added = LinkState(
            kind=LinkKind.TEACHER,
            group_id=group,
            person_id=UUID(int=7),
            version=1,
            present=True,
            origin=Origin.HAND,
            override=True,
        )
        await school.world.owners.keep_link(school.id, added)
        query = "SELECT 1 FROM own_links WHERE school_id = $1 AND override"
        await school.hears(lambda rows: len(rows) == 2, query)
        run = await school.sync(school.mis.snapshot(TOMORROW))
        assert set(run["counts"].values()) == {0}

    async def test_staff_who_are_gone_lose_their_links_and_are_listed(
        self, school: SchoolInTest
    ) -> None:
        """R18: the sync never makes users inactive."""
        group = await settle(school)
        school.mis.staff.clear()
        school.mis.teachings.clear()
        await school.sync(school.mis.snapshot(TODAY + timedelta(minutes=1)))
        await school.sync(school.mis.snapshot(TOMORROW))
        assert school.held.teachers_of(group) == set()
        assert all(user.active for user in school.held.users.values())
        assert [each["reason_code"] for each in await school.not_here()] == ["staff_gone"]

    async def test_a_class_with_another_id_and_the_same_name_is_the_same_class(
        self, school: SchoolInTest
    ) -> None:
        group = await settle(school)
        school.mis.groups.clear()
        school.mis.group("G2", "3 Blue")
        school.mis.memberships = {(pupil, "G2") for pupil, _ in school.mis.memberships}
        school.mis.teachings = {("T", "G2")}
        run = await school.sync(school.mis.snapshot(TODAY + timedelta(minutes=1)))
        assert set(run["counts"].values()) == {0}
        assert len(school.held.members_of(group)) == 10


class TestUpns:
    async def test_a_change_without_proof_is_asked_and_a_person_can_accept_it(
        self, school: SchoolInTest
    ) -> None:
        """R18, R19."""
        await settle(school)
        school.mis.pupils["P0"] = school.mis.pupils["P0"].model_copy(update={"upn": upn(99)})
        await school.sync(school.mis.snapshot(TOMORROW))
        (difference,) = await school.differences()
        assert difference["kind"] == "pupil_upn_changed"
        assert difference["suggestion"]["label"] == "Maya PatelP0"
        await school.decide(decision(difference, "map"))
        assert await school.differences() == []
        assert upn(99) in {pupil.upn for pupil in school.held.pupils.values()}
        assert len(school.held.pupils) == 10


class TestAnotherServer:
    async def test_holds_until_the_link_is_reinstated_and_then_makes_nobody_twice(
        self, school: SchoolInTest
    ) -> None:
        """R21: the new server has new ids for everything."""
        school.mis.instance_id = "server-1"
        group = await settle(school)
        asked = len(school.held.asked)
        mis = school.mis
        mis.instance_id = "server-2"
        mis.pupils = {
            f"N{key}": record.model_copy(update={"mis_id": f"N{key}"})
            for key, record in mis.pupils.items()
        }
        mis.staff = {"NT": mis.staff["T"].model_copy(update={"mis_id": "NT"})}
        mis.groups = {"NG": mis.groups["G"].model_copy(update={"mis_id": "NG"})}
        mis.memberships = {(f"N{pupil}", "NG") for pupil, _ in mis.memberships}
        mis.teachings = {("NT", "NG")}
        assert (await school.sync(mis.snapshot(TOMORROW)))["state"] == "held"
        assert await school.link_state() == "server_changed"
        assert len(school.held.asked) == asked
        await school.link()
        assert await school.link_state() == "waiting"
        run = await school.sync(mis.snapshot(AFTER))
        assert run["state"] == "closed"
        assert await school.link_state() == "healthy"
        assert await school.differences() == []
        assert set(run["counts"].values()) == {0}
        assert len(school.held.pupils) == 10
        assert len(school.held.users) == 1
        assert len(school.held.members_of(group)) == 10


class TestAnotherYear:
    async def test_only_details_of_mapped_pupils_flow(self, school: SchoolInTest) -> None:
        """R22: between the roll-up and the MIS's own change of year."""
        group = await settle(school)
        year = SchoolYearChanged(version=2, academic_year="2027/28")
        await school.world.owners.say(school.id, year)
        await school.hears(
            bool, "SELECT 1 FROM own_schools WHERE school_id = $1 AND academic_year = '2027/28'"
        )
        asked = len(school.held.proposals(PupilsApproved))
        leave(school, "P3")
        school.mis.memberships.clear()
        school.mis.pupils["P0"] = school.mis.pupils["P0"].model_copy(
            update={"preferred_forename": "May", "year_group": YearGroup.Y4}
        )
        school.mis.pupil("JOINER", "G")
        run = await school.sync(school.mis.snapshot(TOMORROW))
        await school.sync(school.mis.snapshot(AFTER))
        assert run["state"] == "closed"
        assert "another academic year" in run["reason"]
        (proposal,) = school.held.proposals(PupilsApproved)[asked:]
        assert proposal.action is ProposalAction.UPDATE
        assert proposal.details.preferred_forename == "May"
        assert proposal.details.year_group is None
        assert len(school.held.members_of(group)) == 10
        listed = [each["reason_code"] for each in await school.not_here()]
        assert listed == ["pupil_other_year"]
        school.mis.academic_year = "2027/28"
        run = await school.sync(school.mis.snapshot(AFTER + timedelta(hours=1)))
        assert run["counts"]["pupils_created"] == 1
        assert run["counts"]["pupils_updated"] == 1
