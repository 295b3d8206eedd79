"""What reports says: a school's subjects, terms and attainment scale, each whole (R29).

And what it asks of itself: the next part of the reports that somebody wants made; and which online
reports parents can see (R27).
"""

from __future__ import annotations

from datetime import date
from uuid import UUID

from pydantic import Field

from shared.contracts.envelope import Contract, Payload
from shared.contracts.vocabulary import AcademicYearName, YearGroup

__all__ = [
    "BandState",
    "OnlineReportsPublished",
    "OnlineReportsWithdrawn",
    "ReportsDue",
    "ReportsErased",
    "ScaleChanged",
    "SubjectState",
    "SubjectsChanged",
    "TermState",
    "TermsChanged",
]


class SubjectState(Contract):
    """`year_groups` are those it is taught in; none stands for all."""

    id: UUID
    name: str
    year_groups: tuple[YearGroup, ...] = ()
    active: bool


class SubjectsChanged(Payload, event_type="reports.subjects.changed.v1"):
    """All subjects of the school, inactive ones too, in the school's order."""

    version: int = Field(ge=1)
    subjects: tuple[SubjectState, ...]


class TermState(Contract):
    """`last_day` is the last that belongs to it."""

    id: UUID
    name: str
    first_day: date
    last_day: date
    active: bool


class TermsChanged(Payload, event_type="reports.terms.changed.v1"):
    """The terms of the school's academic year. Those of earlier years are as they were told."""

    version: int = Field(ge=1)
    academic_year: AcademicYearName
    terms: tuple[TermState, ...]


class BandState(Contract):
    """`expectation` is true of the one band from which on a pupil is where the year expects."""

    id: UUID
    code: str
    name: str
    meaning: str
    expectation: bool
    active: bool


class ScaleChanged(Payload, event_type="reports.scale.changed.v1"):
    """The attainment scale, inactive bands too, from the lowest to the highest."""

    version: int = Field(ge=1)
    bands: tuple[BandState, ...]


class ReportsDue(Payload, event_type="reports.generation.due.v1"):
    """The next part of a job is to be made. Each part asks for the one after it, so that the jobs
    of all schools take turns; an earlier attempt's, or one that was made already, is passed over.
    """

    job_id: UUID
    attempt: int = Field(ge=1)
    part: int = Field(ge=0)


class _OnlineReports(Payload):
    """`version` is another one with each publishing and withdrawing of the same publication."""

    publication_id: UUID
    version: int = Field(ge=1)
    pupil_ids: tuple[UUID, ...] = Field(min_length=1, max_length=500)


class OnlineReportsPublished(_OnlineReports, event_type="reports.online_reports.published.v1"):
    """From now on the parents of these pupils see their reports."""


class OnlineReportsWithdrawn(_OnlineReports, event_type="reports.online_reports.withdrawn.v1"):
    """They do not any more: the school took them back, or newer ones took their place."""


class ReportsErased(Payload, event_type="reports.school.erased.v1"):
    """Nothing is kept here of the school any more; `rows` were."""

    rows: int = Field(ge=0)
