"""The school's academic year: set once, by the calendar, and said aloud (R12)."""

from __future__ import annotations

from datetime import date

import pytest

from shared.contracts.identity import SchoolChanged
from shared.contracts.vocabulary import YearGroup
from shared.school.academic_year import roster_year_of
from tests.roster.door import Door, SchoolInTest, details, user


@pytest.mark.parametrize(
    ("day", "year"),
    [
        (date(2026, 8, 25), "2025/26"),
        (date(2026, 8, 26), "2026/27"),
        (date(2026, 12, 31), "2026/27"),
        (date(2027, 1, 1), "2026/27"),
    ],
)
def test_a_roster_s_year_turns_on_26_august(day: date, year: str) -> None:
    assert roster_year_of(day) == year


class TestFirstHeard:
    async def test_says_its_year_once(self, school: SchoolInTest) -> None:
        await school.is_heard_of()
        (said,) = await school.told("roster.school_year.changed.v1")
        assert said["data"] == {"version": 1, "academic_year": "2026/27"}

    async def test_is_known_by_its_users_before_its_own_details_come(self, door: Door) -> None:
        school = SchoolInTest(door)
        await school.users_are_told(user())
        await school.is_heard_of()
        assert len(await school.told("roster.school_year.changed.v1")) == 1
        assert (await school.get("/summary"))["academic_year"] == "2026/27"

    async def test_is_known_by_its_pupils_before_its_own_details_come(self, door: Door) -> None:
        school = SchoolInTest(door)
        await school.has_pupil(**details().model_dump())
        assert (await school.get("/summary"))["pupils"] == 1

    async def test_older_details_that_come_late_change_nothing(self, school: SchoolInTest) -> None:
        """R29: the admin changed them twice."""

        def named(version: int, name: str, last: YearGroup) -> SchoolChanged:
            return SchoolChanged(
                version=version,
                name=name,
                postcode="NG7 5PN",
                first_year_group=YearGroup.R,
                last_year_group=last,
                contact_email="office@heronpark.example",
            )

        await school.hears(named(3, "Third", YearGroup.Y8))
        await school.hears(named(2, "Second", YearGroup.Y2))
        query = "SELECT name, last_year_group FROM schools WHERE school_id = $1"
        rows = await school.door.rows(query, school.id)
        assert rows == [{"name": "Third", "last_year_group": "8"}]
