"""What may stand in the way of an import, in sentences that a school's office can act on."""

from __future__ import annotations

from datetime import datetime

from shared.school.academic_year import SCHOOL_TIME
from shared.tabular.table import TableProblem
from shared.web.problems import Conflict, NotFound, Problem, Unprocessable

__all__ = [
    "CannotUndoImport",
    "ChangedMeanwhile",
    "ImportDone",
    "ImportIdTaken",
    "ManyInactive",
    "NoSuchImport",
    "NotReadYet",
    "NothingToImport",
    "TooLateToUndoImport",
    "UnreadableFile",
    "WrongColumns",
]


class NoSuchImport(NotFound):
    slug, title = "no-such-import", "This upload is not there any more"

    def __init__(self) -> None:
        super().__init__(
            "This upload is not there any more: uploads are kept for two days, and imports that "
            "were confirmed for seven. Please upload the file again."
        )


class ImportIdTaken(Conflict):
    slug, title = "import-id-taken", "This upload is here already"

    def __init__(self) -> None:
        super().__init__("This upload is here already. Please upload the file again.")


class UnreadableFile(Problem):
    """No table, or one that goes beyond a limit. Its type says which."""

    status, title = 422, "This file cannot be read"

    def __init__(self, problem: TableProblem) -> None:
        super().__init__(problem.detail)
        self.slug = f"file-{problem.slug}"


class WrongColumns(Unprocessable):
    slug, title = "wrong-columns", "The columns do not fit yet"

    def __init__(self, detail: str, pointer: str = "#/columns") -> None:
        super().__init__(detail, errors=[{"pointer": pointer, "detail": detail}])


class NotReadYet(Conflict):
    slug, title = "not-read-yet", "The file is not read to its end"

    def __init__(self) -> None:
        super().__init__("This file was not read to its end yet. Wait a moment, or upload it anew.")


class ImportDone(Conflict):
    slug, title = "import-done", "This import is done"

    def __init__(self) -> None:
        super().__init__("This import was confirmed already. Upload the file again to begin anew.")


class NothingToImport(Conflict):
    slug, title = "nothing-to-import", "There is nothing to import"

    def __init__(self) -> None:
        super().__init__(
            "No row of this file adds or changes anything. Look at the rows that are rejected, "
            "mend them in the file, and upload it again."
        )


class ChangedMeanwhile(Conflict):
    """Somebody else was quicker. The preview is as things are now, at `version`."""

    slug, title = "changed-meanwhile", "Something has changed meanwhile"

    def __init__(self, version: int) -> None:
        super().__init__(
            "Something was changed here since you looked at the preview. Nothing was imported. "
            "Look at the preview again, as it is now, then confirm it.",
            version=version,
        )


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
