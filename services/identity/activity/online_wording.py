"""What happened to online reports, in plain words (R9, R27)."""

from __future__ import annotations

__all__ = ["ABOUT_ONLINE_REPORTS"]

ABOUT_ONLINE_REPORTS: dict[str, tuple[str, str, str]] = {
    "online_reports.published": (
        "Reports published to parents",
        "{label}: published to parents",
        "{n} sets of reports published to parents",
    ),
    "online_reports.withdrawn": (
        "Reports withdrawn from parents",
        "{label}: withdrawn from parents",
        "{n} sets of reports withdrawn from parents",
    ),
}
"""As `_ACTIONS` of `wording.py`, which they are part of."""
