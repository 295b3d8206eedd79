"""Year groups: their order, the one of a birthday, and the one that a class's name tells of.

DfE codes, unpadded. Source for the ages: DfE, "School admissions"; a child starts Reception in the
September after their fourth birthday.
"""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache

from shared.school.academic_year import start_year

__all__ = [
    "MOST_YEARS_OFF",
    "YEAR_GROUP_ORDER",
    "class_stem",
    "next_year_group",
    "place_of_birth",
    "year_group_disagrees",
    "year_group_label",
    "year_group_of_birth",
    "year_group_of_class_name",
    "year_groups_between",
    "year_groups_of_class_name",
    "years_off",
]

YEAR_GROUP_ORDER: tuple[str, ...] = (
    *("N1", "N2", "R"),
    *(str(year) for year in range(1, 14)),
)

MOST_YEARS_OFF = 3
"""How many years above or below their age a pupil can be said to be taught."""

_RECEPTION = YEAR_GROUP_ORDER.index("R")
_AGE_IN_RECEPTION = 5
_SEPTEMBER = 9

_YEAR = r"(?:(?:year|yr|y)\s*)?(?:reception|nursery\s*[12]|n[12]|r|1[0-3]|[1-9])"
_AND = r"\s*(?:[/&+,-]|\band\b)\s*"
_AFTER = r"(?![0-9])(?!(?:st|nd|rd|th)\b)(?:(?<=[0-9])[a-z]{0,12}\b|[a-z]?\b)"
_AT_START = re.compile(rf"^(?P<years>{_YEAR}(?:{_AND}{_YEAR})*){_AFTER}")
_NAMED = re.compile(
    rf"\b(?P<years>(?:(?:year|yr|y)\s*(?:r|1[0-3]|[1-9])|reception)(?:{_AND}{_YEAR})*){_AFTER}"
)
_WORD = re.compile(r"[^\W_]+")
_CODE = re.compile(r"reception|nursery\s*[12]|n[12]|1[0-3]|[1-9]|(?<![a-z])r(?![a-z])|(?<=y)r")


def year_group_of_birth(born: date, academic_year: str) -> str | None:
    """The year group of that age in that academic year, or `None` outside N1 to 13."""
    place = place_of_birth(born, academic_year)
    return YEAR_GROUP_ORDER[place] if 0 <= place < len(YEAR_GROUP_ORDER) else None


def years_off(year_group: str, born: date, academic_year: str) -> int:
    """How many years above (or, negative, below) their age a pupil is taught."""
    return YEAR_GROUP_ORDER.index(year_group) - place_of_birth(born, academic_year)


def year_group_disagrees(
    year_group: str | None, born: date | None, academic_year: str, offset: int
) -> bool:
    """Whether year group and date of birth do not fit, beyond the `offset` that a person set.

    What is not known disagrees with nothing. A roll-up changes neither answer, since year group and
    academic year go on together.
    """
    if year_group is None or born is None:
        return False
    return years_off(year_group, born, academic_year) != offset


def next_year_group(year_group: str) -> str | None:
    """The one after it; `None` after 13. Raises `ValueError` for what is no year group."""
    place = YEAR_GROUP_ORDER.index(year_group) + 1
    return YEAR_GROUP_ORDER[place] if place < len(YEAR_GROUP_ORDER) else None


def year_groups_between(first: str, last: str) -> tuple[str, ...]:
    """A school's year groups, from its first to its last. Raises `ValueError` if it has none."""
    start, end = YEAR_GROUP_ORDER.index(first), YEAR_GROUP_ORDER.index(last)
    if start > end:
        raise ValueError(f"{first} comes after {last}")
    return YEAR_GROUP_ORDER[start : end + 1]


def year_group_label(year_group: str) -> str:
    """What it is called in school: `Reception`, `Nursery 2`, `Year 3`."""
    if year_group == "R":
        return "Reception"
    return f"Nursery {year_group[1]}" if year_group.startswith("N") else f"Year {year_group}"


def year_group_of_class_name(name: str) -> str | None:
    """The year group that a class's name tells of: `3 Blue`, `3B`, `Oak (Year 3)`, `RB`.

    `None` where it tells of none, or of more than one, as a joint class (`3/4 Oak`) does. A bare
    number counts only at the start: `Set 3` and `Class 3` are not Year 3.
    """
    years = year_groups_of_class_name(name)
    return next(iter(years)) if len(years) == 1 else None


@lru_cache(4096)
def year_groups_of_class_name(name: str) -> frozenset[str]:
    """All year groups that a class's name tells of: of `3/4 Oak` two, of `Oak` none."""
    found = _years_in(_folded(name))
    return (
        frozenset(_code(code) for code in _CODE.findall(found["years"])) if found else frozenset()
    )


@lru_cache(4096)
def class_stem(name: str) -> str:
    """What is left of a class's name without its year: `blue` of `3 Blue`, `oak` of `Oak (Y3)`.

    Classes of two years with one stem follow each other.
    """
    text = _folded(name)
    found = _years_in(text)
    if found is not None:
        start, end = found.span("years")
        text = f"{text[:start]} {text[end:]}"
    return " ".join(_WORD.findall(text))


def place_of_birth(born: date, academic_year: str) -> int:
    """Which of `YEAR_GROUP_ORDER` it is by age, and beyond it for who is too young or too old."""
    cohort = born.year if born.month >= _SEPTEMBER else born.year - 1
    return _RECEPTION + start_year(academic_year) - cohort - _AGE_IN_RECEPTION


def _folded(name: str) -> str:
    return " ".join(name.casefold().split())


def _years_in(text: str) -> re.Match[str] | None:
    return _AT_START.match(text) or _NAMED.search(text)


def _code(text: str) -> str:
    if text.startswith("n"):
        return f"N{text[-1]}"
    return "R" if text.startswith("r") else text
