"""What happened to reports that are made as files, in plain words (R9, R27)."""

from __future__ import annotations

__all__ = ["ABOUT_REPORTS"]

ABOUT_REPORTS: dict[str, tuple[str, str, str]] = {
    "report.asked_for": (
        "Reports asked for",
        "{label}: asked for",
        "{n} sets of reports asked for",
    ),
    "report.asked_for_again": (
        "Reports asked for again",
        "{label}: asked for again",
        "{n} sets of reports asked for again",
    ),
    "report.cancelled": (
        "Reports cancelled",
        "{label}: cancelled",
        "{n} sets of reports cancelled",
    ),
    "report.downloaded": (
        "Reports downloaded",
        "{label}: downloaded",
        "{n} sets of reports downloaded",
    ),
    "report.failed": ("Reports not made", "{label}: not made", "{n} sets of reports not made"),
    "report.file_deleted": (
        "File of reports deleted",
        "{label}: file deleted, as its time was over",
        "{n} files of reports deleted, as their time was over",
    ),
    "report.texts_deleted": (
        "Texts of reports deleted",
        "{label}: what stood in them deleted, as its time was over",
        "{n} sets of reports whose texts were deleted, as their time was over",
    ),
    "report.made": ("Reports made", "{label}: made", "{n} sets of reports made"),
}
"""As `_ACTIONS` of `wording.py`, which they are part of."""
