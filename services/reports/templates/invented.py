"""Marks and comments that nobody gave, for a preview: the admin sees no real ones (R1, R25).

The same for the same pupil each time, so that a preview changes only where the template did.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import UUID

from services.reports.documents.gathering import (
    CommentKind,
    Effort,
    Mark,
    PupilFacts,
    SchoolFacts,
    TermFacts,
)
from services.reports.documents.words import values_of
from services.reports.scale.band import Band
from services.reports.templates.placeholders import filled
from services.reports.terms.term import default_terms
from shared.school.academic_year import previous_academic_year

__all__ = ["IN_FOOTER", "SOMEBODY", "invented"]

IN_FOOTER = "Preview: marks and comments are invented"
SOMEBODY = PupilFacts(
    id=UUID(int=0),
    forename="Maya",
    surname="Patel",
    legal_name="Maya Louise Patel",
    date_of_birth=date(2019, 5, 4),
    sex="F",
    year_group="3",
    class_name="3 Blue",
    class_teachers=("Mrs Smith",),
)
"""For a school that has no pupils yet."""

_EFFORTS: tuple[Effort, ...] = ("good", "excellent", "good", "inconsistent")
_COMMENTS = (
    "{pupil.forename} listens well and is glad to share {pupil.his_her} ideas. {pupil.He_She} "
    "{pupil.has_have} become more sure of {pupil.himself_herself} this term, and the next step is "
    "to explain in full sentences how an answer was found.",
    "{pupil.forename} has worked with care and finished what was set. Checking {pupil.his_her} "
    "work before handing it in would help {pupil.him_her} further.",
    "A good term. {pupil.forename} asks thoughtful questions and helps others to find the answers. "
    "Practising a little at home, ten minutes on most days, would make what {pupil.he_she} "
    "{pupil.has_have} learnt come more quickly.",
)
_GENERAL: dict[CommentKind, str] = {
    "class_teacher": "{pupil.forename} is a friendly member of the class who is ready to learn in "
    "the morning and kind to others at play. {pupil.He_She} {pupil.has_have} grown in confidence "
    "this term.\nWe look forward to seeing what {pupil.he_she} can do next.",
    "head_teacher": "A pleasing report, {pupil.forename}. Well done, and keep it up.",
}


def invented(
    school: SchoolFacts, pupil: PupilFacts, earlier_terms: int
) -> tuple[SchoolFacts, PupilFacts]:
    """Both with a mark in each subject and term, and both comments. Nothing real is among them."""
    school = replace(school, earlier_terms=_earlier(school, earlier_terms))
    values = values_of(pupil, school)
    terms = (school.term, *school.earlier_terms)
    marks = {
        term.id: {
            subject.id: Mark(
                band_id=_band(school, place + ago),
                effort=_EFFORTS[place % len(_EFFORTS)],
                comment=filled(_COMMENTS[place % len(_COMMENTS)], values),
                year_group=pupil.year_group,
            )
            for place, subject in enumerate(school.subjects)
            if subject.active
        }
        for ago, term in enumerate(terms)
    }
    comments = {kind: filled(text, values) for kind, text in _GENERAL.items()}
    return school, replace(pupil, marks=marks, comments=comments)


def _earlier(school: SchoolFacts, wanted: int) -> list[TermFacts]:
    """A new school has had no earlier terms: those of the year before are invented too."""
    known = list(school.earlier_terms)
    year = school.term.academic_year
    while len(known) < wanted:
        year = previous_academic_year(year)
        known += [
            TermFacts(term.id, term.name, year, term.first_day, term.last_day)
            for term in reversed(default_terms(year))
        ]
    return known


def _band(school: SchoolFacts, number: int) -> UUID | None:
    """Mostly about the expectation, as most pupils are."""
    bands = [band for band in school.bands if band.active]
    if not bands:
        return None
    around = _around_expectation(bands)
    return around[number % len(around)].id


def _around_expectation(bands: list[Band]) -> list[Band]:
    expected = next((place for place, band in enumerate(bands) if band.expectation), 0)
    places = (expected, expected + 1, expected, expected - 1, expected + 1)
    return [bands[min(max(place, 0), len(bands) - 1)] for place in places]
