"""The shape of what reports knows of a school."""

from __future__ import annotations

from pydantic import BaseModel

from shared.contracts.vocabulary import AcademicYearName

__all__ = ["ReportsSummary"]


class ReportsSummary(BaseModel):
    """Active pupils, groups and users, and present links of active ones to active groups."""

    academic_year: AcademicYearName | None
    pupils: int
    groups: int
    users: int
    memberships: int
    teachings: int
