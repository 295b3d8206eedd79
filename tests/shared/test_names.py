"""Keys of names: what two spellings have in common."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.school.names import is_untidy, search_key, tidied, username_part


class TestSearchKey:
    @pytest.mark.parametrize(
        ("name", "key"),
        [
            ("Zoë O’Neill-Smith", "zoe oneill smith"),
            ("ZOE O'NEILL SMITH", "zoe oneill smith"),
            ("  Łukasz  Straße ", "lukasz strasse"),
            ("Đặng", "dang"),
            ("Ólafur Þór", "olafur thor"),
            ("Ol\u00adafur\u200b Thor\u200e", "olafur thor"),
            ("", ""),
        ],
    )
    def test_case_accents_and_apostrophes_are_gone(self, name: str, key: str) -> None:
        assert search_key(name) == key

    @given(st.text(max_size=40))
    def test_a_key_is_its_own_key(self, name: str) -> None:
        assert search_key(search_key(name)) == search_key(name)


class TestUsernamePart:
    """R7"""

    @pytest.mark.parametrize(
        ("name", "part"),
        [("O’Neill-Smith", "oneillsmith"), ("Nguyễn", "nguyen"), ("van der Berg", "vanderberg")],
    )
    def test_is_ascii_letters_and_digits(self, name: str, part: str) -> None:
        assert username_part(name) == part

    @given(st.text(max_size=40))
    def test_is_never_anything_else(self, name: str) -> None:
        part = username_part(name)
        assert part == "" or (part.isascii() and part.isalnum() and part == part.lower())


class TestTidied:
    @given(st.text(alphabet="ab \u00a0\u00ad\u200b\u200d\u2028\ufeffé", max_size=12))
    def test_what_is_tidy_stays_as_it_is(self, text: str) -> None:
        """But for its common spaces, so that a text of a MIS is looked into only where it must."""
        assert not is_untidy(tidied(text))
        if not is_untidy(text):
            assert tidied(text) == " ".join(text.split())

    @pytest.mark.parametrize(
        ("pasted", "name"),
        [
            ("\ufeff Zoe\u0301\u00a0\u2028 O’Neill\n", "Zoé O’Neill"),
            ("Smi\u200bth", "Smith"),
            ("\u202eHtims\u2069", "Htims"),
            ("می\u200cخواهم", "می\u200cخواهم"),
            ("A\x07", "A\x07"),
        ],
        ids=["spaces", "nothing", "turned", "joiner", "control"],
    )
    def test_is_what_can_be_seen(self, pasted: str, name: str) -> None:
        assert tidied(pasted) == name

    @given(st.text())
    def test_is_so_already_the_second_time(self, text: str) -> None:
        assert tidied(tidied(text)) == tidied(text)
