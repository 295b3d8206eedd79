"""What can stand in the way of figures."""

from __future__ import annotations

from shared.web.problems import Forbidden, NotFound, Unprocessable

__all__ = ["OneScopeOnly", "SubjectNotFound", "TermNotFound", "TwoTermsNeeded", "WholeSchoolOnly"]


class WholeSchoolOnly(Forbidden):
    slug, title = "whole-school-only", "This is about the whole school"

    def __init__(self) -> None:
        super().__init__(
            "Only senior leaders see figures of year groups and of the school. Choose one of "
            "your groups."
        )


class OneScopeOnly(Unprocessable):
    slug, title = "one-scope-only", "Choose a year group or a group, not both"

    def __init__(self) -> None:
        super().__init__("Figures are of one year group, or of one class or set.")


class TermNotFound(NotFound):
    slug, title = "term-not-found", "There is no such term"

    def __init__(self) -> None:
        super().__init__("This term is not one of the school’s, or its year has not begun yet.")


class TwoTermsNeeded(Unprocessable):
    slug, title = "two-terms-needed", "Choose two different terms"

    def __init__(self) -> None:
        super().__init__("Progress is from one term to another. Choose an earlier and a later one.")


class SubjectNotFound(NotFound):
    slug, title = "subject-not-found", "There is no such subject"

    def __init__(self) -> None:
        super().__init__("This subject is not one of the school’s.")
