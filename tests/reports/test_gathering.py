"""What reports are made of, from a real database: the school's own and no other's (R27)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from uuid import UUID, uuid4

import pytest

from services.reports.documents.gathering import Facts
from services.reports.documents.repository import gather
from shared.database.pool import Database
from tests.reports.test_templates import a_class
from tests.roster.door import Door, SchoolInTest


@pytest.fixture
async def database(reports: Door) -> AsyncIterator[Database]:
    opened = Database(reports.service_dsn, name="gathering", max_size=1)
    await opened.open()
    yield opened
    await opened.close()


@pytest.fixture
def school(reports: Door) -> SchoolInTest:
    return SchoolInTest(reports)


async def facts_of(
    database: Database, school_id: UUID, term_id: UUID, *pupils: UUID
) -> Facts | None:
    async with database.transaction(school_id) as connection:
        return await gather(connection, term_id, pupils)


async def mark(
    school: SchoolInTest, pupil_id: UUID, term_id: UUID, subject_id: UUID, band_id: UUID
) -> None:
    await school.door.rows(
        "INSERT INTO marks (school_id, pupil_id, subject_id, term_id, version, band_id, effort, "
        "comment, year_group, recorded_at, recorded_by) "
        "VALUES ($1, $2, $3, $4, 1, $5, 'good', 'Reads well', '3', now(), $2)",
        school.id,
        pupil_id,
        subject_id,
        term_id,
        band_id,
    )


async def test_are_the_pupils_own_marks_of_the_term_and_of_those_before_it(
    database: Database, school: SchoolInTest
) -> None:
    pupil_id, other_id = await a_class(school), uuid4()
    settings = await school.get("/settings")
    autumn, spring, summer = (UUID(term["id"]) for term in settings["terms"]["terms"])
    english = UUID(settings["subjects"]["subjects"][0]["id"])
    band = UUID(settings["scale"]["bands"][2]["id"])
    for who, term in ((pupil_id, autumn), (pupil_id, spring), (pupil_id, summer),
                      (other_id, spring)):  # fmt: skip
        await mark(school, who, term, english, band)
    await school.door.rows(
        "INSERT INTO general_comments (school_id, pupil_id, term_id, kind, version, comment, "
        "recorded_at, recorded_by) VALUES "
        "($1, $2, $3, 'head_teacher', 1, 'Well done', now(), $2), "
        "($1, $2, $4, 'class_teacher', 1, 'Last term', now(), $2)",
        school.id,
        pupil_id,
        spring,
        autumn,
    )
    facts = await facts_of(database, school.id, spring, pupil_id, uuid4())
    assert facts is not None
    assert (facts.school.name, facts.school.logo) == ("Heron Park Primary School", None)
    assert (facts.school.term.name, facts.school.academic_year) == ("Spring", "2026/27")
    assert [term.name for term in facts.school.earlier_terms] == ["Autumn"]
    [pupil] = facts.pupils
    assert (pupil.name, pupil.sex, pupil.year_group) == ("Noor Shah", "F", "3")
    assert (pupil.class_name, pupil.class_teachers) == ("3 Blue", ("Ms Okafor",))
    assert set(pupil.marks) == {autumn, spring}, "the summer is yet to come"
    read = pupil.marks[spring][english]
    assert (read.band_id, read.effort, read.comment) == (band, "good", "Reads well")
    assert pupil.comments == {"head_teacher": "Well done"}


async def test_is_nothing_of_another_school(
    database: Database, reports: Door, school: SchoolInTest
) -> None:
    pupil_id = await a_class(school)
    term_id = UUID((await school.get("/settings"))["terms"]["terms"][0]["id"])
    other = SchoolInTest(reports)
    own_term = UUID((await other.get("/settings"))["terms"]["terms"][0]["id"])
    assert await facts_of(database, other.id, term_id, pupil_id) is None
    facts = await facts_of(database, other.id, own_term, pupil_id)
    assert facts is not None
    assert facts.pupils == []
