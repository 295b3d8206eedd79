"""Ethnicity, first language and SEN by DfE's codes, and what follows from them (R26)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.school.characteristics import (
    ETHNICITIES,
    LANGUAGES,
    SEN_PROVISIONS,
    ethnicity_code,
    is_eal,
    language_code,
    main_ethnicity,
    sen_provision,
)

MAIN = 20


@given(st.sampled_from(sorted(ETHNICITIES)))
def test_every_ethnicity_has_a_main_code_and_is_taken_in_any_spelling(code: str) -> None:
    assert ethnicity_code(f" {code.lower()} ") == code
    assert main_ethnicity(code) in list(ETHNICITIES)[:MAIN]
    assert main_ethnicity(main_ethnicity(code)) == main_ethnicity(code)


@given(st.text(max_size=8))
def test_what_is_taken_is_a_code_and_stays_one(text: str) -> None:
    for read in (ethnicity_code, language_code, sen_provision):
        code = read(text)
        assert code is None or read(code) == code


@pytest.mark.parametrize(
    ("text", "code"), [("k", "K"), ("S", "E"), ("a", "K"), ("P", "K"), ("X", None), ("", None)]
)
def test_former_sen_codes_become_todays(text: str, code: str | None) -> None:
    assert sen_provision(text) == code
    assert code is None or code in SEN_PROVISIONS


@pytest.mark.parametrize(
    ("language", "eal"),
    [
        ("ENG", False),
        ("ENB", False),
        ("POL", True),
        ("OTB", True),
        ("QQQ", True),
        ("NOT", None),
        ("REF", None),
        (None, None),
    ],
)
def test_eal_follows_from_the_first_language(language: str | None, eal: bool | None) -> None:
    assert is_eal(language) is eal


def test_languages_are_codes_themselves() -> None:
    assert all(language_code(code) == code for code in LANGUAGES)
