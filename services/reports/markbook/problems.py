"""Why a mark cannot be recorded, in sentences that a teacher can act on."""

from __future__ import annotations

from typing import Any

from shared.web.problems import Conflict, Forbidden, NotFound, Unprocessable

__all__ = [
    "BandNotInUse",
    "ChangedMeanwhile",
    "HeadTeachersComment",
    "NoSuchSubject",
    "NoSuchTerm",
    "NotAClass",
    "PupilNotInGroup",
    "SubjectNotTaught",
    "TermClosed",
]


class NoSuchSubject(NotFound):
    slug, title = "no-such-subject", "This subject is not there"

    def __init__(self) -> None:
        super().__init__("This subject is not there any more, or is not in use. Choose another.")


class NoSuchTerm(NotFound):
    slug, title = "no-such-term", "This term is not there"

    def __init__(self) -> None:
        super().__init__("This term is not there any more. Choose another.")


class PupilNotInGroup(NotFound):
    slug, title = "pupil-not-in-group", "This pupil is not in the group"

    def __init__(self) -> None:
        super().__init__(
            "This pupil is not in the class or set any more, or is inactive. Nothing was saved. "
            "Open the page again to see who is in it now."
        )


class TermClosed(Conflict):
    slug, title = "term-closed", "Marks of this term cannot be changed"


class SubjectNotTaught(Unprocessable):
    slug, title = "subject-not-taught", "The subject is not taught in this year group"

    def __init__(self, subject: str, year: str) -> None:
        super().__init__(
            f"{subject} is not taught in {year}, so nothing was saved. The admin account says in "
            "School settings which year groups have it."
        )


class BandNotInUse(Unprocessable):
    slug, title = "band-not-in-use", "This band is not in use"

    def __init__(self, code: str | None) -> None:
        band = f"{code} is not a band" if code else "This is no band"
        super().__init__(
            f"{band} of the school’s attainment scale that can be given now. Open the page again "
            "to see which can."
        )


class HeadTeachersComment(Forbidden):
    slug, title = "head-teachers-comment", "Senior leaders write this comment"

    def __init__(self) -> None:
        super().__init__("The head teacher’s comment is written by senior leaders only.")


class NotAClass(Unprocessable):
    slug, title = "not-a-class", "General comments are written in the class"

    def __init__(self) -> None:
        super().__init__(
            "A pupil has one general comment, which is written in their class. In a set, comment "
            "on the subject."
        )


class ChangedMeanwhile(Conflict):
    """`current` is what is there now, with who wrote it and when."""

    slug, title = "changed-meanwhile", "Somebody else was quicker"

    def __init__(self, current: dict[str, Any], who: str | None) -> None:
        super().__init__(
            f"{who or 'Somebody else'} has changed this since you looked at it. Nothing of yours "
            "was saved. Choose what should stand.",
            current=current,
        )
