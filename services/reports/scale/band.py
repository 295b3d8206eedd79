"""A school's attainment scale: bands from the lowest to the highest (R29).

What a band means is said in words and by its place, never by a colour. Below the band that is the
year's expectation a pupil is below it; from that band on they are at or above it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from uuid_utils.compat import uuid7

from services.reports.school_settings.entries import Entry, Fault, said_twice
from shared.contracts.reports import BandState

__all__ = ["Band", "default_bands", "faults_of_bands"]

_FEWEST = 2

_DEFAULT: tuple[tuple[str, str, str, bool], ...] = (
    ("B", "Below expectations", "Is not yet where the year group is expected to be.", False),
    ("J", "Just at expectations", "Is where the year group is expected to be, just.", True),
    ("S", "Securely at expectations", "Is surely where the year group is expected to be.", False),
    ("A", "Above expectations", "Is further than the year group is expected to be.", False),
)


@dataclass(frozen=True)
class Band(Entry):
    """`expectation` is true of the one from which on a pupil is where the year expects."""

    code: str = ""
    meaning: str = ""
    expectation: bool = False

    def values(self) -> dict[str, Any]:
        return {
            "code": self.code,
            "name": self.name,
            "meaning": self.meaning,
            "expectation": self.expectation,
            "active": self.active,
        }

    def state(self) -> BandState:
        return BandState(id=self.id, **self.values())


def default_bands() -> list[Band]:
    """The product's own four, with ids of their own."""
    return [
        Band(uuid7(), name, True, code, meaning, expectation)
        for code, name, meaning, expectation in _DEFAULT
    ]


def faults_of_bands(bands: Sequence[Band]) -> list[Fault]:
    faults = said_twice([band.code for band in bands], "code", "band")
    if sum(band.active for band in bands) < _FEWEST:
        faults.append(Fault("", "At least two bands must be active."))
    expected = [place for place, band in enumerate(bands) if band.expectation]
    if len(expected) != 1:
        faults.append(Fault("", "Choose the one band that is the expectation."))
    faults += [
        Fault(f"{place}/active", "The band that is the expectation must be active.")
        for place in expected
        if not bands[place].active
    ]
    return faults
