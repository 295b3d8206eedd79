"""An import of marks as the rules see it, and what becomes of each of its rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID

from services.reports.markbook.mark import Mark, MarkValues
from shared.tabular.table import Heading, Limits

__all__ = [
    "KEPT_FOR",
    "LIMITS",
    "OUTCOMES",
    "Fault",
    "FieldChange",
    "MarkImport",
    "Outcome",
    "Planned",
    "Result",
    "StagedRow",
    "State",
]

Outcome = Literal["added", "updated", "unchanged", "rejected"]
State = Literal["uploaded", "previewed", "confirmed"]
OUTCOMES: tuple[Outcome, ...] = ("added", "updated", "unchanged", "rejected")

KEPT_FOR = timedelta(days=2)
"""How long an upload stays, whatever became of it."""
LIMITS = Limits(rows=1_000)
"""No group has so many pupils; a list of the whole school still is read and told apart."""


@dataclass(frozen=True)
class Fault:
    """What is wrong with a row, in a sentence; `field` where it is one of the columns."""

    detail: str
    field: str | None = None


@dataclass(frozen=True)
class FieldChange:
    """In the school's words."""

    field: str
    before: str | None
    after: str | None


@dataclass(frozen=True)
class Result:
    """What becomes of a row, as the preview shows it and as it is kept."""

    number: int
    outcome: Outcome
    name: str
    pupil_id: UUID | None = None
    changes: tuple[FieldChange, ...] = ()
    faults: tuple[Fault, ...] = ()

    def stored(self) -> dict[str, Any]:
        return {
            **vars(self),
            "pupil_id": str(self.pupil_id) if self.pupil_id else None,
            "changes": [vars(change) for change in self.changes],
            "faults": [vars(fault) for fault in self.faults],
        }

    @classmethod
    def of_stored(cls, stored: dict[str, Any]) -> Result:
        return cls(
            **{
                **stored,
                "pupil_id": UUID(stored["pupil_id"]) if stored["pupil_id"] else None,
                "changes": tuple(FieldChange(**change) for change in stored["changes"]),
                "faults": tuple(Fault(**fault) for fault in stored["faults"]),
            }
        )


@dataclass(frozen=True)
class Planned:
    """A result with what it is done by: the mark before, and its values afterwards."""

    result: Result
    before: Mark | None = None
    after: MarkValues | None = None


@dataclass(frozen=True)
class StagedRow:
    """A row as it was uploaded; `result` once it was looked through."""

    number: int
    cells: Sequence[str]
    surplus: bool = False
    result: Result | None = None


@dataclass(frozen=True, kw_only=True)
class MarkImport:
    """One upload at one version. `columns` maps a column to the field that it is taken for."""

    import_id: UUID
    school_id: UUID
    account_id: UUID
    group_id: UUID
    subject_id: UUID
    term_id: UUID
    file_name: str
    made_at: datetime
    state: State = "uploaded"
    version: int = 1
    headings: tuple[Heading, ...]
    columns: dict[int, str]
    row_count: int = 0
    counts: dict[str, int] = field(default_factory=dict)
    fingerprint: str | None = None
    confirmed_at: datetime | None = None

    def column_of(self, wanted: str | None) -> Heading | None:
        """The column that is taken for this field."""
        return next((h for h in self.headings if self.columns.get(h.column) == wanted), None)
