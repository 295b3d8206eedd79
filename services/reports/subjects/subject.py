"""A school's subjects: an ordered list, of which nothing is deleted (R6, R29)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from uuid_utils.compat import uuid7

from services.reports.school_settings.entries import Entry, Fault, said_twice
from shared.contracts.reports import SubjectState
from shared.contracts.vocabulary import YearGroup
from shared.school.year_groups import YEAR_GROUP_ORDER, year_group_label

__all__ = ["Subject", "default_subjects", "faults_of_subjects", "in_school_order"]

_KEY_STAGE_2 = (YearGroup.Y3, YearGroup.Y4, YearGroup.Y5, YearGroup.Y6)

# Source: DfE, "The national curriculum in England: framework", 3.6, and religious education, which
# is taught by law beside it. Languages begin in key stage 2.
_NATIONAL_CURRICULUM: tuple[tuple[str, tuple[YearGroup, ...]], ...] = (
    ("English", ()),
    ("Mathematics", ()),
    ("Science", ()),
    ("Art and design", ()),
    ("Computing", ()),
    ("Design and technology", ()),
    ("Geography", ()),
    ("History", ()),
    ("Languages", _KEY_STAGE_2),
    ("Music", ()),
    ("Physical education", ()),
    ("Religious education", ()),
)


@dataclass(frozen=True)
class Subject(Entry):
    """`year_groups` are those it is taught in; none stands for all."""

    year_groups: tuple[YearGroup, ...] = ()

    def values(self) -> dict[str, Any]:
        years = [year.value for year in self.year_groups]
        return {"name": self.name, "year_groups": years, "active": self.active}

    def logged(self) -> dict[str, Any]:
        years = [year_group_label(year) for year in self.year_groups]
        return {"name": self.name, "year_groups": years or ["all"], "active": self.active}

    def state(self) -> SubjectState:
        return SubjectState(
            id=self.id, name=self.name, year_groups=self.year_groups, active=self.active
        )


def default_subjects() -> list[Subject]:
    """Those of an English primary school, with ids of their own."""
    return [Subject(uuid7(), name, True, years) for name, years in _NATIONAL_CURRICULUM]


def faults_of_subjects(subjects: Sequence[Subject]) -> list[Fault]:
    faults = said_twice([subject.name for subject in subjects], "name", "subject")
    if not any(subject.active for subject in subjects):
        faults.append(Fault("", "At least one subject must be active."))
    return faults


def in_school_order(years: Sequence[YearGroup]) -> tuple[YearGroup, ...]:
    """Each once, the youngest first."""
    return tuple(sorted(set(years), key=YEAR_GROUP_ORDER.index))
