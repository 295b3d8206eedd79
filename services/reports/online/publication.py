"""A job's reports as parents see them, or do not (R27). Rules; no database.

Of each kind and term parents see one report of a child: a newer one replaces the earlier.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias
from uuid import UUID

from services.reports.generated.job import Job

__all__ = ["Hindrance", "Opening", "Publication", "PublishedPupil", "State"]

State: TypeAlias = Literal["published", "withdrawn", "replaced"]
Hindrance: TypeAlias = Literal["newer", "not_on_roll", "not_kept"]


@dataclass(frozen=True)
class Opening:
    """A parent who had the report open."""

    parent_id: UUID
    name: str
    first_at: datetime
    last_at: datetime


@dataclass(frozen=True, kw_only=True)
class PublishedPupil:
    """A pupil of the job. `state` is `None` for who was never published.

    `kept`: what stands in it is still there. `newer`: parents see one of a job that was asked for
    later; `earlier`: of one before, which gives way.
    """

    pupil_id: UUID
    name: str
    on_roll: bool
    newer: bool
    earlier: bool
    kept: bool
    state: State | None = None
    published_at: datetime | None = None
    published_by_name: str | None = None
    ended_at: datetime | None = None
    ended_by_name: str | None = None
    openings: tuple[Opening, ...] = ()

    @property
    def published(self) -> bool:
        return self.state == "published"

    @property
    def hindrance(self) -> Hindrance | None:
        """Why it cannot be published: an older one never takes the place of a newer."""
        if self.published:
            return None
        if not self.on_roll:
            return "not_on_roll"
        if not self.kept:
            return "not_kept"
        return "newer" if self.newer else None

    @property
    def may_be_published(self) -> bool:
        return not self.published and self.hindrance is None


@dataclass(frozen=True)
class Publication:
    """`pupils` are those of the job whom somebody sees, in the order of its reports."""

    job: Job
    pupils: Sequence[PublishedPupil]

    def named(self, ids: Collection[UUID]) -> list[PublishedPupil]:
        return [pupil for pupil in self.pupils if pupil.pupil_id in ids]
