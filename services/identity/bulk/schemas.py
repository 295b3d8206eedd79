"""The shapes of bulk actions over HTTP."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.identity.bulk.fates import BulkAction, Fate, FateOutcome
from services.identity.bulk.service import MOST_AT_ONCE, BulkPreview, Selection

__all__ = ["BulkBody", "BulkPreviewView", "BulkResultView", "SelectionView"]


class BulkBody(BaseModel):
    model_config = ConfigDict(extra="forbid")

    action: BulkAction
    ids: list[UUID] = Field(min_length=1, max_length=MOST_AT_ONCE)


class SelectionView(BaseModel):
    """Ids of those that fit, in the order of the list; `total` counts all of them."""

    ids: list[UUID] = Field(max_length=MOST_AT_ONCE)
    total: int

    @classmethod
    def of(cls, selection: Selection) -> SelectionView:
        return cls(ids=selection.ids, total=selection.total)


class FateView(BaseModel):
    id: UUID
    name: str
    username: str | None
    outcome: FateOutcome
    reason: str | None = Field(description="Why they are left as they are, as a sentence.")

    @classmethod
    def of(cls, fate: Fate) -> FateView:
        user = fate.user
        return cls(
            id=user.account_id,
            name=user.name,
            username=user.username,
            outcome=fate.outcome,
            reason=fate.reason,
        )


class BulkResultView(BaseModel):
    """What became of each, or would."""

    changed: int
    items: list[FateView]

    @classmethod
    def of(cls, fates: Sequence[Fate]) -> BulkResultView:
        changed = sum(fate.outcome == "changed" for fate in fates)
        return cls(changed=changed, items=[FateView.of(fate) for fate in fates])


class BulkPreviewView(BulkResultView):
    signs_out: int = Field(description="How many of them are signed in now, and would be out.")
    sends_links: int = Field(description="How many heads and deputies would be sent a link.")
    must_be_reset: int = Field(
        description="How many could not sign in then, since what they wait with has lapsed."
    )

    @classmethod
    def ahead(cls, preview: BulkPreview) -> BulkPreviewView:
        return cls(
            **dict(BulkResultView.of(preview.fates)),
            signs_out=preview.signs_out,
            sends_links=preview.sends_links,
            must_be_reset=preview.must_be_reset,
        )
