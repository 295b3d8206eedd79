"""How the people of a school sign in, as the school decided (R29)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

__all__ = ["FirstPasswords", "SchoolSettings", "TwoStep"]

FirstPasswords = Literal["default", "starting_codes"]
TwoStep = Literal["optional", "admin_and_slt"]


@dataclass(frozen=True)
class SchoolSettings:
    """The defaults are those of a school that decided nothing; its version is 0."""

    first_passwords: FirstPasswords = "default"
    two_step: TwoStep = "optional"
    version: int = 0
