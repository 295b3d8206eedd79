"""Why a roll-up, or its plan, cannot be changed as asked (R12)."""

from __future__ import annotations

from datetime import datetime

from services.roster.roll_up.guard import Waiting
from services.roster.schools.service import roll_up_day
from shared.school.academic_year import SCHOOL_TIME
from shared.web.problems import Conflict, NotFound

__all__ = [
    "CannotRunNow",
    "CannotUndo",
    "NoSuchRollUp",
    "PlanChangedSince",
    "TooLateToUndo",
    "WaitsForRollUp",
]

_WHAT_TO_DO = {
    Waiting.TO_COME: "The roll-up on {day} moves every pupil up. Look at Roll-up, under Data "
    "Management, to see where each class will go.",
    Waiting.DUE: "The roll-up of {day} is due and moves every pupil up as soon as it runs. Look at "
    "Roll-up, under Data Management, to see where each class will go.",
    Waiting.UNDONE: "The last roll-up was undone. To move every pupil up, run it again in Roll-up, "
    "under Data Management.",
}


class NoSuchRollUp(NotFound):
    slug, title = "roll-up-not-found", "There is no such roll-up"

    def __init__(self) -> None:
        super().__init__("There is no such roll-up.")


class CannotUndo(Conflict):
    slug, title = "cannot-undo-roll-up", "This roll-up cannot be undone now"


class TooLateToUndo(CannotUndo):
    def __init__(self, until: datetime) -> None:
        day = until.astimezone(SCHOOL_TIME)
        super().__init__(
            f"A roll-up can be undone for 28 days. This one could be until {day.day} {day:%B %Y}. "
            "Correct single pupils in Pupil Management."
        )


class CannotRunNow(Conflict):
    slug, title = "cannot-roll-up-now", "The roll-up does not wait to be run"

    def __init__(self) -> None:
        super().__init__(
            "Pupils roll up by themselves on 26 August. It can be run here only after the last "
            "roll-up was undone."
        )


class PlanChangedSince(Conflict):
    slug, title = "changed-since", "Somebody else changed this in the meantime"

    def __init__(self, version: int) -> None:
        super().__init__(
            "Somebody else has changed which class follows which since you opened the page. "
            "Nothing of yours was saved. Look at what is there now, then make your change again.",
            current={"version": version},
        )


class WaitsForRollUp(Conflict):
    """`count` pupils would go up a year group ahead of the roll-up, and then once more by it."""

    slug, title = "waits-for-roll-up", "This waits for the roll-up"

    def __init__(self, waiting: Waiting, academic_year: str, count: int) -> None:
        day = roll_up_day(academic_year)
        what_to_do = _WHAT_TO_DO[waiting].format(day=f"{day.day} {day:%B %Y}")
        super().__init__(
            f"{count} pupils would go up a year group, and the roll-up would move them up again. "
            f"Nothing was changed. {what_to_do} A single pupil whose year group is wrong can be "
            "corrected at any time.",
            waiting=waiting.value,
            due_on=day.isoformat(),
            pupils=count,
        )
