"""Year group against date of birth (R13, R22): ages, offsets, and what a roll-up does to them."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.school.academic_year import academic_year_starting, next_academic_year
from shared.school.year_groups import (
    MOST_YEARS_OFF,
    YEAR_GROUP_ORDER,
    next_year_group,
    year_group_disagrees,
    year_group_of_birth,
    years_off,
)

BORN = st.dates(date(1990, 1, 1), date(2040, 12, 31))
YEARS = st.sampled_from(YEAR_GROUP_ORDER)
ACADEMIC_YEARS = st.integers(2010, 2040).map(academic_year_starting)
OFFSETS = st.integers(-MOST_YEARS_OFF, MOST_YEARS_OFF)


@pytest.mark.parametrize(
    ("born", "year_group", "off"),
    [
        (date(2021, 8, 31), "1", 0),
        (date(2021, 9, 1), "R", 0),
        (date(2021, 9, 1), "1", 1),
        (date(2021, 8, 31), "R", -1),
        (date(2020, 2, 29), "2", 0),
        (date(2026, 9, 1), "N1", 3),
        (date(2000, 1, 1), "13", -9),
    ],
)
def test_the_first_of_september_begins_a_year(born: date, year_group: str, off: int) -> None:
    assert years_off(year_group, born, "2026/27") == off


@given(BORN, ACADEMIC_YEARS)
def test_the_year_group_of_an_age_is_never_off(born: date, year: str) -> None:
    of_age = year_group_of_birth(born, year)
    if of_age is not None:
        assert years_off(of_age, born, year) == 0
        assert not year_group_disagrees(of_age, born, year, 0)


@given(YEARS, BORN, ACADEMIC_YEARS, OFFSETS)
def test_one_offset_at_most_agrees(year_group: str, born: date, year: str, offset: int) -> None:
    agrees = not year_group_disagrees(year_group, born, year, offset)
    assert agrees is (offset == years_off(year_group, born, year))


@given(YEARS.filter(lambda year: year != "13"), BORN, ACADEMIC_YEARS, OFFSETS)
def test_a_roll_up_changes_no_answer(year_group: str, born: date, year: str, offset: int) -> None:
    """R12: year group and academic year go on together, so an offset that was right stays so."""
    following = next_year_group(year_group)
    assert following is not None
    assert year_group_disagrees(year_group, born, year, offset) == year_group_disagrees(
        following, born, next_academic_year(year), offset
    )


@given(BORN, YEARS, ACADEMIC_YEARS)
def test_what_is_not_known_disagrees_with_nothing(born: date, year_group: str, year: str) -> None:
    assert not year_group_disagrees(None, born, year, 0)
    assert not year_group_disagrees(year_group, None, year, 0)
