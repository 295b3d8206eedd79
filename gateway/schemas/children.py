"""What parents see: the children that they confirm, and those that are theirs (R2)."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field

from gateway.schemas.parts import Shape, Written
from shared.contracts.vocabulary import YearGroup

__all__ = [
    "ChildToConfirm",
    "ChildrenToConfirm",
    "DateGiven",
    "DatesGiven",
    "OwnChild",
    "OwnChildren",
]


class ChildToConfirm(Shape):
    id: UUID
    forename: str


class ChildrenToConfirm(Shape):
    """By first name only: who reads this has not shown yet that the child is theirs."""

    items: list[ChildToConfirm]


class DateGiven(Written):
    child_id: UUID
    date_of_birth: date


class DatesGiven(Written):
    """The date of birth of each child that is asked for."""

    dates: Annotated[list[DateGiven], Field(min_length=1, max_length=20)]


class OwnChild(Shape):
    id: UUID
    name: str
    year_group: YearGroup | None


class OwnChildren(Shape):
    items: list[OwnChild]
    to_confirm: int = Field(description="Children who are asked for at the next sign-in.")
    without_date: int = Field(description="Children of whom the school has no date of birth.")
