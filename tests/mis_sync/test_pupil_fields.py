"""Optional fields of pupils: those that the school keeps come through, and no other (R29)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from shared.contracts.mis_sync import PupilsApproved
from shared.contracts.roster import PupilFieldsChanged
from tests.mis_sync.world import SchoolInTest

SAID = {"ethnicity": "WBRI", "first_language": "ENG", "pupil_premium": True, "in_care": False}


async def keep(school: SchoolInTest, version: int, *fields: str) -> None:
    """roster tells which fields the school keeps."""
    told = PupilFieldsChanged(version=version, kept=frozenset(fields))
    await school.world.owners.say(school.id, told)
    await school.hears(
        bool,
        "SELECT 1 FROM own_schools WHERE school_id = $1 "  # noqa: S608 - a number
        f"AND kept_fields_version = {version}",
    )


def proposed(school: SchoolInTest) -> list[dict[str, Any]]:
    return [
        proposal.details.model_dump(include=set(SAID), exclude_none=True)
        for proposal in school.held.proposals(PupilsApproved)
    ]


async def stored(school: SchoolInTest) -> str:
    rows = await school.world.rows(
        "SELECT record::text AS text FROM mis_records WHERE school_id = $1 "
        "UNION ALL SELECT records::text FROM snapshot_chunks WHERE school_id = $1 "
        "UNION ALL SELECT to_jsonb(p)::text FROM own_pupils p WHERE school_id = $1 "
        "UNION ALL SELECT payload FROM run_batches WHERE school_id = $1 AND payload IS NOT NULL",
        school.id,
    )
    return " ".join(row["text"] for row in rows)


class TestWhatIsKept:
    async def test_nothing_where_the_school_keeps_nothing(self, school: SchoolInTest) -> None:
        school.mis.pupil("P1", **SAID)
        await school.sync()
        assert proposed(school) == [{}]
        assert "WBRI" not in await stored(school)

    async def test_passes_on_and_nothing_of_it_is_copied_back(self, school: SchoolInTest) -> None:
        await keep(school, 1, "ethnicity", "in_care")
        school.mis.pupil("P1", **SAID)
        await school.sync()
        assert proposed(school) == [{"ethnicity": "WBRI", "in_care": False}]
        rows = await school.world.rows(
            "SELECT to_jsonb(p)::text AS text FROM own_pupils p WHERE school_id = $1", school.id
        )
        assert len(rows) == 1
        assert "WBRI" not in rows[0]["text"]
        assert set((await school.sync())["counts"].values()) == {0}

    async def test_a_change_in_the_mis_is_proposed_alone(self, school: SchoolInTest) -> None:
        await keep(school, 1, "ethnicity", "pupil_premium")
        school.mis.pupil("P1", **SAID)
        await school.sync()
        school.mis.pupils["P1"] = school.mis.pupils["P1"].model_copy(update={"ethnicity": "AIND"})
        await school.sync()
        assert proposed(school)[1]["ethnicity"] == "AIND"
        (pupil,) = school.held.pupils.values()
        assert pupil.ethnicity == "AIND"

    async def test_what_was_set_by_hand_is_not_proposed(self, school: SchoolInTest) -> None:
        """R13; and once it is handed back it is."""
        await keep(school, 1, "ethnicity")
        school.mis.pupil("P1", ethnicity="WBRI")
        await school.sync()
        (pupil,) = school.held.pupils.values()
        for version, ethnicity, overrides in ((2, "AIND", ("ethnicity",)), (3, "AIND", ())):
            changed = {"version": version, "ethnicity": ethnicity, "overrides": overrides}
            await school.world.owners.keep_pupil(school.id, pupil.model_copy(update=changed))
            query = f"SELECT 1 FROM own_pupils WHERE school_id = $1 AND version = {version}"  # noqa: S608
            await school.hears(bool, query)
            await school.sync()
            now = school.held.pupils[pupil.id].ethnicity
            assert now == (ethnicity if overrides else "WBRI")

    async def test_in_another_academic_year_they_are_proposed_once(
        self, school: SchoolInTest
    ) -> None:
        """R22: details flow, and the same snapshot again changes nothing."""
        await keep(school, 1, "ethnicity")
        school.mis.pupil("P1", ethnicity="WBRI")
        await school.sync()
        school.mis.academic_year = "2025/26"
        school.mis.pupils["P1"] = school.mis.pupils["P1"].model_copy(update={"ethnicity": "AIND"})
        assert (await school.sync())["counts"]["pupils_updated"] == 1
        assert set((await school.sync())["counts"].values()) == {0}
        assert [pupil.ethnicity for pupil in school.held.pupils.values()] == ["AIND"]


class TestSwitchedOff:
    async def test_is_forgotten_here_and_not_taken_again(self, school: SchoolInTest) -> None:
        await keep(school, 1, "ethnicity", "first_language")
        school.mis.pupil("P1", **SAID)
        await school.sync()
        assert "WBRI" in await stored(school)
        await keep(school, 2, "first_language")
        assert "WBRI" not in await stored(school)
        assert "ENG" in await stored(school)
        run = await school.sync()
        assert "ethnicity" not in proposed(school)[-1]
        assert "WBRI" not in await stored(school)
        assert set((await school.sync())["counts"].values()) == {0}
        assert run["state"] == "closed"
        await keep(school, 3, "ethnicity", "first_language")
        await school.sync()
        assert proposed(school)[-1]["ethnicity"] == "WBRI"

    async def test_even_what_a_held_snapshot_holds(self, school: SchoolInTest) -> None:
        """R18: it is kept whole, as it was staged, but for that."""
        await keep(school, 1, "ethnicity")
        for serial in range(10):
            school.mis.pupil(f"P{serial}", ethnicity="WBRI")
        await school.sync()
        for serial in range(5):
            del school.mis.pupils[f"P{serial}"]
        school.world.clock.ahead += timedelta(days=1)
        held = school.mis.snapshot(school.world.clock())
        await school.sync(held)
        assert (await school.runs())[0]["state"] == "held"
        await keep(school, 2)
        assert "WBRI" not in await stored(school)

    async def test_an_older_word_changes_nothing(self, school: SchoolInTest) -> None:
        await keep(school, 2, "ethnicity")
        school.mis.pupil("P1", ethnicity="WBRI")
        await school.sync()
        await school.world.owners.say(school.id, PupilFieldsChanged(version=1, kept=frozenset()))
        await keep(school, 3, "ethnicity")
        assert "WBRI" in await stored(school)
