"""Year groups and academic years at their edges: 31 August, 1 September, 29 February."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.school.academic_year import (
    academic_year_of,
    first_day_of,
    next_academic_year,
    school_day,
    start_year,
)
from shared.school.year_groups import (
    YEAR_GROUP_ORDER,
    next_year_group,
    year_group_label,
    year_group_of_birth,
    year_group_of_class_name,
    year_groups_between,
)


class TestAcademicYear:
    @pytest.mark.parametrize(
        ("day", "expected"),
        [
            (date(2026, 8, 31), "2025/26"),
            (date(2026, 9, 1), "2026/27"),
            (date(2027, 1, 1), "2026/27"),
            (date(2028, 2, 29), "2027/28"),
            (date(2099, 9, 1), "2099/00"),
        ],
    )
    def test_changes_on_the_first_of_september(self, day: date, expected: str) -> None:
        assert academic_year_of(day) == expected

    @given(st.dates(date(2000, 9, 1), date(2099, 8, 31)))
    def test_a_day_lies_in_its_year(self, day: date) -> None:
        year = academic_year_of(day)
        assert first_day_of(year) <= day < first_day_of(next_academic_year(year))

    @pytest.mark.parametrize("name", ["2026", "2026/28", "26/27", "2026-27", "", "2026/27 "])
    def test_what_names_no_year_is_refused(self, name: str) -> None:
        with pytest.raises(ValueError, match="academic year"):
            start_year(name)

    def test_the_schools_day_is_londons(self) -> None:
        assert school_day(datetime(2026, 8, 31, 23, 30, tzinfo=UTC)) == date(2026, 9, 1)
        assert school_day(datetime(2026, 12, 31, 23, 30, tzinfo=UTC)) == date(2026, 12, 31)


class TestYearGroupOfBirth:
    @pytest.mark.parametrize(
        ("born", "expected"),
        [
            (date(2021, 9, 1), "R"),
            (date(2021, 8, 31), "1"),
            (date(2022, 8, 31), "R"),
            (date(2022, 9, 1), "N2"),
            (date(2023, 8, 31), "N2"),
            (date(2023, 9, 1), "N1"),
            (date(2024, 8, 31), "N1"),
            (date(2024, 9, 1), None),
            (date(2020, 2, 29), "2"),
            (date(2008, 9, 1), "13"),
            (date(2008, 8, 31), None),
        ],
    )
    def test_in_2026_27(self, born: date, expected: str | None) -> None:
        assert year_group_of_birth(born, "2026/27") == expected

    @given(st.dates(date(2010, 9, 1), date(2022, 8, 31)))
    def test_a_year_later_it_is_the_next(self, born: date) -> None:
        now = year_group_of_birth(born, "2026/27")
        assert now is not None
        assert year_group_of_birth(born, "2027/28") == next_year_group(now)


class TestOrder:
    def test_runs_from_nursery_to_thirteen(self) -> None:
        assert YEAR_GROUP_ORDER[:4] == ("N1", "N2", "R", "1")
        assert (next_year_group("R"), next_year_group("13")) == ("1", None)

    def test_a_primary_school(self) -> None:
        assert year_groups_between("R", "6") == ("R", "1", "2", "3", "4", "5", "6")
        with pytest.raises(ValueError, match="comes after"):
            year_groups_between("6", "R")

    def test_labels(self) -> None:
        assert [year_group_label(y) for y in ("N2", "R", "3")] == [
            "Nursery 2",
            "Reception",
            "Year 3",
        ]


class TestYearGroupOfClassName:
    @pytest.mark.parametrize(
        ("name", "expected"),
        [
            ("3 Blue", "3"),
            ("3B", "3"),
            ("3-B", "3"),
            ("Y3 Ash", "3"),
            ("Year 3 Oak", "3"),
            ("Oak (Year 3)", "3"),
            ("Maths Year 5 Set 1", "5"),
            ("10A", "10"),
            ("Reception Acorn", "R"),
            ("RB", "R"),
            ("YR Acorn", "R"),
            ("Nursery 2", "N2"),
        ],
    )
    def test_tells_of_one_year(self, name: str, expected: str) -> None:
        assert year_group_of_class_name(name) == expected

    @pytest.mark.parametrize(
        "name",
        ["3/4 Oak", "3-4 Oak", "Y3/4", "Year 3 and 4", "R/1 Ash", "Reception/Year 1", "1, 2 Oak"],
    )
    def test_a_joint_class_tells_of_none(self, name: str) -> None:
        assert year_group_of_class_name(name) is None

    @pytest.mark.parametrize(
        "name",
        ["Oak", "Red", "Robins", "Class 3", "Set 3", "34 Oak", "2026 leavers", "3rd set", ""],
    )
    def test_other_names_tell_of_none(self, name: str) -> None:
        assert year_group_of_class_name(name) is None

    @given(st.text(max_size=60))
    def test_any_name_gets_an_answer(self, name: str) -> None:
        assert year_group_of_class_name(name) in (None, *YEAR_GROUP_ORDER)
