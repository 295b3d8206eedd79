"""Answers: refusals become differences, stale ones are compared again, a crash loses nothing."""

from __future__ import annotations

from services.mis_sync.republish import republish
from shared.contracts.mis_sync import PupilsApproved
from shared.contracts.vocabulary import Sex
from shared.database.pool import Database
from tests.eventually import eventually
from tests.mis_sync.mis import upn
from tests.mis_sync.world import SchoolInTest, decision


class TestRefused:
    async def test_becomes_a_difference_with_its_reason_and_is_not_tried_every_time(
        self, school: SchoolInTest
    ) -> None:
        """R18: anything that roster or identity refused to apply."""
        school.mis.pupil("P1", upn=upn(1))
        school.mis.pupil("P2", upn=upn(2))
        school.held.refused_upns[upn(1)] = ("Another pupil of the school has this UPN.", None)
        await school.sync()
        (difference,) = await school.differences()
        assert difference["kind"] == "refused_pupil"
        assert difference["label"] == "Maya PatelP1"
        assert difference["reason"] == "Another pupil of the school has this UPN."
        assert len(school.held.pupils) == 1
        run = await school.sync()
        assert set(run["counts"].values()) == {0}
        assert await school.differences() == [difference]

    async def test_is_tried_again_when_a_person_says_so_and_then_is_gone(
        self, school: SchoolInTest
    ) -> None:
        school.mis.pupil("P1", upn=upn(1))
        school.held.refused_upns[upn(1)] = ("Not now.", None)
        await school.sync()
        (difference,) = await school.differences()
        first = school.held.proposals(PupilsApproved)[0].pupil_id
        school.held.refused_upns.clear()
        await school.decide(decision(difference, "create"))
        assert await school.differences() == []
        assert list(school.held.pupils) == [first]

    async def test_is_tried_again_when_what_stood_in_the_way_has_changed(
        self, school: SchoolInTest
    ) -> None:
        school.mis.pupil("P1", upn=upn(1))
        school.mis.pupil("P2", upn=upn(2))
        await school.sync()
        other = next(p for p in school.held.pupils.values() if p.upn == upn(2))
        school.mis.pupil("P3", upn=upn(3))
        school.held.refused_upns[upn(3)] = ("Somebody has it.", other.id)
        await school.sync()
        (difference,) = await school.differences()
        assert difference["suggestion"]["id"] == str(other.id)
        school.held.refused_upns.clear()
        assert set((await school.sync())["counts"].values()) == {0}
        changed = other.model_copy(update={"version": other.version + 1, "middle_names": "Ann"})
        await school.world.owners.keep_pupil(school.id, changed)
        await school.hears(bool, "SELECT 1 FROM own_pupils WHERE school_id = $1 AND version > 1")
        run = await school.sync()
        assert run["counts"]["pupils_created"] == 1
        assert await school.differences() == []

    async def test_a_users_email_that_is_taken_is_a_difference(self, school: SchoolInTest) -> None:
        """R8: one that nobody could know of when it was proposed."""
        school.mis.group("G", "3 Blue")
        school.mis.teacher("T1", "G")
        await school.sync()
        (group,) = await school.differences()
        school.held.answering.clear()
        await school.decide(decision(group, "create"), wait=False)

        async def applying() -> list[str]:
            return [run["state"] for run in await school.runs()]

        await eventually(applying, lambda states: "applying" in states)
        proposed = await school.world.rows(
            "SELECT record_id FROM mapping WHERE school_id = $1 AND kind = 'staff'", school.id
        )
        school.held.refusals[proposed[0]["record_id"]] = ("The address is taken.", None)
        school.held.answering.set()
        await school.rest()
        (difference,) = await school.differences()
        assert difference["kind"] == "refused_staff"
        assert difference["reason"] == "The address is taken."


class TestStale:
    async def test_is_compared_again_until_it_is_applied(self, school: SchoolInTest) -> None:
        school.mis.pupil("P1")
        await school.sync()
        (pupil_id,) = school.held.pupils
        school.held.stale[pupil_id] = 2
        school.mis.pupils["P1"] = school.mis.pupils["P1"].model_copy(update={"sex": Sex.MALE})
        await school.sync()
        runs = await school.rest()
        assert [run["cause"] for run in runs[:3]] == ["stale", "stale", "snapshot"]
        assert school.held.pupils[pupil_id].sex == "M"
        assert await school.differences() == []

    async def test_is_a_difference_after_the_third_time(self, school: SchoolInTest) -> None:
        school.mis.pupil("P1")
        await school.sync()
        (pupil_id,) = school.held.pupils
        school.held.stale[pupil_id] = 9
        school.mis.pupils["P1"] = school.mis.pupils["P1"].model_copy(update={"sex": Sex.MALE})
        await school.sync()
        runs = await school.rest()
        assert sum(run["cause"] == "stale" for run in runs) == 2
        (difference,) = await school.differences()
        assert difference["kind"] == "refused_pupil"


class TestNothingIsLost:
    async def test_an_answer_that_comes_twice_counts_once(self, school: SchoolInTest) -> None:
        school.mis.pupil("P1")
        await school.sync()
        answer = school.held.said[-1]
        await school.world.owners.say(school.id, answer, answer)
        run = await school.sync()
        assert set(run["counts"].values()) == {0}
        first = (await school.runs())[1]
        assert first["counts"]["pupils_applied"] == 1

    async def test_proposals_that_were_lost_can_be_said_again(self, school: SchoolInTest) -> None:
        """As after the loss of a broker: `classroom republish mis_sync`."""
        held = school.world.owners.schools.pop(school.id)
        school.mis.pupil("P1")
        snapshot_id = await school.push()

        async def lost() -> tuple[int, int]:
            """Batches that wait for an answer, and those that came to nobody."""
            rows = await school.world.rows(
                "SELECT 1 FROM run_batches WHERE school_id = $1 AND answered_at IS NULL", school.id
            )
            return len(rows), sum(of == school.id for of, _ in school.world.owners.lost)

        await eventually(lost, lambda now: now[0] == now[1] > 0)
        school.world.owners.schools[school.id] = held
        database = Database(school.world.service_dsn, name="test", max_size=1)
        await database.open()
        try:
            assert await republish(database, [school.id]) == 2
        finally:
            await database.close()
        assert (await school.run_of(snapshot_id))["state"] == "closed"
        assert len(held.pupils) == 1
