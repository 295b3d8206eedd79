"""How much a benchmark measures."""

from __future__ import annotations

from enum import StrEnum

__all__ = ["Size"]


class Size(StrEnum):
    """`QUICK` is to see it run, `USUAL` fits a shared machine, `FULL` is what the targets name."""

    QUICK = "quick"
    USUAL = "usual"
    FULL = "full"
