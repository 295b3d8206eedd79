"""Marks, comments and statements in the activity log: that they were written, and not what.

The log holds before and after of each (R9). Who reads it is the admin account, which sees no
assessments (R1), so what they are is not shown there.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

__all__ = ["ASSESSMENT_ACTIONS", "VALUES_NOT_SHOWN", "unseen"]

ASSESSMENT_ACTIONS: dict[str, tuple[str, str, str]] = {
    "comment.class_teacher": (
        "Class teacher’s comment",
        "{label}: class teacher’s comment written",
        "{n} class teacher’s comments written",
    ),
    "comment.head_teacher": (
        "Head teacher’s comment",
        "{label}: head teacher’s comment written",
        "{n} head teacher’s comments written",
    ),
    "figures.exported": (
        "Figures exported",
        "Figures exported as a file: {label}",
        "Figures exported {n} times",
    ),
    "mark.recorded": ("Mark recorded", "{label}: {fields} recorded", "{n} marks recorded"),
    "marks.exported": (
        "Marks exported",
        "Marks exported as a file: {label}",
        "Marks exported {n} times",
    ),
    "marks.imported": ("Marks imported", "Marks imported: {label}", "{n} imports of marks"),
    "statement.changed": (
        "Statement changed",
        "Statement bank: ‘{label}’ changed",
        "{n} statements changed",
    ),
    "statement.created": (
        "Statement added",
        "Statement bank: ‘{label}’ added",
        "{n} statements added",
    ),
    "statement.made_active": (
        "Statement made active",
        "Statement bank: ‘{label}’ made active again",
        "{n} statements made active again",
    ),
    "statement.made_inactive": (
        "Statement made inactive",
        "Statement bank: ‘{label}’ made inactive",
        "{n} statements made inactive",
    ),
}
"""As `wording.py` has its own: action → its name, the sentence of one entry, that of many."""

VALUES_NOT_SHOWN = frozenset({"mark.recorded", "comment.class_teacher", "comment.head_teacher"})


def unseen(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """Of each field that it was recorded, changed or taken away."""
    return [
        (name, *_what_happened(before.get(name), after.get(name)))
        for name in sorted({*before, *after})
    ]


def _what_happened(before: Any, after: Any) -> tuple[str, str]:
    if not before:
        return "", "recorded"
    return "recorded", "changed" if after else "taken away"
