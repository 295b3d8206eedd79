"""The shapes of actions for many pupils over HTTP."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, model_validator

from services.roster.bulk.fates import PupilAction, PupilFate
from services.roster.bulk.service import MOST_AT_ONCE, Consequences, Selection, Wish
from services.roster.links.many import FateOutcome
from services.roster.schemas import Written
from shared.contracts.vocabulary import YearGroup

__all__ = [
    "PupilBulkBody",
    "PupilBulkPreviewView",
    "PupilBulkResultView",
    "PupilFateView",
    "PupilSelectionView",
]

_NEEDS = {
    "make_inactive": "reason",
    "move_to_year": "year_group",
    "add_to_group": "group_id",
    "remove_from_group": "group_id",
}


class PupilBulkBody(BaseModel):
    """An action with what it needs, and nothing that it does not.

    Whoever is made inactive has a reason; looking ahead may do without.
    """

    model_config = ConfigDict(extra="forbid")

    action: PupilAction
    ids: list[UUID] = Field(
        min_length=1, description=f"No more than {MOST_AT_ONCE}, else `too-many-at-once`."
    )
    reason: Written | None = None
    year_group: YearGroup | None = None
    group_id: UUID | None = None

    @model_validator(mode="after")
    def has_what_it_needs(self) -> PupilBulkBody:
        needed = _NEEDS.get(self.action)
        given = {
            name for name in ("reason", "year_group", "group_id") if getattr(self, name) is not None
        }
        wanted = {needed} - {None}
        if given != wanted and not (needed == "reason" and not given):
            raise ValueError(f"{self.action} needs {needed or 'nothing more'}, and only that")
        return self

    def wish(self) -> Wish:
        return Wish(
            action=self.action,
            ids=self.ids,
            reason=self.reason,
            year_group=self.year_group,
            group_id=self.group_id,
        )


class PupilSelectionView(BaseModel):
    """Ids of those that fit, in the order of the list; `total` counts all of them."""

    ids: list[UUID] = Field(max_length=MOST_AT_ONCE)
    total: int

    @classmethod
    def of(cls, selection: Selection) -> PupilSelectionView:
        return cls(ids=selection.ids, total=selection.total)


class PupilFateView(BaseModel):
    id: UUID
    name: str
    outcome: FateOutcome
    reason: str | None = Field(description="Why they are left as they are, as a sentence.")

    @classmethod
    def of(cls, fate: PupilFate) -> PupilFateView:
        return cls(id=fate.pupil.id, name=fate.pupil.name, outcome=fate.outcome, reason=fate.reason)


class PupilBulkResultView(BaseModel):
    """What became of each, or would."""

    changed: int
    items: list[PupilFateView]

    @classmethod
    def of(cls, fates: Sequence[PupilFate]) -> PupilBulkResultView:
        changed = sum(fate.outcome == "changed" for fate in fates)
        return cls(changed=changed, items=[PupilFateView.of(fate) for fate in fates])


class PupilBulkPreviewView(PupilBulkResultView):
    """Of those who change: how many something else follows for."""

    in_other_class: int = Field(description="Would be in this class and in another one too.")
    without_class: int = Field(description="Would be in no class.")
    class_of_other_year: int = Field(description="Would stay in a class of another year group.")

    @classmethod
    def ahead(cls, consequences: Consequences) -> PupilBulkPreviewView:
        return cls(
            **dict(PupilBulkResultView.of(consequences.fates)),
            in_other_class=consequences.in_other_class,
            without_class=consequences.without_class,
            class_of_other_year=consequences.class_of_other_year,
        )
