"""From the link to mapped classes: the main job, as it flows (R15–R20)."""

from __future__ import annotations

import re

from shared.contracts.mis_sync import PupilsApproved, StaffApproved
from shared.security.principals import Kind
from tests.mis_sync.world import SchoolInTest, decision


def fill(school: SchoolInTest) -> None:
    school.mis.group("G3B", "3 Blue")
    school.mis.group("G4R", "4 Red")
    for serial in range(6):
        school.mis.pupil(f"P{serial}", "G3B" if serial < 4 else "G4R")
    school.mis.pupil("NOUPN", "G3B", upn=None)
    school.mis.teacher("T1", "G3B")
    school.mis.teacher("T2", "G4R")
    school.mis.teacher("T3")


class TestTheFirstSnapshot:
    async def test_brings_in_pupils_with_a_upn_and_asks_about_the_groups(
        self, school: SchoolInTest
    ) -> None:
        """R18: new pupils are certain, unmapped groups are not."""
        fill(school)
        run = await school.sync()
        assert run["state"] == "closed"
        assert run["counts"]["pupils_created"] == 6
        assert run["counts"]["pupils_applied"] == 6
        assert len(school.held.pupils) == 6
        assert {pupil.year_group for pupil in school.held.pupils.values()} == {"3"}
        assert not school.held.groups
        assert not school.held.users
        differences = await school.differences()
        assert {d["kind"] for d in differences} == {"group_unmapped"}
        assert {d["label"] for d in differences} == {"3 Blue", "4 Red"}
        assert await school.link_state() == "healthy"
        summary = await school.get("/summary")
        assert summary["differences"] == 2

    async def test_lists_who_is_in_the_mis_and_not_here_with_the_reason(
        self, school: SchoolInTest
    ) -> None:
        """R11, R20."""
        fill(school)
        await school.sync()
        listed = {each["label"]: each["reason_code"] for each in await school.not_here()}
        assert listed == {
            "Maya PatelNOUPN": "pupil_without_upn",
            "Tom ReidT1": "staff_class_unmapped",
            "Tom ReidT2": "staff_class_unmapped",
            "Tom ReidT3": "staff_without_class",
        }

    async def test_the_set_up_guide_counts_each_step_as_it_is_done(
        self, school: SchoolInTest
    ) -> None:
        """R28."""
        begun = await school.get("/set-up")
        assert begun == {
            "link_state": "waiting",
            "connector_heard": False,
            "snapshot_applied": False,
            "differences": 0,
            "pupils_not_here": 0,
        }
        fill(school)
        await school.sync()
        synced = {
            "link_state": "healthy",
            "connector_heard": True,
            "snapshot_applied": True,
            "differences": 2,
            "pupils_not_here": 1,
        }
        assert await school.get("/set-up") == synced
        await school.create_all()
        assert await school.get("/set-up") == {**synced, "differences": 0}
        for kind in (Kind.USER, Kind.PARENT):
            refused = await school.ask("GET", "/set-up", kind=kind)
            assert refused.status_code == 403

    async def test_tells_how_long_each_stage_took(self, school: SchoolInTest) -> None:
        fill(school)
        run = await school.sync()
        assert all(isinstance(ms, int) for ms in run["timings_ms"].values())
        assert run["progress"]["batches_answered"] == run["progress"]["batches"] == 1


class TestMappingTheGroups:
    async def test_makes_groups_users_members_and_links(self, school: SchoolInTest) -> None:
        """R19, R20."""
        fill(school)
        await school.sync()
        saved = await school.create_all()
        assert saved["run_id"]
        assert saved["counts"] == {"created": 2}
        held = school.held
        groups = {group.name: group.id for group in held.groups.values()}
        assert set(groups) == {"3 Blue", "4 Red"}
        assert len(held.members_of(groups["3 Blue"])) == 4
        assert len(held.members_of(groups["4 Red"])) == 2
        teachers = {held.users[user].surname for user in held.teachers_of(groups["3 Blue"])}
        assert teachers == {"ReidT1"}
        assert len(held.users) == 2
        assert (await school.get("/summary"))["differences"] == 0
        assert [each["label"] for each in await school.not_here()] == [
            "Maya PatelNOUPN",
            "Tom ReidT3",
        ]

    async def test_proposes_staff_in_the_order_of_their_mis_ids(self, school: SchoolInTest) -> None:
        """R20: usernames are made in that order."""
        school.mis.group("G", "3 Blue")
        for mis_id in ("T3", "T1", "T2"):
            school.mis.teacher(mis_id, "G", surname="Smith")
        await school.sync()
        await school.create_all()
        assert [p.mis_id for p in school.held.proposals(StaffApproved)] == ["T1", "T2", "T3"]

    async def test_the_preview_counts_what_saving_then_does_and_changes_nothing(
        self, school: SchoolInTest
    ) -> None:
        fill(school)
        await school.sync()
        found = await school.differences()
        decisions = [decision(each, "create") for each in found]
        before = (len(school.held.asked), await school.differences())
        response = await school.ask("POST", "/mapping/preview", json={"decisions": decisions})
        expected = {
            "creates_users": 2,
            "creates_groups": 2,
            "creates_pupils": 0,
            "links_groups": 2,
            "links_users": 2,
            "links_pupils": 6,
            "removes_links": 0,
            "ignores": 0,
            "not_possible": 0,
        }
        assert {name: response.json()[name] for name in expected} == expected
        assert (len(school.held.asked), await school.differences()) == before
        assert not school.held.groups

    async def test_maps_to_a_group_that_is_here(self, school: SchoolInTest) -> None:
        fill(school)
        own = await school.world.owners.keep_group(school.id, "Kingfishers", None)
        await school.sync()
        blue, red = await school.differences()
        await school.decide(decision(blue, "map", own.id), decision(red, "ignore"))
        assert len(school.held.members_of(own.id)) == 4
        assert len(school.held.groups) == 1
        assert len(school.held.users) == 1

    async def test_a_group_of_the_same_name_and_year_is_mapped_by_itself(
        self, school: SchoolInTest
    ) -> None:
        """R17."""
        fill(school)
        own = await school.world.owners.keep_group(school.id, "3 BLUE", "3")
        await school.hears(bool, "SELECT 1 FROM own_groups WHERE school_id = $1")
        await school.sync()
        assert [d["label"] for d in await school.differences()] == ["4 Red"]
        assert len(school.held.members_of(own.id)) == 4
        assert len(school.held.users) == 1


class TestTheSameAgain:
    async def test_changes_nothing_and_says_nothing(self, school: SchoolInTest) -> None:
        """The same export as a new snapshot: no proposal, no event, all counts 0."""
        fill(school)
        await school.sync()
        await school.create_all()
        said, asked = len(school.held.said), len(school.held.asked)
        differences = await school.differences()
        run = await school.sync()
        assert run["state"] == "closed"
        assert set(run["counts"].values()) == {0}
        assert (len(school.held.said), len(school.held.asked)) == (said, asked)
        assert await school.differences() == differences

    async def test_a_change_of_one_pupil_proposes_one_pupil(self, school: SchoolInTest) -> None:
        fill(school)
        await school.sync()
        asked = len(school.held.proposals(PupilsApproved))
        school.mis.pupils["P0"] = school.mis.pupils["P0"].model_copy(
            update={"preferred_forename": "May"}
        )
        run = await school.sync()
        assert run["counts"]["pupils_updated"] == 1
        (proposal,) = school.held.proposals(PupilsApproved)[asked:]
        assert proposal.details.preferred_forename == "May"
        assert proposal.details.legal_forename is None


class TestWhoMayAsk:
    async def test_only_the_schools_admin(self, school: SchoolInTest) -> None:
        for kind in (Kind.USER, Kind.PARENT):
            assert (await school.ask("GET", "/differences", kind=kind)).status_code == 403
            assert (await school.ask("POST", "/link", kind=kind)).status_code == 403
        assert (await school.world.client.get("/link")).status_code == 401

    async def test_nothing_of_another_school(self, school: SchoolInTest) -> None:
        fill(school)
        await school.sync()
        other = await school.world.new_school("Another")
        assert await other.differences() == []
        (first, *_) = await school.differences()
        saved = await other.decide(decision(first, "ignore"))
        assert saved["results"][0]["outcome"] == "not_found"

    async def test_the_password_is_in_the_answer_and_nowhere_else(
        self, school: SchoolInTest
    ) -> None:
        """R15: neither in our database nor in an event."""
        assert school.credentials is not None
        secret = school.credentials.password.get_secret_value()
        for table in ("connectors", "outbox", "connector_registry"):
            query = f"SELECT t::text AS line FROM {table} t"  # noqa: S608 - names above
            rows = await school.world.rows(query)
            assert not any(secret in row["line"] for row in rows)
        assert re.fullmatch(r"c_[0-9a-f]{32}", school.credentials.username)
