"""What may stand in the way of an import, in sentences that a school's office can act on."""

from __future__ import annotations

from datetime import datetime

from shared.imports import problems
from shared.school.academic_year import SCHOOL_TIME
from shared.web.problems import Conflict

__all__ = [
    "CannotUndoImport",
    "ImportIdTaken",
    "ManyInactive",
    "NoSuchImport",
    "NotReadYet",
    "TooLateToUndoImport",
]


class NoSuchImport(problems.NoSuchImport):
    def __init__(self) -> None:
        super().__init__("uploads are kept for two days, and imports that were confirmed for seven")


class ImportIdTaken(Conflict):
    slug, title = "import-id-taken", "This upload is here already"

    def __init__(self) -> None:
        super().__init__("This upload is here already. Please upload the file again.")


class NotReadYet(Conflict):
    slug, title = "not-read-yet", "The file is not read to its end"

    def __init__(self) -> None:
        super().__init__("This file was not read to its end yet. Wait a moment, or upload it anew.")


class ManyInactive(Conflict):
    """R10: it has to be said once more."""

    slug, title = "many-inactive", "Many pupils would become inactive"

    def __init__(self, count: int, active_roll: int) -> None:
        super().__init__(
            f"{count:,} of the {active_roll:,} pupils on roll are not in this file and would "
            "become inactive. If the file really holds every pupil of the school, confirm once "
            "more; if not, choose a partial import.",
            made_inactive=count,
            active_roll=active_roll,
        )


class CannotUndoImport(Conflict):
    slug, title = "cannot-undo-import", "This import cannot be undone"


class TooLateToUndoImport(CannotUndoImport):
    def __init__(self, until: datetime) -> None:
        day = until.astimezone(SCHOOL_TIME)
        super().__init__(
            f"An import can be undone for 7 days. This one could be until {day.day} {day:%B %Y}. "
            "Correct the pupils in Pupil Management, or import a file with how they should be."
        )
