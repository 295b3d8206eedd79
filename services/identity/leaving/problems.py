"""What may stand in the way of leaving, and of whoever comes back after it."""

from __future__ import annotations

from datetime import datetime

from shared.web.problems import Conflict, Forbidden, NotFound, Unprocessable

__all__ = ["AnotherName", "NotLeft", "SchoolHasLeft", "TooEarly", "Unknown"]


class SchoolHasLeft(Forbidden):
    slug, title = "school-has-left", "Your school has left Classroom Monitor"

    def __init__(self) -> None:
        super().__init__(
            "Nobody can sign in for your school any more. If that is not right, please contact us: "
            "for a while everything is still there."
        )


class AnotherName(Unprocessable):
    """What cannot be taken back is typed out."""

    slug, title = "another-name", "That is not the school’s name"

    def __init__(self, name: str) -> None:
        super().__init__(f"This school is called ‘{name}’. Type its name as it stands here.")


class NotLeft(Conflict):
    slug, title = "school-not-left", "The school has not left"

    def __init__(self) -> None:
        super().__init__("Mark it first (school leave), and wait for its time to be over.")


class TooEarly(Conflict):
    slug, title = "too-early", "Its time is not over"

    def __init__(self, until: datetime) -> None:
        super().__init__(f"Everything is kept until {until:%-d %B %Y, %H:%M} (UTC).")


class Unknown(NotFound):
    def __init__(self) -> None:
        super().__init__("There is no school with this id.")
