"""What may stand in the way of a message to support, in sentences to act on (R28)."""

from __future__ import annotations

from shared.web.problems import Conflict

__all__ = ["AlreadyUsed", "NoSupport"]


class NoSupport(Conflict):
    slug, title = "no-support-address", "Messages cannot be sent from here"

    def __init__(self) -> None:
        super().__init__(
            "No support address is set for this Classroom Monitor. Please ask the people who look "
            "after it: your IT support, or whoever set your school up."
        )


class AlreadyUsed(Conflict):
    slug, title = "message-id-used", "This message was sent before"

    def __init__(self) -> None:
        super().__init__("Please load the page again, and send it from there.")
