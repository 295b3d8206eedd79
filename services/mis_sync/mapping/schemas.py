"""The shapes of a mapping that is saved or previewed."""

from __future__ import annotations

from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.mis_sync.mapping.decisions import Action, Decided, Decision
from services.mis_sync.mapping.service import Saved

__all__ = ["DecisionIn", "MappingIn", "MappingPreview", "MappingResult", "ResultOut"]


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
    """`outcome`: mapped, created, retried, ignored, unignored; or conflict, not_found, refused."""

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
    def of(cls, saved: Saved) -> MappingResult:
        return cls(
            run_id=saved.run_id,
            results=[ResultOut.of(result) for result in saved.results],
            counts=saved.counts,
        )


class MappingPreview(BaseModel):
    """What saving would do. Nothing was changed."""

    model_config = ConfigDict(from_attributes=True)

    creates_users: int
    creates_groups: int
    creates_pupils: int
    links_groups: int
    links_users: int
    links_pupils: int
    removes_links: int
    ignores: int
    not_possible: int
