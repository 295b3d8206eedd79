"""Why many pupils cannot be changed as asked; each time nothing was changed."""

from __future__ import annotations

from services.roster.problems import FieldRefused
from shared.contracts.vocabulary import YearGroup
from shared.school.year_groups import year_group_label
from shared.web.problems import Conflict, Unprocessable

__all__ = ["GroupIsInactive", "NoSuchYearHere", "ReasonMissing", "TooManyAtOnce"]


class TooManyAtOnce(Unprocessable):
    slug, title = "too-many-at-once", "That is too many pupils at once"

    def __init__(self, chosen: int, most: int) -> None:
        super().__init__(
            f"{chosen:,} pupils were chosen, and {most:,} at most can be changed in one go. "
            "Nothing was changed. Do it in parts, such as one year group after the other.",
            most=most,
        )


class GroupIsInactive(Conflict):
    slug, title = "group-inactive", "This group is inactive"

    def __init__(self, name: str) -> None:
        super().__init__(
            f"{name} is inactive, so nobody can be added to it. Make it active in Group Management "
            "first, or choose another group."
        )


class NoSuchYearHere(FieldRefused):
    def __init__(self, wanted: YearGroup, first: YearGroup, last: YearGroup) -> None:
        super().__init__(
            "year_group",
            f"The school goes from {year_group_label(first)} to {year_group_label(last)}, so there "
            f"is no {year_group_label(wanted)}. Its year groups are in School settings.",
        )


class ReasonMissing(FieldRefused):
    def __init__(self) -> None:
        super().__init__("reason", "Please give a reason, such as: Moved to another school.")
