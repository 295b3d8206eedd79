"""A snapshot that tells nearly all as it was (R17): nothing of that is written or locked."""

from __future__ import annotations

from tests.mis_sync.world import SchoolInTest


async def row_versions(school: SchoolInTest) -> dict[tuple[str, str], tuple[str, str]]:
    """PostgreSQL's own: who wrote each row last, and who locked it since."""
    rows = await school.world.rows(
        "SELECT kind, mis_id, xmin::text, xmax::text FROM mis_records WHERE school_id = $1 "
        "UNION ALL SELECT kind, group_mis_id || person_mis_id, xmin::text, xmax::text "
        "FROM mis_relations WHERE school_id = $1",
        school.id,
    )
    return {(row["kind"], row["mis_id"]): (row["xmin"], row["xmax"]) for row in rows}


async def test_only_what_changed_is_touched(school: SchoolInTest) -> None:
    school.mis.group("A", "3 Blue")
    school.mis.group("B", "3 Red")
    for serial in range(10):
        school.mis.pupil(f"P{serial}", "A")
    await school.sync()
    before = await row_versions(school)
    school.mis.pupils["P3"] = school.mis.pupils["P3"].model_copy(update={"legal_surname": "Khan"})
    school.mis.memberships.add(("P4", "B"))
    await school.sync()
    after = await row_versions(school)
    changed = {key for key in after if after[key] != before.get(key)}
    assert changed == {("pupil", "P3"), ("member", "BP4")}


async def test_what_is_told_twice_counts_as_it_was_told_last(school: SchoolInTest) -> None:
    """And the same in a run after another, over the same connection."""
    school.mis.group("A", "3 Blue")
    first = school.mis.pupil("P1", "A")
    last = first.model_copy(update={"legal_surname": "Khan"})
    for _ in range(2):
        await school.sync(school.mis.snapshot(records=[first, *school.mis.records(), last]))
        rows = await school.world.rows(
            "SELECT record ->> 'legal_surname' AS name FROM mis_records "
            "WHERE school_id = $1 AND kind = 'pupil'",
            school.id,
        )
        assert [row["name"] for row in rows] == ["Khan"]
