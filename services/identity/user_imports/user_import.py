"""An import of users as the rules see it, and what becomes of each of its rows."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar
from uuid import UUID

from services.identity.accounts.account import Account, Leadership
from shared.contracts.vocabulary import StaffRole
from shared.imports import uploads
from shared.imports.uploads import Remark
from shared.tabular.table import Limits

__all__ = ["LIMITS", "Planned", "Position", "Result", "Said", "StagedRow", "UserImport"]

LIMITS = Limits(rows=5_000)
"""No school has so many staff; one transaction makes them all."""


@dataclass(frozen=True)
class Position:
    """What a role in a file says. `SLT` says nothing of who is head."""

    role: StaffRole
    leadership: Leadership | None = None


@dataclass(frozen=True)
class Said:
    """What one row says. An empty cell says nothing, so `values` has no entry for it."""

    number: int
    values: dict[str, str] = field(default_factory=dict)
    position: Position | None = None
    faults: tuple[Remark, ...] = ()

    @property
    def name(self) -> str:
        names = (self.values.get("forename"), self.values.get("surname"))
        return " ".join(part for part in names if part)


@dataclass(frozen=True)
class Result(uploads.Result):
    username: str | None = None
    user_id: UUID | None = None
    ids: ClassVar[frozenset[str]] = frozenset({"user_id"})


StagedRow = uploads.StagedRow[Result]


@dataclass(frozen=True)
class Planned:
    """A result with what it is done by: the row, or the user before and what changes of them."""

    result: Result
    said: Said
    before: Account | None = None
    changed: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class UserImport(uploads.Upload):
    keep_over_mis: bool = False
    add_namesakes: bool = False
