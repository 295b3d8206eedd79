"""The shapes of differences and of what is not here, on the wire."""

from __future__ import annotations

from typing import Any, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, Field

from services.mis_sync.differences.listing import Listed

__all__ = ["Difference", "NotHere", "Suggestion"]


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
                "found_at": listed.created_at,
            }
        )


class NotHere(BaseModel):
    """In the MIS, not here, because … (R20). `probably` is who they may be here."""

    id: UUID
    version: int
    kind: Literal["pupil", "staff", "contact"]
    label: str
    reason_code: str
    reason: str
    mis: dict[str, Any]
    probably: Suggestion | None
    found_at: AwareDatetime

    @classmethod
    def of(cls, listed: Listed) -> NotHere:
        return cls.model_validate(
            {
                "id": listed.id,
                "version": listed.version,
                "kind": listed.mis_kind,
                "label": listed.label,
                "reason_code": listed.reason_code,
                "reason": listed.reason,
                "mis": listed.mis,
                "probably": Suggestion.of(listed),
                "found_at": listed.created_at,
            }
        )
