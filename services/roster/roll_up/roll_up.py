"""A roll-up that ran, and what it remembers of each pupil and membership, to be undone by (R12)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from services.roster.links.link import Link, LinkKey
from services.roster.pupils.pupil import Pupil
from shared.contracts.vocabulary import Origin, YearGroup

__all__ = ["UNDO_FOR", "MovedLink", "MovedPupil", "RollUp"]

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

    @property
    def undo_until(self) -> datetime:
        return self.ran_at + UNDO_FOR


@dataclass(frozen=True, kw_only=True)
class MovedPupil:
    """How a pupil was before, and how the roll-up left them."""

    pupil_id: UUID
    year_group: YearGroup | None
    active_reason: str | None
    overrides: tuple[str, ...]
    year_group_after: YearGroup | None
    active_after: bool

    def is_as_left(self, pupil: Pupil) -> bool:
        """Nobody has changed since what the roll-up changed."""
        return (pupil.year_group, pupil.active) == (self.year_group_after, self.active_after)


@dataclass(frozen=True, kw_only=True)
class MovedLink:
    """How a membership was before; where there was none, it was not present."""

    key: LinkKey
    version_after: int
    present: bool
    waiting: bool
    origin: Origin
    override: bool

    @classmethod
    def of(cls, before: Link | None, after: Link) -> MovedLink:
        return cls(
            key=after.key,
            version_after=after.version,
            present=before is not None and before.present,
            waiting=before is not None and before.waiting,
            origin=before.origin if before else after.origin,
            override=before is not None and before.override,
        )

    def is_as_left(self, link: Link) -> bool:
        return link.version == self.version_after
