"""The terms of one academic year, and what is proposed for the next (R29).

A new year begins with the roll-up, when nobody has its dates yet: its terms are those of the year
before, 52 weeks later, so that they begin and end on the same days of the week. They count as
proposed until a person has saved them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from uuid_utils.compat import uuid7

from services.reports.school_settings.entries import Entry, Fault, said_twice
from shared.contracts.reports import TermState
from shared.school.academic_year import first_day_of, next_academic_year, start_year

__all__ = ["Term", "default_terms", "faults_of_terms", "in_order", "terms_after"]

_52_WEEKS = timedelta(weeks=52)
_MONDAY, _FRIDAY = 0, 4


@dataclass(frozen=True)
class Term(Entry):
    """`last_day` is the last that belongs to it."""

    first_day: date = date.min
    last_day: date = date.max
    proposed: bool = False

    def values(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "first_day": self.first_day.isoformat(),
            "last_day": self.last_day.isoformat(),
            "active": self.active,
        }

    def state(self) -> TermState:
        return TermState(
            id=self.id,
            name=self.name,
            first_day=self.first_day,
            last_day=self.last_day,
            active=self.active,
        )


def default_terms(academic_year: str) -> list[Term]:
    """Three, with dates as many English schools have them; each school has its own."""
    year = start_year(academic_year)
    days = (
        ("Autumn", date(year, 9, 1), _last(_FRIDAY, date(year, 12, 21))),
        ("Spring", _first(_MONDAY, date(year + 1, 1, 3)), _last(_FRIDAY, date(year + 1, 4, 3))),
        ("Summer", _first(_MONDAY, date(year + 1, 4, 13)), _last(_FRIDAY, date(year + 1, 7, 23))),
    )
    return [Term(uuid7(), name, True, first, last, True) for name, first, last in days]


def terms_after(terms: Sequence[Term], academic_year: str) -> list[Term]:
    """What is proposed for `academic_year` by the active terms of the year before it.

    Terms that nobody ever saved, or that do not fit 52 weeks later, are proposed anew.
    """
    begins, _ = _bounds(academic_year)
    later = [
        replace(
            term,
            id=uuid7(),
            first_day=max(term.first_day + _52_WEEKS, begins),
            last_day=term.last_day + _52_WEEKS,
            proposed=True,
        )
        for term in terms
        if term.active
    ]
    if not later or any(term.proposed for term in terms) or faults_of_terms(later, academic_year):
        return default_terms(academic_year)
    return later


def in_order(terms: Sequence[Term]) -> list[Term]:
    """By their first days; inactive ones, which may lie anywhere, after the others."""
    return sorted(terms, key=lambda term: (not term.active, term.first_day, term.last_day, term.id))


def faults_of_terms(terms: Sequence[Term], academic_year: str) -> list[Fault]:
    faults = said_twice([term.name for term in terms], "name", "term")
    if not any(term.active for term in terms):
        faults.append(Fault("", "At least one term must be active."))
    begins, ends = _bounds(academic_year)
    for place, term in enumerate(terms):
        faults += [
            Fault(f"{place}/{field}", f"The academic year {academic_year} is from {_said(begins)} "
                  f"to {_said(ends)}.")
            for field, day in (("first_day", term.first_day), ("last_day", term.last_day))
            if not begins <= day <= ends
        ]  # fmt: skip
        if term.last_day < term.first_day:
            faults.append(Fault(f"{place}/last_day", "The last day comes before the first."))
    active = sorted(
        ((place, term) for place, term in enumerate(terms) if term.active),
        key=lambda placed: (placed[1].first_day, placed[1].last_day, placed[0]),
    )
    for (_, before), (place, term) in pairwise(active):
        if term.first_day <= before.last_day:
            why = f"{before.name} goes on until {_said(before.last_day)}. Terms cannot overlap."
            faults.append(Fault(f"{place}/first_day", why))
    return faults


def _bounds(academic_year: str) -> tuple[date, date]:
    """Its first and its last day."""
    following = first_day_of(next_academic_year(academic_year))
    return first_day_of(academic_year), following - timedelta(days=1)


def _first(weekday: int, day: date) -> date:
    """The first such weekday from that day on."""
    return day + timedelta(days=(weekday - day.weekday()) % 7)


def _last(weekday: int, day: date) -> date:
    """The last such weekday up to that day."""
    return day - timedelta(days=(day.weekday() - weekday) % 7)


def _said(day: date) -> str:
    return f"{day:%-d %B %Y}"
