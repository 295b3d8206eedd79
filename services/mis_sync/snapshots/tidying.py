"""Records of a MIS without what nobody sees in their texts (R17).

Such a name is found by nobody who types it, and is not the same as that of another list.
"""

from __future__ import annotations

from typing import Any

from shared.school.names import is_untidy, tidied

__all__ = ["tidy"]


def tidy(record: dict[str, Any]) -> dict[str, Any]:
    """The record, JSON-ready. Ids are the MIS's own affair and stay as they are; what holds nothing
    else is as if not said. By each text alone, so that none changes for its neighbours."""
    kept = {
        name: value if name.endswith("mis_id") else _tidy(value) for name, value in record.items()
    }
    return {name: value for name, value in kept.items() if value is not None}


def _tidy(value: Any) -> Any:
    if isinstance(value, list):
        return [each for each in map(_tidy, value) if each is not None]
    if not isinstance(value, str) or not is_untidy(value):
        return value
    return tidied(value) or None
