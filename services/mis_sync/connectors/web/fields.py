"""Values of JSON as texts, lists and objects, whatever was sent in their place.

A field that is missing, null or blank says nothing (R17). One that cannot be read is a problem.
"""

from __future__ import annotations

from typing import Any

from services.mis_sync.connectors.findings import Findings

__all__ = ["list_of", "object_of", "text_of"]


def text_of(value: Any, findings: Findings, place: str, name: str) -> str | None:
    """A text, or a number as one, without the spaces around it."""
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if value is None:
        return None
    if not isinstance(value, str):
        findings.problem("There is no text where one should be.", place, None, name)
        return None
    if "\x00" in value or any("\ud800" <= letter <= "\udfff" for letter in value):
        findings.problem(
            "There is a character that is none (NUL or half of one).", place, None, name
        )
        return None
    return value.strip() or None


def list_of(value: Any, findings: Findings, place: str, name: str) -> list[Any]:
    if value is None:
        return []
    if not isinstance(value, list):
        findings.problem("There is no list where one should be.", place, None, name)
        return []
    return value


def object_of(value: Any, findings: Findings, place: str, name: str) -> dict[str, Any]:
    if value is None:
        return {}
    if not isinstance(value, dict):
        findings.problem("There is no object where one should be.", place, None, name)
        return {}
    return value
