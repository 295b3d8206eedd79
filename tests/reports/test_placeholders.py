"""Placeholders: a closed list; what is not on it is an error with its place (R25)."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.reports.documents.words import values_of
from services.reports.templates.placeholders import PLACEHOLDERS, faults_of_text, filled
from tests.reports.reporting import PUPIL, SCHOOL

NAMES = [placeholder.name for placeholder in PLACEHOLDERS]
WORDS = st.text(st.characters(exclude_characters="{}", codec="utf-8"), max_size=30)
"""Anything that a person may write beside placeholders."""
PIECES = st.lists(st.tuples(WORDS, st.sampled_from(NAMES)), max_size=6)


def joined(pieces: list[tuple[str, str]]) -> str:
    return "".join(f"{words}{{{name}}}" for words, name in pieces)


@given(PIECES, WORDS)
def test_known_ones_are_filled_and_all_else_is_left_as_it_is(
    pieces: list[tuple[str, str]], end: str
) -> None:
    values = {name: f"<{number}>" for number, name in enumerate(NAMES)}
    text = joined(pieces) + end
    assert faults_of_text(text) == []
    assert filled(text, values) == "".join(w + values[name] for w, name in pieces) + end


@given(PIECES, st.text(max_size=40))
def test_what_is_put_in_is_not_looked_through_again(
    pieces: list[tuple[str, str]], value: str
) -> None:
    """A pupil who is called `{school.name}` is called so in the report."""
    expected = "".join(words + value for words, _ in pieces)
    assert filled(joined(pieces), dict.fromkeys(NAMES, value)) == expected


@given(PIECES, WORDS.filter(lambda word: "\n" not in word and word not in NAMES), WORDS)
def test_an_unknown_one_is_named_with_its_place(
    pieces: list[tuple[str, str]], unknown: str, end: str
) -> None:
    before = joined(pieces)
    [fault] = faults_of_text(f"{before}{{{unknown}}}{end}")
    assert (fault.at, fault.found) == (len(before), f"{{{unknown}}}")
    assert f"at character {len(before) + 1} " in fault.reason
    assert fault.nearest is None or fault.nearest in NAMES


@given(PIECES, st.sampled_from("{}"), WORDS)
def test_a_brace_that_stands_alone_is_an_error_at_its_place(
    pieces: list[tuple[str, str]], brace: str, end: str
) -> None:
    before = joined(pieces)
    [fault] = faults_of_text(f"{before}{brace}{end}")
    assert (fault.at, fault.found, fault.nearest) == (len(before), brace, None)


@given(st.text("{}ab.pil_ \n", max_size=40))
def test_a_text_without_faults_has_no_brace_left(text: str) -> None:
    if not faults_of_text(text):
        assert not {"{", "}"} & set(filled(text, dict.fromkeys(NAMES, "")))


@pytest.mark.parametrize(
    ("typed", "nearest"),
    [
        ("pupil.forname", "pupil.forename"),
        ("Pupil.Forename", "pupil.forename"),
        (" pupil.forename ", "pupil.forename"),
        ("pupil.full name", "pupil.full_name"),
        ("forename", "pupil.forename"),
        ("school", "school.name"),
        ("pupil.he_she_they", "pupil.he_she"),
        ("academic.year", "academic_year"),
        ("zzzzzz", None),
        ("", None),
    ],
)
def test_the_nearest_known_one_is_offered(typed: str, nearest: str | None) -> None:
    [fault] = faults_of_text(f"Dear {{{typed}}}")
    assert fault.nearest == nearest
    if nearest:
        assert f"Did you mean {{{nearest}}}?" in fault.reason


def test_each_has_a_value_whatever_is_known_of_the_pupil() -> None:
    unknown = replace(
        PUPIL, sex=None, class_name=None, class_teachers=(), year_group=None, date_of_birth=None
    )
    for pupil in (PUPIL, unknown):
        values = values_of(pupil, SCHOOL)
        assert set(values) == set(NAMES)
        assert all(values.values())


@pytest.mark.parametrize(
    ("sex", "sentence"),
    [
        ("F", "She has done her best and is proud of herself."),
        ("M", "He has done his best and is proud of himself."),
        ("U", "They have done their best and are proud of themselves."),
        (None, "They have done their best and are proud of themselves."),
    ],
)
def test_pronouns_follow_the_sex_and_are_neutral_where_it_is_unknown(
    sex: str | None, sentence: str
) -> None:
    text = (
        "{pupil.He_She} {pupil.has_have} done {pupil.his_her} best and {pupil.is_are} proud of "
        "{pupil.himself_herself}."
    )
    assert filled(text, values_of(replace(PUPIL, sex=sex), SCHOOL)) == sentence
