"""How the activity log tells that a list left the system as a file."""

from __future__ import annotations

__all__ = ["ABOUT_EXPORTS"]

ABOUT_EXPORTS: dict[str, tuple[str, str, str]] = {
    "activity.exported": (
        "Activity log exported",
        "Activity log exported as a file",
        "Activity log exported {n} times",
    ),
    "parents.exported": (
        "Parents exported",
        "List of parents exported as a file",
        "List of parents exported {n} times",
    ),
    "users.exported": (
        "Users exported",
        "List of users exported as a file",
        "List of users exported {n} times",
    ),
}
"""As `_ACTIONS` of `wording.py`, which they are part of."""
