"""Why reports cannot be published, or a parent cannot see one (R27)."""

from __future__ import annotations

from services.reports.online.publication import PublishedPupil
from shared.web.problems import Conflict, NotFound, Problem

__all__ = [
    "CannotPublish",
    "NoSuchReport",
    "NotMadeYet",
    "NotOfTheseReports",
    "ReportReplaced",
    "ReportWithdrawn",
]

_MOST_NAMED = 5


class NotMadeYet(Conflict):
    slug, title = "reports-not-made-yet", "These reports are not made yet"

    def __init__(self) -> None:
        super().__init__("Reports can be published once they are made. Please wait until they are.")


class NotOfTheseReports(NotFound):
    slug, title = "pupil-not-in-reports", "This pupil is not in these reports"

    def __init__(self) -> None:
        super().__init__(
            "One of these pupils is not in these reports, or is in none of your groups any more. "
            "Open the page again to see who is."
        )


class CannotPublish(Conflict):
    slug, title = "cannot-publish", "Something has changed meanwhile"

    def __init__(self, pupils: list[PublishedPupil]) -> None:
        names = "; ".join(pupil.name for pupil in pupils[:_MOST_NAMED])
        more = f" and {len(pupils) - _MOST_NAMED} more" if len(pupils) > _MOST_NAMED else ""
        super().__init__(
            f"Nothing was published. {names}{more}: no longer on roll, not kept any longer, or "
            "parents see a newer report by now. Look at the list again."
        )


class NoSuchReport(NotFound):
    """Another's child, another school, never published: to a parent all the same."""

    slug, title = "report-not-found", "There is no such report"

    def __init__(self) -> None:
        super().__init__("This report is not there. “My children” shows what your school has sent.")


class ReportWithdrawn(Problem):
    status = 410
    slug, title = "report-withdrawn", "The school has withdrawn this report"

    def __init__(self) -> None:
        super().__init__(
            "The report cannot be seen any more. If you have a question about it, please ask the "
            "school office."
        )


class ReportReplaced(Problem):
    status = 410
    slug, title = "report-replaced", "There is a newer report"

    def __init__(self) -> None:
        super().__init__(
            "The school has put a newer report in the place of this one. You find it among your "
            "child’s reports."
        )
