"""What became of a decision or of a change of the mapping, one record at a time."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from shared.web.problems import Conflict

__all__ = ["Became", "MappingConflict", "NotPossible"]

_NOT_DONE = frozenset({"not_found", "refused"})
_GOES_ON = frozenset({"mapped", "created", "retried", "moved"})


class NotPossible(Exception):
    """Why this cannot be done so: a sentence for the office."""


@dataclass(frozen=True, kw_only=True)
class Became:
    """`outcome`: what was done, or `not_found` or `refused` with the reason in `detail`.

    `before` and `after` are for the activity log: what it was, in words, and what it is now.
    """

    mis_kind: str
    key: str
    label: str
    outcome: str
    detail: str | None = None
    before: dict[str, Any] = field(default_factory=dict)
    after: dict[str, Any] = field(default_factory=dict)

    @property
    def changed(self) -> bool:
        """Whether it was carried out."""
        return self.outcome not in _NOT_DONE

    @property
    def compares(self) -> bool:
        """Whether there is something to compare now."""
        return self.outcome in _GOES_ON


class MappingConflict(Conflict):
    """Somebody else was faster. Nothing was saved; `conflicts` says of each what there is now."""

    slug, title = "mapping-changed", "Somebody else has changed this in the meantime"

    def __init__(self, conflicts: list[dict[str, Any]]) -> None:
        first = conflicts[0]
        told = f"{first['label']}: {first['detail']}"
        others = len(conflicts) - 1
        more = f" So it is with {others} other{'s' if others > 1 else ''}." if others else ""
        super().__init__(f"{told}{more} Nothing was saved yet.", conflicts=conflicts)
