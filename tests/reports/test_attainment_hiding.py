"""No count of a group of fewer than five follows from what a reader gets (R26)."""

from __future__ import annotations

from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from services.reports.attainment.hiding import Parts, Pieces, cut_in_order, pinned_down
from tests.reports.sums import Table, bits, follows, small, worked_out


@st.composite
def tables(draw: st.DrawFn) -> tuple[Parts, list[Table]]:
    """A school, its year groups, classes in these and groups across them, in any order."""
    everyone = range(draw(st.integers(10, 150)))
    chance = Random(draw(st.integers(0, 2**32)))  # noqa: S311 - no secret, the same again
    share = draw(st.floats(0.1, 0.5))
    those = frozenset(one for one in everyone if chance.random() < share)
    years = [frozenset(one for one in everyone if one % 3 == year) for year in range(3)]
    classes = [
        frozenset(one for one in year if one % 2 == half) for year in years for half in (0, 1)
    ]
    across = [
        frozenset(chance.sample(everyone, draw(st.integers(1, len(everyone)))))
        for _ in range(draw(st.integers(0, 4)))
    ]
    order = draw(st.permutations([*years, *classes, *across]))
    parts = Parts(bits(those), bits(everyone) & ~bits(those))
    return parts, [frozenset(everyone), *order]


@settings(max_examples=150)
@given(asked=tables())
def test_no_sum_of_shown_tables_is_a_small_group(asked: tuple[Parts, list[Table]]) -> None:
    parts, everything = asked
    pieces = cut_in_order(bits(everything[0]), parts, map(bits, everything))
    shown = [table for table in everything if pieces.show(bits(table))]
    for table in worked_out(shown):
        assert not small(parts, table)
    for table in everything:
        if table not in shown:
            assert not follows(shown, table)


def test_two_halves_are_shown_and_a_small_half_hides_its_other() -> None:
    parts = Parts(bits(range(0, 40, 2)), bits(range(1, 40, 2)))
    first, second = bits(range(20)), bits(range(20, 40))
    whole = first | second
    assert all(map(cut_in_order(whole, parts, [whole, first, second]).show, (whole, first, second)))
    large, few = bits(range(34)), bits(range(34, 40))
    pieces = cut_in_order(whole, parts, [whole, large, few])
    assert [pieces.show(table) for table in (whole, large, few)] == [True, False, False]
    nobody_has_it = Parts(0, whole)
    assert not Pieces(whole, nobody_has_it).show(whole)


def test_marks_that_end_where_a_hidden_group_does_hide_the_table() -> None:
    """A year group without marks would be read off the school's `not recorded`."""
    parts = Parts(bits([*range(8), 20, 21]), bits([*range(8, 20), *range(22, 30)]))
    hidden = bits(range(20, 30))
    marked = bits(range(20))
    assert pinned_down(parts, {"band": marked, "none": hidden}, [hidden])
    one_more = {"band": marked & ~1, "none": hidden | 1}
    assert not pinned_down(parts, one_more, [hidden])
    assert not pinned_down(parts, one_more, [bits(range(5, 15))])
