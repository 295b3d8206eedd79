"""What is refused of settings, each with a sentence that a school's office can act on."""

from __future__ import annotations

from collections.abc import Sequence

from services.reports.school_settings.entries import Fault
from shared.web.problems import Unprocessable

__all__ = ["SettingsRefused"]


class SettingsRefused(Unprocessable):
    slug, title = "settings-refused", "Something needs correcting"

    def __init__(self, section: str, faults: Sequence[Fault]) -> None:
        errors = [
            {"pointer": f"#/{section}/{where}".rstrip("/"), "detail": reason}
            for where, reason in faults
        ]
        super().__init__(faults[0].reason, errors=errors)
