"""The shapes of differences and of what is not here, on the wire."""

from __future__ import annotations

from typing import Any, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, Field

from services.mis_sync.differences.listing import Listed
from services.mis_sync.mapping.decisions import actions_for
from shared.web.paging import Page

__all__ = [
    "Difference",
    "DifferenceCount",
    "DifferencePage",
    "NotHere",
    "NotHereCount",
    "NotHerePage",
    "Suggestion",
]

Action = Literal["map", "create", "ignore", "unignore"]


class Suggestion(BaseModel):
    """A record here that it may be, or that stands in the way; `values` by field."""

    id: UUID
    label: str
    values: dict[str, Any]

    @classmethod
    def of(cls, listed: Listed) -> Suggestion | None:
        if listed.suggestion_id is None or listed.here is None:
            return None
        return cls(id=listed.suggestion_id, label=listed.here_label, values=listed.here)


class Difference(BaseModel):
    """What a person must decide (R18). `version` goes back with the decision."""

    id: UUID
    version: int
    kind: str
    state: Literal["open", "ignored", "resolved"]
    match: Literal["not_matched", "may_match", "new", "matched"]
    mis_kind: Literal["pupil", "staff", "group", "contact", "link", "run"]
    label: str
    reason_code: str
    reason: str
    mis: dict[str, Any] = Field(description="The record as the MIS has it.")
    suggestion: Suggestion | None
    actions: list[Action] = Field(description="What may be decided of it as it stands.")
    found_at: AwareDatetime

    @classmethod
    def of(cls, listed: Listed) -> Difference:
        return cls.model_validate(
            {
                "id": listed.id,
                "version": listed.version,
                "kind": listed.kind,
                "state": listed.state,
                "match": listed.match,
                "mis_kind": listed.mis_kind,
                "label": listed.label,
                "reason_code": listed.reason_code,
                "reason": listed.reason,
                "mis": listed.mis,
                "suggestion": Suggestion.of(listed),
                "actions": actions_for(listed.kind, listed.mis_kind, listed.state),
                "found_at": listed.created_at,
            }
        )


class NotHere(BaseModel):
    """In the MIS, not here, because … (R20). `probably` is who they may be here."""

    id: UUID
    version: int
    kind: Literal["pupil", "staff", "contact"]
    reason_kind: str
    label: str
    reason_code: str
    reason: str
    mis: dict[str, Any]
    probably: Suggestion | None
    actions: list[Action] = Field(description="What can be done about it from here.")
    found_at: AwareDatetime

    @classmethod
    def of(cls, listed: Listed) -> NotHere:
        return cls.model_validate(
            {
                "id": listed.id,
                "version": listed.version,
                "kind": listed.mis_kind,
                "reason_kind": listed.kind,
                "label": listed.label,
                "reason_code": listed.reason_code,
                "reason": listed.reason,
                "mis": listed.mis,
                "probably": Suggestion.of(listed),
                "actions": actions_for(listed.kind, listed.mis_kind, listed.state),
                "found_at": listed.created_at,
            }
        )


class NotHereCount(BaseModel):
    """How many there are for one reason."""

    kind: str
    reason_kind: str
    count: int


class NotHerePage(Page[NotHere]):
    """`counts` are of all that is not here, by who they are and why."""

    counts: list[NotHereCount]


class DifferenceCount(BaseModel):
    kind: str
    count: int


class DifferencePage(Page[Difference]):
    """`counts` are of all in the asked state, by kind."""

    counts: list[DifferenceCount]
