"""An upload as the rules see it, and what becomes of each of its rows (R10)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any, ClassVar, Generic, Literal, Self, TypeAlias, TypeVar
from uuid import UUID

from shared.tabular.table import Heading

__all__ = [
    "KEPT_FOR",
    "OUTCOMES",
    "FieldChange",
    "Outcome",
    "Remark",
    "Result",
    "StagedRow",
    "State",
    "Upload",
    "Uploaded",
]

Outcome: TypeAlias = Literal["added", "updated", "unchanged", "rejected"]
State: TypeAlias = Literal["uploaded", "previewed", "confirmed"]
OUTCOMES: tuple[Outcome, ...] = ("added", "updated", "unchanged", "rejected")

KEPT_FOR = timedelta(days=2)
"""How long an upload stays that nobody confirms."""


@dataclass(frozen=True)
class Remark:
    """Something about a row, in a sentence; `field` where it is about one of the columns."""

    detail: str
    field: str | None = None


@dataclass(frozen=True)
class FieldChange:
    """`by_hand`: what is there now was set by hand, and is marked so (R13)."""

    field: str
    before: str | None
    after: str | None
    by_hand: bool = False

    def stored(self) -> dict[str, Any]:
        return {name: value for name, value in vars(self).items() if value is not False}


@dataclass(frozen=True)
class Result:
    """What becomes of a row, as the preview shows it and as it is kept; a service adds its ids."""

    number: int
    outcome: Outcome
    name: str
    changes: tuple[FieldChange, ...] = ()
    faults: tuple[Remark, ...] = ()
    ids: ClassVar[frozenset[str]] = frozenset()
    """Fields that are ids."""

    def stored(self) -> dict[str, Any]:
        return {
            name: str(value) if name in self.ids and value else value
            for name, value in vars(self).items()
        } | {
            "changes": [change.stored() for change in self.changes],
            "faults": [asdict(fault) for fault in self.faults],
        }

    @classmethod
    def of_stored(cls, stored: Mapping[str, Any]) -> Self:
        ids = {name: UUID(stored[name]) for name in cls.ids if stored[name]}
        return cls(
            **{
                **stored,
                **ids,
                "changes": tuple(FieldChange(**change) for change in stored["changes"]),
                "faults": tuple(Remark(**fault) for fault in stored["faults"]),
            }
        )


_R = TypeVar("_R", bound=Result)


@dataclass(frozen=True)
class StagedRow(Generic[_R]):
    """A row as it was uploaded; `result` once it was looked through."""

    number: int
    cells: Sequence[str]
    surplus: bool = False
    result: _R | None = None


@dataclass(frozen=True, kw_only=True)
class Uploaded:
    """What every upload has: a file of a school, and what its columns are taken for."""

    import_id: UUID
    school_id: UUID
    file_name: str
    made_at: datetime
    headings: tuple[Heading, ...] = ()
    columns: Mapping[int, str] = field(default_factory=dict)
    """Column → field."""

    def column_of(self, wanted: str | None) -> Heading | None:
        """The column that is taken for this field."""
        return next((h for h in self.headings if self.columns.get(h.column) == wanted), None)


@dataclass(frozen=True, kw_only=True)
class Upload(Uploaded):
    """One upload at one version."""

    state: State = "uploaded"
    version: int = 1
    row_count: int = 0
    counts: Mapping[str, int] = field(default_factory=dict)
    fingerprint: str | None = None
    """What the preview says, so that a confirmation does that and nothing else."""
    confirmed_at: datetime | None = None
