"""The shape of the set-up guide's figures over HTTP (R28)."""

from __future__ import annotations

from pydantic import BaseModel, Field

__all__ = ["ReportsSetUp"]


class ReportsSetUp(BaseModel):
    """Counted now. Terms are those of the school's academic year."""

    has_logo: bool
    subjects: int
    terms: int
    terms_proposed: int = Field(description="Which nobody has saved yet.")
