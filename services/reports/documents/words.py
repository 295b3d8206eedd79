"""What stands for facts of a pupil in reports: placeholders' values, days, effort (R25)."""

from __future__ import annotations

from datetime import date

from services.reports.documents.gathering import Effort, PupilFacts, SchoolFacts
from shared.school.year_groups import year_group_label

__all__ = ["EFFORTS", "day", "paragraphs_of", "values_of", "year_in_words"]

EFFORTS: dict[Effort, str] = {
    "excellent": "Excellent",
    "good": "Good",
    "inconsistent": "Inconsistent",
    "concern": "Cause for concern",
}

# he_she, him_her, his_her, his_hers, himself_herself, is_are, has_have, was_were
_FORMS = ("he_she", "him_her", "his_her", "his_hers", "himself_herself",
          "is_are", "has_have", "was_were")  # fmt: skip
_PRONOUNS = {
    "M": ("he", "him", "his", "his", "himself", "is", "has", "was"),
    "F": ("she", "her", "her", "hers", "herself", "is", "has", "was"),
}
_NEUTRAL = ("they", "them", "their", "theirs", "themselves", "are", "have", "were")


def values_of(pupil: PupilFacts, school: SchoolFacts) -> dict[str, str]:
    """A value for each placeholder. What is not known has words that a sentence reads well with."""
    forms = dict(zip(_FORMS, _PRONOUNS.get(pupil.sex or "", _NEUTRAL), strict=True))
    of_pupil = {
        "forename": pupil.forename,
        "surname": pupil.surname,
        "full_name": pupil.name,
        "legal_name": pupil.legal_name,
        "class": pupil.class_name or f"{forms['his_her']} class",
        "year_group": year_in_words(pupil.year_group) or f"{forms['his_her']} year group",
        "date_of_birth": day(pupil.date_of_birth) or "not known",
        **forms,
        "He_She": forms["he_she"].capitalize(),
        "His_Her": forms["his_her"].capitalize(),
    }
    term = school.term
    return {f"pupil.{name}": value for name, value in of_pupil.items()} | {
        "class.teacher": joined(pupil.class_teachers) or "the class teacher",
        "term.name": term.name,
        "term.first_day": day(term.first_day),
        "term.last_day": day(term.last_day),
        "academic_year": term.academic_year,
        "school.name": school.name,
    }


def year_in_words(year_group: str | None) -> str:
    return year_group_label(year_group) if year_group else ""


def day(known: date | None) -> str:
    """`4 May 2019`; nothing where it is not known."""
    return f"{known:%-d %B %Y}" if known else ""


def joined(names: tuple[str, ...]) -> str:
    """`Mrs Smith, Mr Jones and Ms Ali`."""
    return " and ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))


def paragraphs_of(text: str) -> tuple[str, ...]:
    """One a line; empty lines are none."""
    return tuple(" ".join(line.split()) for line in text.splitlines() if line.strip())
