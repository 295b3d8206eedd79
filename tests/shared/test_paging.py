"""Cursors: what goes in comes out, and nothing else gets in."""

from __future__ import annotations

import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.web.paging import InvalidCursor, cursor_time, decode_cursor, encode_cursor

text = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=50)
values = st.lists(st.one_of(text, st.integers(-(2**62), 2**62), st.none()), max_size=4)


def cursor_of(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


class TestCursor:
    @given(values)
    def test_round_trip(self, given_values: list[str | int | None]) -> None:
        cursor = encode_cursor(given_values)
        assert decode_cursor(cursor, len(given_values)) == tuple(given_values)

    @given(st.text(max_size=80))
    def test_any_other_text_is_refused_or_read(self, cursor: str) -> None:
        try:
            assert len(decode_cursor(cursor, 2)) == 2
        except InvalidCursor:
            return

    @pytest.mark.parametrize(
        "value",
        [
            {},
            "ab",
            12,
            [1],
            [1, 2, 3],
            [1, [2]],
            [1, {}],
            [True, 1],
            [1.5, 1],
            ["a\x00", 1],
            [2**70, 1],
        ],
    )
    def test_other_shapes_are_refused(self, value: object) -> None:
        with pytest.raises(InvalidCursor):
            decode_cursor(cursor_of(value), 2)

    def test_kinds_are_checked_where_they_are_named(self) -> None:
        cursor = encode_cursor(["smith", 3])
        assert decode_cursor(cursor, 2, kinds=(str, int)) == ("smith", 3)
        with pytest.raises(InvalidCursor):
            decode_cursor(cursor, 2, kinds=(int, int))

    def test_a_deeply_nested_one_is_refused(self) -> None:
        cursor = base64.urlsafe_b64encode(b"[" * 1400).decode()
        with pytest.raises(InvalidCursor):
            decode_cursor(cursor, 1)

    @pytest.mark.parametrize(
        "time",
        ["0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59", "2026-01-01T00:00:00", "", "x"],
    )
    def test_a_time_that_the_database_would_not_take_is_refused(self, time: str) -> None:
        with pytest.raises(InvalidCursor):
            cursor_time(time)
