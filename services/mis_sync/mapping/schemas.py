"""The shapes of a mapping that is saved, previewed, or looked through and changed."""

from __future__ import annotations

from typing import Any, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from services.mis_sync.mapping.changes import Change, ChangeAction
from services.mis_sync.mapping.decisions import Action, Decided, Decision
from services.mis_sync.mapping.outcomes import Became
from services.mis_sync.mapping.service import Saved
from shared.web.paging import Page

__all__ = [
    "ChangeIn",
    "ChangeOut",
    "ChangesIn",
    "ChangesResult",
    "DecisionIn",
    "MappedOut",
    "MappedPage",
    "MappingIn",
    "MappingPreview",
    "MappingResult",
    "ReasonOut",
    "RecordKind",
    "ResultOut",
]

RecordKind = Literal["pupil", "staff", "group"]


class DecisionIn(BaseModel):
    """`map` takes the suggested record if `record_id` names no other."""

    model_config = ConfigDict(extra="forbid")

    difference_id: UUID
    action: Action
    record_id: UUID | None = None
    expected_version: int = Field(ge=0)


class MappingIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    decisions: list[DecisionIn] = Field(min_length=1, max_length=500)

    def plain(self) -> list[Decision]:
        return [
            Decision(each.difference_id, each.action, each.record_id, each.expected_version)
            for each in self.decisions
        ]


class ResultOut(BaseModel):
    """`outcome`: mapped, created, retried, ignored, unignored; or not_found, refused."""

    difference_id: UUID
    outcome: str
    detail: str | None

    @classmethod
    def of(cls, decided: Decided) -> ResultOut:
        return cls(
            difference_id=decided.decision.difference_id,
            outcome=decided.outcome,
            detail=decided.detail,
        )


class MappingResult(BaseModel):
    """`counts` are of the outcomes."""

    run_id: UUID | None
    results: list[ResultOut]
    counts: dict[str, int]

    @classmethod
    def of(cls, saved: Saved[Decided]) -> MappingResult:
        return cls(
            run_id=saved.run_id,
            results=[ResultOut.of(result) for result in saved.results],
            counts=saved.counts,
        )


class ReasonOut(BaseModel):
    """Who it is about, and why."""

    model_config = ConfigDict(from_attributes=True)

    label: str
    reason: str


class MappingPreview(BaseModel):
    """What saving would do. Nothing was changed.

    `refused` are the ones that are not possible; `without_user` are staff of the groups decided now
    who get none; `asks` counts what will have to be decided after it; with `other_year` groups and
    users wait until the MIS is in the school's academic year (R22).
    """

    model_config = ConfigDict(from_attributes=True)

    maps: int
    moves: int
    takes_apart: int
    ignores: int
    unignores: int
    tries_again: int
    creates_users: int
    creates_groups: int
    creates_pupils: int
    creates_parents: int
    changes_pupils: int
    changes_groups: int
    changes_users: int
    deactivates_pupils: int
    links_groups: int
    links_users: int
    links_pupils: int
    adds_memberships: int
    adds_teaching: int
    removes_links: int
    asks: int
    not_possible: int
    refused: list[ReasonOut]
    without_user: list[ReasonOut]
    sync_running: bool
    other_year: bool


class ChangeIn(BaseModel):
    """`move` needs the record here that it is from now on."""

    model_config = ConfigDict(extra="forbid")

    kind: RecordKind
    mis_id: str = Field(min_length=1, max_length=200)
    action: ChangeAction
    record_id: UUID | None = None
    expected_version: int = Field(ge=0)


class ChangesIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    changes: list[ChangeIn] = Field(min_length=1, max_length=500)

    def plain(self) -> list[Change]:
        return [
            Change(each.kind, each.mis_id, each.action, each.record_id, each.expected_version)
            for each in self.changes
        ]


class ChangeOut(BaseModel):
    """`outcome`: moved, taken_apart; or refused, with the reason."""

    kind: str
    mis_id: str
    label: str
    outcome: str
    detail: str | None

    @classmethod
    def of(cls, became: Became) -> ChangeOut:
        return cls(
            kind=became.mis_kind,
            mis_id=became.key,
            label=became.label,
            outcome=became.outcome,
            detail=became.detail,
        )


class ChangesResult(BaseModel):
    run_id: UUID | None
    results: list[ChangeOut]

    @classmethod
    def of(cls, saved: Saved[Became]) -> ChangesResult:
        return cls(run_id=saved.run_id, results=[ChangeOut.of(each) for each in saved.results])


class MappedOut(BaseModel):
    """A record of the MIS and the record here that it is. `version` goes back with a change.

    `here` is null while the record is still to be made; `gone`: the MIS does not have it now.
    """

    model_config = ConfigDict(from_attributes=True)

    kind: RecordKind
    mis_id: str
    label: str
    record_id: UUID
    here_label: str | None
    origin: Literal["matched", "new", "person"]
    reason: str
    made_by: str | None
    made_at: AwareDatetime
    version: int
    gone: bool
    mis: dict[str, Any]
    here: dict[str, Any] | None


class MappedPage(Page[MappedOut]):
    """`counts` are of all that is mapped, by kind."""

    counts: dict[str, int]
