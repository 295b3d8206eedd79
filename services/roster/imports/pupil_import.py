"""An import of pupils as the rules see it, and what becomes of each of its rows (R10)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal, TypeAlias, TypeVar
from uuid import UUID

from shared.imports.uploads import KEPT_FOR, FieldChange, Remark, Uploaded
from shared.tabular.table import Limits

__all__ = [
    "LIMITS",
    "OUTCOMES",
    "UNDO_FOR",
    "ClassesMeant",
    "DateOrder",
    "Found",
    "How",
    "Listed",
    "Outcome",
    "Planned",
    "Progress",
    "PupilImport",
    "Result",
    "Scope",
    "StagedRow",
    "State",
]

T = TypeVar("T")
Outcome: TypeAlias = Literal["added", "updated", "unchanged", "made_inactive", "rejected"]
State: TypeAlias = Literal["reading", "uploaded", "previewed", "confirmed", "undone"]
Scope: TypeAlias = Literal["partial", "full"]
DateOrder: TypeAlias = Literal["dmy", "ymd", "mdy"]
ClassesMeant: TypeAlias = Literal["add", "replace"]
Listing: TypeAlias = Outcome | Literal["changed_since"]
"""What rows are asked for by: also those that undoing left, since they were changed since."""
Shown: TypeAlias = State | Literal["interrupted", "applying"]
OUTCOMES: tuple[Outcome, ...] = ("added", "updated", "unchanged", "made_inactive", "rejected")

UNDO_FOR = timedelta(days=7)
"""From the confirmation; what was confirmed stays as long, and then only the log tells of it."""
READING_FOR = timedelta(minutes=4)
"""Longer than any file takes to come and to be read."""
LIMITS = Limits()
MANY_PERCENT = 20
"""Of the roll: more than these become inactive only if it is said once more (R10)."""


@dataclass(frozen=True)
class Result:
    """What becomes of a row, or of a pupil whom the file does not list (`number` is `None`)."""

    number: int | None
    outcome: Outcome
    name: str
    upn: str | None = None
    pupil_id: UUID | None = None
    probable: bool = False
    changes: tuple[FieldChange, ...] = ()
    faults: tuple[Remark, ...] = ()
    notes: tuple[Remark, ...] = ()

    @classmethod
    def of_stored(cls, stored: Mapping[str, Any]) -> Result:
        """From JSON, which leaves out what says nothing."""
        return cls(
            **{
                **stored,
                "pupil_id": UUID(stored["pupil_id"]) if stored["pupil_id"] else None,
                "changes": tuple(_of(FieldChange, one) for one in stored.get("changes", ())),
                "faults": tuple(_of(Remark, one) for one in stored.get("faults", ())),
                "notes": tuple(_of(Remark, one) for one in stored.get("notes", ())),
            }
        )


def _of(kind: type[T], stored: Any) -> T:
    """Those that were kept some days ago have names."""
    return kind(**stored) if isinstance(stored, dict) else kind(*stored)


@dataclass(frozen=True)
class StagedRow:
    """A row as it was uploaded."""

    number: int
    cells: Sequence[str]
    surplus: bool = False


@dataclass(frozen=True, kw_only=True)
class How:
    """How an import is meant, as the person says it."""

    scope: Scope = "partial"
    date_order: DateOrder | None = None
    classes: ClassesMeant | None = None
    make_classes: bool = False
    same_pupils: bool = False
    keep_over_mis: bool = False


@dataclass(frozen=True)
class Progress:
    """How far work is that goes on now; `total` is `None` while it is not known."""

    done: int
    total: int | None


@dataclass(frozen=True)
class Planned:
    """What a preview was worked out from: as long as `basis` is the same, so is the plan.

    `changing` counts all pupils and memberships that change; `raised` are pupils on roll who would
    go to a later year group (R12).
    """

    basis: str
    changing: int
    raised: int


@dataclass(frozen=True, kw_only=True)
class PupilImport(Uploaded):
    """One upload at one version.

    `counts` has the outcomes, and of the pupils behind them how many were inactive
    (`made_active`) or are only probably meant (`probable`).
    """

    state: State = "reading"
    version: int = 1
    how: How = field(default_factory=How)
    row_count: int = 0
    samples: tuple[StagedRow, ...] = ()
    """The first rows of the file."""
    counts: Mapping[str, int] = field(default_factory=dict)
    active_roll: int = 0
    new_classes: tuple[str, ...] = ()
    missing_classes: tuple[str, ...] = ()
    refused_because: str | None = None
    fingerprint: str | None = None
    planned: Planned | None = None
    confirmed_at: datetime | None = None
    undone_at: datetime | None = None
    undone: Mapping[str, int] = field(default_factory=dict)

    def count_of(self, outcome: Listing | None) -> int:
        """How many rows the list of that outcome has, or of all but those left by undoing."""
        if outcome == "changed_since":
            return self.undone.get("changed_since", 0)
        wanted = [outcome] if outcome else OUTCOMES
        return sum(self.counts.get(name, 0) for name in wanted)

    @property
    def kept_until(self) -> datetime:
        return self.confirmed_at + UNDO_FOR if self.confirmed_at else self.made_at + KEPT_FOR

    @property
    def makes_many_inactive(self) -> bool:
        """R10: more than 20 % of the roll."""
        return self.counts.get("made_inactive", 0) * 100 > self.active_roll * MANY_PERCENT


@dataclass(frozen=True)
class Listed:
    """One of the results, at its place in the list."""

    place: int
    outcome: Listing
    result: Result


@dataclass(frozen=True, kw_only=True)
class Found:
    """An import as a person sees it now. `column_notes` say why a known column is not used.

    Nothing is shown of `hidden_fields`, which the school does not keep, nor what stands in
    `hidden_columns`.
    """

    the_import: PupilImport
    state: Shown
    undo_until: datetime | None = None
    progress: Progress | None = None
    fields: tuple[str, ...] = ()
    column_notes: Mapping[int, str] = field(default_factory=dict)
    hidden_fields: frozenset[str] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
