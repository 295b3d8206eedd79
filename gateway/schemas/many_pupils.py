"""One action for many pupils: what it would do, and what it did (R6, R12, R13)."""

from __future__ import annotations

from typing import Literal
from uuid import UUID

from pydantic import Field

from gateway.schemas.parts import Line, Shape, Written
from shared.contracts.vocabulary import YearGroup

__all__ = [
    "ManyPupilsChange",
    "ManyPupilsChanged",
    "ManyPupilsPreview",
    "PupilFate",
    "PupilSelection",
]


class ManyPupilsChange(Written):
    """The action as roster takes it, with what it needs. How many at once is roster's to say."""

    action: Literal[
        "make_inactive", "make_active", "move_to_year", "add_to_group", "remove_from_group"
    ]
    ids: list[UUID] = Field(min_length=1)
    reason: Line | None = None
    year_group: YearGroup | None = None
    group_id: UUID | None = None


class PupilSelection(Shape):
    """Ids of those that fit the filters, 2,000 at most; `total` counts all of them."""

    ids: list[UUID]
    total: int


class PupilFate(Shape):
    id: UUID
    name: str
    outcome: Literal["changed", "unchanged", "refused"]
    reason: str | None = Field(
        default=None, description="Why they are left as they are, as a sentence."
    )


class ManyPupilsChanged(Shape):
    """What became of each; who is `refused` or `unchanged` is as before."""

    changed: int
    items: list[PupilFate]


class ManyPupilsPreview(ManyPupilsChanged):
    """What would become of each, and of those who change, for how many something follows."""

    in_other_class: int = Field(description="Would be in this class and in another one too.")
    without_class: int = Field(description="Would be in no class.")
    class_of_other_year: int = Field(description="Would stay in a class of another year group.")
