"""The shape of the set-up guide's figures over HTTP (R28)."""

from __future__ import annotations

from pydantic import BaseModel, Field

from shared.contracts.vocabulary import AcademicYearName

__all__ = ["RosterSetUp"]


class RosterSetUp(BaseModel):
    """Counted now; active ones only."""

    pupils: int
    missing_upn: int
    pupils_without_class: int
    groups: int
    classes: int
    classes_without_teacher: int = Field(description="Which no active user is linked to (R13).")
    classes_without_next: int = Field(
        description="Of whose pupils somebody would be without a class at the roll-up (R12)."
    )
    academic_year: AcademicYearName
