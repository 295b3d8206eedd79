"""A roll-up that ran (R12)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

__all__ = ["UNDO_FOR", "RollUp"]

UNDO_FOR = timedelta(days=28)


@dataclass(frozen=True, kw_only=True)
class RollUp:
    """`academic_year` is the one that it began."""

    id: UUID
    academic_year: str
    ran_at: datetime
    without_class: tuple[UUID, ...]
    without_year: tuple[UUID, ...]
    leavers_group_id: UUID | None = None
    """The set that leavers were put into, if there was one (R29)."""
    undone_at: datetime | None = None
    changed_since: tuple[UUID, ...] = ()
    """Of an undone one, whom it left as they were, since somebody had changed them."""

    @property
    def undo_until(self) -> datetime:
        return self.ran_at + UNDO_FOR
