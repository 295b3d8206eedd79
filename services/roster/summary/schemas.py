"""The shape of the school's figures over HTTP."""

from __future__ import annotations

from pydantic import BaseModel

from shared.contracts.vocabulary import AcademicYearName

__all__ = ["RosterSummary"]


class RosterSummary(BaseModel):
    """Active pupils and groups only. `academic_year` is null where nothing was heard yet."""

    pupils: int
    groups: int
    pupils_without_class: int
    missing_upn: int
    academic_year: AcademicYearName | None
