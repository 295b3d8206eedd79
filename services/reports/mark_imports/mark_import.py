"""An import of marks as the rules see it, and what becomes of each of its rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from services.reports.markbook.mark import Mark, MarkValues
from shared.imports import uploads
from shared.tabular.table import Limits

__all__ = ["LIMITS", "MarkImport", "Planned", "Result", "StagedRow"]

LIMITS = Limits(rows=1_000)
"""No group has so many pupils; a list of the whole school still is read and told apart."""


@dataclass(frozen=True)
class Result(uploads.Result):
    pupil_id: UUID | None = None
    ids: ClassVar[frozenset[str]] = frozenset({"pupil_id"})


StagedRow = uploads.StagedRow[Result]


@dataclass(frozen=True)
class Planned:
    """A result with what it is done by: the mark before, and its values afterwards."""

    result: Result
    before: Mark | None = None
    after: MarkValues | None = None


@dataclass(frozen=True, kw_only=True)
class MarkImport(uploads.Upload):
    """Of one group, subject and term. Nobody but its account sees it."""

    account_id: UUID
    group_id: UUID
    subject_id: UUID
    term_id: UUID
