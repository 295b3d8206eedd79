"""Why a roll-up, or its plan, cannot be changed as asked (R12)."""

from __future__ import annotations

from datetime import datetime

from shared.school.academic_year import SCHOOL_TIME
from shared.web.problems import Conflict, NotFound

__all__ = [
    "CannotRunNow",
    "CannotUndo",
    "NoSuchRollUp",
    "PlanChangedSince",
    "TooLateToUndo",
]


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
