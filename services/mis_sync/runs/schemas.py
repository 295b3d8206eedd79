"""The shape of a run: one line of the sync history (R23)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from services.mis_sync.runs import changes_listing, held, held_repository
from services.mis_sync.runs.limits import QUIET_FOR
from services.mis_sync.runs.listing import ListedRun
from services.mis_sync.snapshots.records import Losses
from shared.web.paging import Page

__all__ = [
    "Change",
    "ChangeKind",
    "ChangeOutcome",
    "Changes",
    "FieldChange",
    "Gone",
    "Held",
    "LossCount",
    "Progress",
    "Release",
    "Run",
    "Timings",
]

Who = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
ChangeKind = Literal["pupil", "group", "staff", "parent", "member", "teacher"]
ChangeOutcome = Literal["applied", "overridden", "waiting", "stale", "refused"]


class Progress(BaseModel):
    """How far a run is: what has arrived, and what the owners have answered."""

    parts: int | None
    parts_arrived: int
    batches: int
    batches_answered: int
    quiet_minutes: int | None = Field(
        description="For so long nothing has arrived of a snapshot that has not ended; null where "
        "something did just now."
    )


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
    remarks: list[str] = Field(
        description="What was left out of the snapshot, and where, to be mended in the MIS."
    )
    progress: Progress
    timings_ms: Timings

    @classmethod
    def of(cls, run: ListedRun, now: datetime) -> Run:
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
            remarks=run.remarks,
            progress=Progress(
                parts=run.parts,
                parts_arrived=run.parts_arrived,
                batches=run.batches,
                batches_answered=run.batches_answered,
                quiet_minutes=_quiet_minutes(run.last_arrived_at, now),
            ),
            timings_ms=Timings(
                receiving=_between(run.created_at, run.staged_at),
                waiting=_between(run.staged_at or run.created_at, run.started_at),
                comparing=_between(run.started_at, run.compared_at),
                applying=_between(run.compared_at, run.ended_at),
            ),
        )


class FieldChange(BaseModel):
    """Optional fields of pupils stand by name only, without what they hold."""

    field: str
    before: Any = None
    after: Any = None


class Change(BaseModel):
    """What a run did with one record, or with one link of a person to a `group`.

    `outcome` `overridden`: it was set by hand here and stays (R13).
    """

    kind: ChangeKind
    record_id: UUID
    label: str
    group_id: UUID | None
    group: str | None
    action: str
    outcome: ChangeOutcome
    reason: str | None
    fields: list[FieldChange]

    @classmethod
    def of(cls, change: changes_listing.Change) -> Change:
        return cls.model_validate(change, from_attributes=True)


class Changes(Page[Change]):
    """`counts`: how many of each kind the search finds, whatever kind is shown."""

    counts: dict[ChangeKind, int]


class LossCount(BaseModel):
    """Of the active records here that are mapped, how many would be gone."""

    mapped: int
    gone: int

    @classmethod
    def of(cls, losses: Losses) -> LossCount:
        return cls(mapped=losses.mapped, gone=losses.gone)


class Gone(BaseModel):
    """Who would be gone, or of parents who would lose a child. `groups`: the classes and sets of a
    pupil; of a parent the children whom the MIS gave them."""

    kind: Literal["pupil", "group", "parent"]
    id: UUID
    label: str
    year_group: str | None
    groups: list[str]

    @classmethod
    def of(cls, gone: held_repository.Gone) -> Gone:
        return cls.model_validate(gone, from_attributes=True)


class Held(BaseModel):
    """A snapshot that is held (R18). `server_changed`: only re-instating the link helps (R21)."""

    run_id: UUID
    taken_at: AwareDatetime | None
    server_changed: bool
    pupils: LossCount
    groups: LossCount
    parents: LossCount
    gone: list[Gone]
    who: str = Field(description="The digest of who they are, to be sent back with the release.")

    @classmethod
    def of(cls, standing: held.Held) -> Held:
        return cls(
            run_id=standing.run_id,
            taken_at=standing.taken_at,
            server_changed=standing.server_changed,
            pupils=LossCount.of(standing.pupils),
            groups=LossCount.of(standing.groups),
            parents=LossCount.of(standing.parents),
            gone=[Gone.of(one) for one in standing.gone],
            who=standing.who,
        )


class Release(BaseModel):
    """Who a person was shown as gone; if it is not so any more, nothing is released."""

    model_config = ConfigDict(extra="forbid")

    pupils_gone: int = Field(ge=0)
    groups_gone: int = Field(ge=0)
    parents_gone: int = Field(default=0, ge=0)
    who: Who

    def as_shown(self) -> held.Shown:
        counts = {"pupil": self.pupils_gone, "group": self.groups_gone, "parent": self.parents_gone}
        return held.Shown(counts, self.who)


def _quiet_minutes(last: datetime | None, now: datetime) -> int | None:
    minutes = int((now - last) / timedelta(minutes=1)) if last is not None else 0
    return minutes if timedelta(minutes=minutes) >= QUIET_FOR else None


def _between(start: datetime | None, end: datetime | None) -> int | None:
    if start is None or end is None:
        return None
    return round((end - start).total_seconds() * 1000)
