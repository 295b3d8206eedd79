"""When pupils may not be moved up by other means than the roll-up: the rules (R12)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.roster.roll_up.guard import (
    Waiting,
    YearChange,
    is_bulk_move_up,
    is_import_raising_the_roll,
    raised,
    waiting_for_roll_up,
)
from shared.contracts.vocabulary import YearGroup
from shared.school.academic_year import academic_year_starting, school_day
from shared.school.year_groups import YEAR_GROUP_ORDER

YEAR = "2026/27"
JULY = datetime(2027, 7, 1, 12, tzinfo=UTC)

moments = st.integers(0, 7 * 366 * 24 * 60).map(
    lambda minutes: datetime(2024, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)
years = st.integers(2024, 2030)
year_groups = st.sampled_from([YearGroup(name) for name in YEAR_GROUP_ORDER])
changes = st.builds(YearChange, st.none() | year_groups, st.none() | year_groups)


def change(before: str, after: str) -> YearChange:
    return YearChange(YearGroup(before), YearGroup(after))


class TestTheGuardStands:
    @pytest.mark.parametrize(
        ("moment", "waiting"),
        [
            # London is an hour ahead of UTC in summer, so each day begins at 23:00 UTC.
            (datetime(2027, 5, 31, 22, 59, 59, tzinfo=UTC), None),
            (datetime(2027, 5, 31, 23, 0, tzinfo=UTC), Waiting.TO_COME),
            (datetime(2027, 8, 25, 22, 59, 59, tzinfo=UTC), Waiting.TO_COME),
            (datetime(2027, 8, 25, 23, 0, tzinfo=UTC), Waiting.DUE),
            (datetime(2028, 1, 10, tzinfo=UTC), Waiting.DUE),
        ],
    )
    def test_from_1_june_in_london_until_it_has_run(
        self, moment: datetime, waiting: Waiting | None
    ) -> None:
        assert waiting_for_roll_up(moment, YEAR, undone=False) == waiting

    @given(moments, years, st.booleans())
    def test_by_the_school_s_own_year_and_nothing_else(
        self, moment: datetime, year: int, undone: bool
    ) -> None:
        """R12: a school that has rolled up is in the next year, and its next June is a year on."""
        waiting = waiting_for_roll_up(moment, academic_year_starting(year), undone=undone)
        assert (waiting is not None) == (school_day(moment) >= date(year + 1, 6, 1))
        if waiting is not None:
            assert (waiting is Waiting.UNDONE) == undone

    @given(moments, years, st.timedeltas(timedelta(0), timedelta(days=400)))
    def test_and_does_not_fall_by_time_alone(
        self, moment: datetime, year: int, later: timedelta
    ) -> None:
        name = academic_year_starting(year)
        if waiting_for_roll_up(moment, name, undone=False):
            assert waiting_for_roll_up(moment + later, name, undone=False)

    def test_not_in_a_year_that_the_roll_up_has_begun(self) -> None:
        """R12: on the day itself, once it has run."""
        evening = datetime(2027, 8, 26, 20, tzinfo=UTC)
        assert waiting_for_roll_up(evening, YEAR, undone=False)
        assert waiting_for_roll_up(evening, "2027/28", undone=False) is None

    def test_again_when_it_was_undone(self) -> None:
        assert waiting_for_roll_up(JULY + timedelta(days=90), YEAR, undone=True) is Waiting.UNDONE


class TestABulkMoveByHand:
    def test_is_two_pupils_who_go_to_the_year_after_theirs(self) -> None:
        assert not is_bulk_move_up([change("3", "4")])
        assert is_bulk_move_up([change("3", "4"), change("R", "1")])

    def test_is_no_move_down_or_further_and_no_first_year_group(self) -> None:
        others = [change("4", "3"), change("3", "5"), change("3", "3"), YearChange(None, None)]
        others += [YearChange(None, YearGroup.Y4), YearChange(YearGroup.Y4, None)]
        assert not is_bulk_move_up([*others, change("3", "4")])

    @given(st.lists(changes))
    def test_counts_each_pupil_whatever_the_others_do(
        self, given_changes: list[YearChange]
    ) -> None:
        places = {name: place for place, name in enumerate(YEAR_GROUP_ORDER)}
        up = [
            one
            for one in given_changes
            if one.before and one.after and places[one.after] - places[one.before] == 1
        ]
        assert is_bulk_move_up(given_changes) == (len(up) >= 2)


class TestAnImport:
    @pytest.mark.parametrize(
        ("count", "roll", "too_many"),
        [(20, 100, False), (21, 100, True), (1, 3, False), (2, 3, True), (0, 0, False)],
    )
    def test_may_raise_a_fifth_of_the_roll(self, count: int, roll: int, too_many: bool) -> None:
        """R12: more than 20 %; a single pupil is a correction in the smallest school."""
        given_changes = [change("3", "4")] * count
        assert is_import_raising_the_roll(raised(given_changes), active_roll=roll) == too_many

    def test_counts_who_goes_up_by_more_than_one_and_nobody_who_does_not(self) -> None:
        up = [change("N1", "R"), change("3", "6"), change("9", "10")]
        assert is_import_raising_the_roll(raised(up), active_roll=10)
        down = [change(one.after or "", one.before or "") for one in up]
        new = [YearChange(None, YearGroup.Y4)] * 9
        assert not is_import_raising_the_roll(raised([*down, *new]), active_roll=10)

    @given(st.lists(changes), st.integers(0, 100))
    def test_is_refused_the_more_the_more_it_raises(
        self, given_changes: list[YearChange], roll: int
    ) -> None:
        if is_import_raising_the_roll(raised(given_changes), active_roll=roll):
            assert is_import_raising_the_roll(
                raised([*given_changes, change("3", "4")]), active_roll=roll
            )
            if roll:
                assert is_import_raising_the_roll(raised(given_changes), active_roll=roll - 1)
