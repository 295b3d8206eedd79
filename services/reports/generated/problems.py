"""Why reports cannot be made as asked for, or not be had (R27)."""

from __future__ import annotations

from datetime import datetime

from services.reports.generated.job import MOST_AT_ONCE, MOST_PUPILS
from shared.school.academic_year import SCHOOL_TIME
from shared.web.problems import Conflict, NotFound, Problem, Unprocessable

__all__ = [
    "CannotBeCancelled",
    "CannotBeMadeAgain",
    "FileIsGone",
    "JobIdTaken",
    "NoPupils",
    "NoSuchJob",
    "NoSuchTemplate",
    "NoSuchTerm",
    "NotMadeYet",
    "NotPrinted",
    "TooManyJobs",
    "TooManyPupils",
    "WholeYearGroups",
]


class NoSuchJob(NotFound):
    slug, title = "reports-not-found", "There are no such reports"

    def __init__(self) -> None:
        super().__init__("These reports are not there, or are not yours to see.")


class NoSuchTemplate(NotFound):
    slug, title = "template-not-found", "There is no such template"

    def __init__(self) -> None:
        super().__init__(
            "This template is not there, or is inactive. Choose another one, or ask the admin "
            "account to make it active in Report Templates."
        )


class NoSuchTerm(NotFound):
    slug, title = "term-not-found", "There is no such term"

    def __init__(self) -> None:
        super().__init__("This term is not there. Choose another one.")


class WholeYearGroups(NotFound):
    """To a teacher a year group is what is not there (R14)."""

    slug, title = "year-group-not-seen", "Year groups are for senior leaders"

    def __init__(self) -> None:
        super().__init__("Only senior leaders make reports of a whole year group. Choose a class.")


class NoPupils(Unprocessable):
    slug, title = "no-pupils", "There is nobody to make a report of"

    def __init__(self) -> None:
        super().__init__("No active pupil is in what you chose, so there is no report to make.")


class TooManyPupils(Unprocessable):
    slug, title = "too-many-pupils", "These are too many pupils at once"

    def __init__(self, pupils: int) -> None:
        super().__init__(
            f"These are {pupils} pupils, and at most {MOST_PUPILS} reports are made at once. "
            "Choose one class after the other."
        )


class TooManyJobs(Conflict):
    slug, title = "too-many-at-once", "Other reports are being made"

    def __init__(self) -> None:
        super().__init__(
            f"{MOST_AT_ONCE} sets of reports of your school are being made at this moment. Wait "
            "until one of them is done, or cancel one, and try again."
        )


class JobIdTaken(Conflict):
    slug, title = "reports-id-taken", "These reports were asked for already"

    def __init__(self) -> None:
        super().__init__("Something else was asked for under this id. Open the page again.")


class CannotBeCancelled(Conflict):
    slug, title = "cannot-cancel-reports", "There is nothing to cancel"

    def __init__(self) -> None:
        super().__init__("These reports are not being made any more.")


class CannotBeMadeAgain(Conflict):
    slug, title = "cannot-make-again", "These reports need not be made again"

    def __init__(self) -> None:
        super().__init__("They are being made, or are there to be downloaded.")


class NotMadeYet(Conflict):
    slug, title = "reports-not-made-yet", "These reports are not there yet"

    def __init__(self) -> None:
        super().__init__("There is no file to download yet.")


class FileIsGone(Problem):
    status = 410
    slug, title = "reports-gone", "The file is no longer kept"

    def __init__(self, at: datetime | None) -> None:
        day = at.astimezone(SCHOOL_TIME) if at else None
        since = f" It was until {day.day} {day:%B %Y}." if day else ""
        super().__init__(
            f"Files of reports are kept for about a term.{since} ‘Make again’ makes it anew."
        )


class NotPrinted(Unprocessable):
    slug, title = "report-not-printed", "This report could not be made"

    def __init__(self) -> None:
        super().__init__(
            "The report could not be made. Look at the comments of this pupil in the markbook, "
            "shorten what is unusually long, and try again."
        )
