"""How the people of a school sign in, as the school decided (R29)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from shared.contracts.identity import IdentitySettingsChanged

__all__ = ["FirstPasswords", "SchoolSettings", "TwoStep"]

FirstPasswords = Literal["default", "starting_codes"]
TwoStep = Literal["optional", "admin_and_slt"]


@dataclass(frozen=True)
class SchoolSettings:
    """The defaults are those of a school that decided nothing; its version is 0."""

    first_passwords: FirstPasswords = "default"
    two_step: TwoStep = "optional"
    version: int = 0

    def values(self) -> dict[str, Any]:
        """What a person sets, JSON-ready."""
        return {"first_passwords": self.first_passwords, "two_step": self.two_step}

    def for_others(self) -> IdentitySettingsChanged:
        """The state that other services hear of."""
        return IdentitySettingsChanged(
            version=self.version, first_passwords=self.first_passwords, two_step=self.two_step
        )
