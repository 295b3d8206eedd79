"""The refusal of settings that somebody else has changed since they were looked at (R29)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from shared.web.problems import Conflict

__all__ = ["SettingsChangedMeanwhile", "differences"]


class SettingsChangedMeanwhile(Conflict):
    """`current` is as they are now, JSON-ready, `errors` where that is not as sent."""

    slug, title = "changed-meanwhile", "These settings were changed meanwhile"

    def __init__(self, current: Mapping[str, Any], said: Mapping[str, Any], version: int) -> None:
        errors = [
            {"pointer": f"#/{name}", "detail": "Somebody else has changed this."}
            for name in said
            if current.get(name) != said[name]
        ]
        super().__init__(
            "Somebody else has changed these settings since you opened the page. Nothing of yours "
            "was saved. Look at what is there now, then make your change again.",
            errors=errors,
            current={**current, "version": version},
        )


def differences(
    before: Mapping[str, Any], after: Mapping[str, Any]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Of both, what is not the same: for the activity log (R9)."""
    names = [name for name in after if before.get(name) != after[name]]
    return {name: before.get(name) for name in names}, {name: after[name] for name in names}
