"""An import of users as the rules see it, and what becomes of each of its rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID

from services.identity.accounts.account import Account, Leadership
from shared.contracts.vocabulary import StaffRole
from shared.tabular.table import Heading, Limits

__all__ = [
    "KEPT_FOR",
    "LIMITS",
    "OUTCOMES",
    "Fault",
    "FieldChange",
    "Outcome",
    "Planned",
    "Position",
    "Result",
    "Said",
    "StagedRow",
    "State",
    "UserImport",
]

Outcome = Literal["added", "updated", "unchanged", "rejected"]
State = Literal["uploaded", "previewed", "confirmed"]
OUTCOMES: tuple[Outcome, ...] = ("added", "updated", "unchanged", "rejected")

KEPT_FOR = timedelta(days=2)
"""How long an upload stays, whatever became of it."""
LIMITS = Limits(rows=5_000)
"""No school has so many staff; one transaction makes them all."""


@dataclass(frozen=True)
class Position:
    """What a role in a file says. `SLT` says nothing of who is head."""

    role: StaffRole
    leadership: Leadership | None = None


@dataclass(frozen=True)
class Fault:
    """What is wrong with a row, in a sentence; `field` where it is one of the columns."""

    detail: str
    field: str | None = None


@dataclass(frozen=True)
class Said:
    """What one row says. An empty cell says nothing, so `values` has no entry for it."""

    number: int
    values: dict[str, str] = field(default_factory=dict)
    position: Position | None = None
    faults: tuple[Fault, ...] = ()

    @property
    def name(self) -> str:
        names = (self.values.get("forename"), self.values.get("surname"))
        return " ".join(part for part in names if part)


@dataclass(frozen=True)
class FieldChange:
    """`by_hand`: what is there now was set by hand, and is marked so (R13)."""

    field: str
    before: str | None
    after: str | None
    by_hand: bool = False


@dataclass(frozen=True)
class Result:
    """What becomes of a row, as the preview shows it and as it is kept."""

    number: int
    outcome: Outcome
    name: str
    username: str | None = None
    user_id: UUID | None = None
    changes: tuple[FieldChange, ...] = ()
    faults: tuple[Fault, ...] = ()

    def stored(self) -> dict[str, Any]:
        return {
            **vars(self),
            "user_id": str(self.user_id) if self.user_id else None,
            "changes": [vars(change) for change in self.changes],
            "faults": [vars(fault) for fault in self.faults],
        }

    @classmethod
    def of_stored(cls, stored: dict[str, Any]) -> Result:
        return cls(
            **{
                **stored,
                "user_id": UUID(stored["user_id"]) if stored["user_id"] else None,
                "changes": tuple(FieldChange(**change) for change in stored["changes"]),
                "faults": tuple(Fault(**fault) for fault in stored["faults"]),
            }
        )


@dataclass(frozen=True)
class Planned:
    """A result with what it is done by: the row, or the user before and what changes of them."""

    result: Result
    said: Said
    before: Account | None = None
    changed: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class StagedRow:
    """A row as it was uploaded; `result` once it was looked through."""

    number: int
    cells: Sequence[str]
    surplus: bool = False
    result: Result | None = None


@dataclass(frozen=True, kw_only=True)
class UserImport:
    """One upload at one version. `columns` maps a column to the field that it is taken for."""

    import_id: UUID
    school_id: UUID
    file_name: str
    made_at: datetime
    state: State = "uploaded"
    version: int = 1
    headings: tuple[Heading, ...]
    columns: dict[int, str]
    keep_over_mis: bool = False
    add_namesakes: bool = False
    row_count: int = 0
    counts: dict[str, int] = field(default_factory=dict)
    fingerprint: str | None = None
    confirmed_at: datetime | None = None

    def column_of(self, wanted: str | None) -> Heading | None:
        """The column that is taken for this field."""
        return next((h for h in self.headings if self.columns.get(h.column) == wanted), None)
