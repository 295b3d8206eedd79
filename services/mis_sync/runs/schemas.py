"""The shape of a run: one line of the sync history (R23)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, Field

from services.mis_sync.runs.listing import ListedRun

__all__ = ["Progress", "Run", "Timings"]


class Progress(BaseModel):
    """How far a run is: what has arrived, and what the owners have answered."""

    parts: int | None
    parts_arrived: int
    batches: int
    batches_answered: int


class Timings(BaseModel):
    """Milliseconds; null where the run did not come so far."""

    receiving: int | None
    waiting: int | None
    comparing: int | None
    applying: int | None


class Run(BaseModel):
    """`counts`: what was proposed (`pupils_created`) and what came of it (`pupils_applied`)."""

    id: UUID
    cause: str
    state: str
    reason: str | None = Field(description="Why it was refused, held or passed over.")
    repeats: int
    attempt: int
    snapshot_id: UUID | None
    snapshot_taken_at: AwareDatetime | None
    academic_year: str | None
    started_at: AwareDatetime
    finished_at: AwareDatetime | None
    counts: dict[str, int]
    progress: Progress
    timings_ms: Timings

    @classmethod
    def of(cls, run: ListedRun) -> Run:
        return cls(
            id=run.id,
            cause=run.cause,
            state=run.state,
            reason=run.note,
            repeats=run.repeats,
            attempt=run.attempt,
            snapshot_id=run.snapshot_id,
            snapshot_taken_at=run.taken_at,
            academic_year=run.academic_year,
            started_at=run.created_at,
            finished_at=run.ended_at,
            counts=run.counts,
            progress=Progress.model_validate(run, from_attributes=True),
            timings_ms=Timings(
                receiving=_between(run.created_at, run.staged_at),
                waiting=_between(run.staged_at or run.created_at, run.started_at),
                comparing=_between(run.started_at, run.compared_at),
                applying=_between(run.compared_at, run.ended_at),
            ),
        )


def _between(start: datetime | None, end: datetime | None) -> int | None:
    if start is None or end is None:
        return None
    return round((end - start).total_seconds() * 1000)
