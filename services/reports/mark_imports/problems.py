"""What may stand in the way of an import of marks, in sentences that a teacher can act on."""

from __future__ import annotations

from shared.tabular.table import TableProblem
from shared.web.problems import Conflict, NotFound, Problem, Unprocessable

__all__ = [
    "ImportChangedMeanwhile",
    "ImportDone",
    "NoSuchImport",
    "NothingToImport",
    "UnreadableFile",
    "WrongColumns",
]


class NoSuchImport(NotFound):
    def __init__(self) -> None:
        super().__init__(
            "This upload is not there any more: uploads are kept for two days. Please upload the "
            "file again."
        )


class UnreadableFile(Problem):
    """No table, or one that goes beyond a limit. Its type says which."""

    status, title = 422, "This file cannot be read"

    def __init__(self, problem: TableProblem) -> None:
        super().__init__(problem.detail)
        self.slug = f"file-{problem.slug}"


class WrongColumns(Unprocessable):
    slug, title = "wrong-columns", "The columns do not fit yet"

    def __init__(self, detail: str) -> None:
        super().__init__(detail, errors=[{"pointer": "#/columns", "detail": detail}])


class ImportDone(Conflict):
    slug, title = "import-done", "This import is done"

    def __init__(self) -> None:
        super().__init__("This import was confirmed already. Upload the file again to begin anew.")


class NothingToImport(Conflict):
    slug, title = "nothing-to-import", "There is nothing to import"

    def __init__(self) -> None:
        super().__init__(
            "No row of this file adds or changes a mark. Look at the rows that are rejected, mend "
            "them in the file, and upload it again."
        )


class ImportChangedMeanwhile(Conflict):
    """Somebody else was quicker. The preview is as things are now, at `version`."""

    slug, title = "changed-meanwhile", "Something has changed meanwhile"

    def __init__(self, version: int) -> None:
        super().__init__(
            "Somebody has changed marks of this class since you looked at the preview. Nothing was "
            "imported. Look at the preview again, as it is now, then confirm it.",
            version=version,
        )
