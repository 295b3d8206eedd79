"""What happened to the set-up guide, and that support was written to, in plain words (R9, R28)."""

from __future__ import annotations

__all__ = ["ABOUT_SET_UP"]

ABOUT_SET_UP: dict[str, tuple[str, str, str]] = {
    "set_up_guide.put_away": (
        "Set-up guide put away",
        "Set-up guide put away",
        "Set-up guide put away {n} times",
    ),
    "set_up_guide.taken_back": (
        "Set-up guide taken back",
        "Set-up guide put back on the home page",
        "Set-up guide put back on the home page {n} times",
    ),
    "support.message_sent": (
        "Message to support",
        "Message {label} sent to support",
        "{n} messages sent to support",
    ),
}
"""As `_ACTIONS` of `wording.py`, which they are part of."""
