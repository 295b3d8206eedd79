"""What the MIS does not tell of says nothing: in a delta, in a new year, after another server
(R17, R18, R21, R22). Each was found by `together/test_a_schools_year.py`."""

from __future__ import annotations

from datetime import timedelta

from shared.contracts.mis import MembershipRecord
from shared.contracts.roster import SchoolYearChanged
from shared.contracts.vocabulary import LinkKind, YearGroup
from tests.mis_sync.test_later_snapshots import AFTER, TODAY, TOMORROW, leave, settle
from tests.mis_sync.world import SchoolInTest, decision


async def the_year_begins(school: SchoolInTest) -> None:
    """Everybody goes up, as at the roll-up."""
    for pupil in [*school.held.pupils.values()]:
        up = pupil.model_copy(update={"version": pupil.version + 1, "year_group": YearGroup.Y4})
        await school.world.owners.keep_pupil(school.id, up)
    year = SchoolYearChanged(version=2, academic_year="2027/28")
    await school.world.owners.say(school.id, year)
    await school.hears(
        bool, "SELECT 1 FROM own_schools WHERE school_id = $1 AND academic_year = '2027/28'"
    )
    await school.hears(
        lambda rows: len(rows) == 10,
        "SELECT 1 FROM own_pupils WHERE school_id = $1 AND year_group = '4'",
    )


async def in_year_three(school: SchoolInTest) -> None:
    school.mis.pupils = {
        mis_id: record.model_copy(update={"year_group": YearGroup.Y3})
        for mis_id, record in school.mis.pupils.items()
    }
    await school.sync(school.mis.snapshot(TODAY + timedelta(minutes=1)))


class TestAnotherIdAtOnce:
    async def test_in_a_delta_is_nobodys_leaving(self, school: SchoolInTest) -> None:
        group = await settle(school)
        before = school.mis.pupils["P3"]
        gone = before.model_copy(update={"removed": True})
        comes = before.model_copy(update={"mis_id": "N3"})
        there = MembershipRecord(pupil_mis_id="N3", group_mis_id="G")
        delta = school.mis.snapshot(TOMORROW, complete=frozenset(), records=[gone, comes, there])
        run = await school.sync(delta)
        assert set(run["counts"].values()) == {0}
        assert all(pupil.active for pupil in school.held.pupils.values())
        assert len(school.held.members_of(group)) == 10

    async def test_on_the_day_after_is_nobodys_leaving(self, school: SchoolInTest) -> None:
        await settle(school)
        record = school.mis.pupils["P3"]
        leave(school, "P3")
        await school.sync(school.mis.snapshot(TODAY + timedelta(minutes=1)))
        school.mis.pupils["N3"] = record.model_copy(update={"mis_id": "N3"})
        school.mis.memberships.add(("N3", "G"))
        run = await school.sync(school.mis.snapshot(TOMORROW))
        assert run["counts"]["pupils_deactivated"] == 0
        assert all(pupil.active for pupil in school.held.pupils.values())


class TestTheTurnOfTheYear:
    async def test_a_delta_of_the_new_year_moves_nobody_back(self, school: SchoolInTest) -> None:
        """What was said of year groups and of who is where, was said of the year before."""
        group = await settle(school)
        await in_year_three(school)
        await the_year_begins(school)
        link = next(link for link in school.held.links.values() if link.kind is LinkKind.MEMBER)
        ended = link.model_copy(update={"version": link.version + 1, "present": False})
        await school.world.owners.keep_link(school.id, ended)
        await school.hears(bool, "SELECT 1 FROM own_links WHERE school_id = $1 AND NOT present")
        school.mis.academic_year = "2027/28"
        changed = school.mis.pupils["P0"].model_copy(
            update={"preferred_forename": "May", "year_group": None}
        )
        delta = school.mis.snapshot(TOMORROW, complete=frozenset(), records=[changed])
        run = await school.sync(delta)
        assert {name: count for name, count in run["counts"].items() if count} == {
            "pupils_updated": 1,
            "pupils_applied": 1,
        }
        assert {p.year_group for p in school.held.pupils.values()} == {YearGroup.Y4}
        assert len(school.held.members_of(group)) == 9
        school.mis.pupils = {
            mis_id: record.model_copy(update={"year_group": YearGroup.Y4})
            for mis_id, record in school.mis.pupils.items()
        }
        school.mis.memberships.remove(("P1", "G"))
        run = await school.sync(school.mis.snapshot(AFTER))
        assert len(school.held.members_of(group)) == 9
        assert run["counts"]["links_removed"] >= 1

    async def test_a_decision_before_the_first_snapshot_moves_nobody_back(
        self, school: SchoolInTest
    ) -> None:
        """The MIS was early: its last snapshot was of the year that has only begun here since."""
        await settle(school)
        await in_year_three(school)
        school.mis.group("NEW", "Choir")
        await school.sync(school.mis.snapshot(TODAY + timedelta(minutes=2)))
        school.mis.academic_year = "2027/28"
        await school.sync(school.mis.snapshot(TOMORROW))
        await the_year_begins(school)
        asked = len(school.held.asked)
        (choir,) = await school.differences()
        await school.decide(decision(choir, "create"))
        assert len(school.held.asked) == asked
        await school.sync(school.mis.snapshot(AFTER))
        assert "Choir" in {group.name for group in school.held.groups.values()}


class TestAfterAnotherServer:
    async def test_a_snapshot_of_pupils_only_takes_no_link_away(self, school: SchoolInTest) -> None:
        school.mis.instance_id = "server-1"
        group = await settle(school)
        school.mis.instance_id = "server-2"
        await school.link()
        delta = school.mis.snapshot(
            TOMORROW, complete=frozenset(), records=list(school.mis.pupils.values())
        )
        run = await school.sync(delta)
        assert run["state"] == "closed"
        assert set(run["counts"].values()) == {0}
        assert len(school.held.members_of(group)) == 10
