"""What may stand in the way of an import, in sentences that a school's office can act on."""

from __future__ import annotations

from shared.tabular.table import TableProblem
from shared.web.problems import Conflict, NotFound, Problem, Unprocessable

__all__ = [
    "ChangedMeanwhile",
    "ImportDone",
    "NoSuchImport",
    "NothingToImport",
    "UnreadableFile",
    "WrongColumns",
]


class NoSuchImport(NotFound):
    slug, title = "no-such-import", "This upload is not there any more"

    def __init__(self, kept: str = "uploads are kept for two days") -> None:
        super().__init__(
            f"This upload is not there any more: {kept}. Please upload the file again."
        )


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


class ImportDone(Conflict):
    slug, title = "import-done", "This import is done"

    def __init__(self) -> None:
        super().__init__("This import was confirmed already. Upload the file again to begin anew.")


class NothingToImport(Conflict):
    slug, title = "nothing-to-import", "There is nothing to import"

    def __init__(self, what: str = "anything") -> None:
        super().__init__(
            f"No row of this file adds or changes {what}. Look at the rows that are rejected, mend "
            "them in the file, and upload it again."
        )


class ChangedMeanwhile(Conflict):
    """Somebody else was quicker. The preview is as things are now, at `version`."""

    slug, title = "changed-meanwhile", "Something has changed meanwhile"

    def __init__(self, version: int, what: str = "Something was changed here") -> None:
        super().__init__(
            f"{what} since you looked at the preview. Nothing was imported. Look at the preview "
            "again, as it is now, then confirm it.",
            version=version,
        )
