"""What is refused of a statement, in sentences that a teacher can act on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from services.reports.statements.statement import PLACEHOLDERS
from shared.web.problems import Conflict, NotFound, Unprocessable

__all__ = [
    "NoSuchStatement",
    "StatementChangedMeanwhile",
    "StatementThere",
    "UnknownPlace",
    "UnknownPlaceholder",
]


class NoSuchStatement(NotFound):
    slug, title = "no-such-statement", "This statement is not there"

    def __init__(self) -> None:
        super().__init__("This statement is not there. Open the page again.")


class UnknownPlaceholder(Unprocessable):
    slug, title = "unknown-placeholder", "Something in braces is not known"

    def __init__(self, found: Sequence[str]) -> None:
        known = ", ".join(f"{{{name}}}" for name in PLACEHOLDERS)
        detail = f"{', '.join(found)} cannot be filled in. What can be: {known}."
        super().__init__(detail, errors=[{"pointer": "#/text", "detail": detail}])


class UnknownPlace(Unprocessable):
    slug, title = "no-such-place", "The subject or the band is not there"

    def __init__(self) -> None:
        super().__init__(
            "The subject or the band of this statement is not there, or a general comment was "
            "given a subject. Open the page again and choose another."
        )


class StatementThere(Conflict):
    slug, title = "statement-there", "This statement is there already"

    def __init__(self) -> None:
        detail = "The same statement is there already, perhaps inactive. Make that one active."
        super().__init__(detail, errors=[{"pointer": "#/text", "detail": detail}])


class StatementChangedMeanwhile(Conflict):
    slug, title = "changed-meanwhile", "Somebody else was quicker"

    def __init__(self, current: dict[str, Any]) -> None:
        super().__init__(
            "Somebody else has changed this statement since you looked at it. Nothing was saved. "
            "Look at what is there now, then make your change again.",
            current=current,
        )
