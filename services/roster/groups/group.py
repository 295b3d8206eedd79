"""A group as roster holds it: a class, or another set of pupils."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from shared.contracts.roster import GroupState
from shared.contracts.vocabulary import GroupKind, Origin, YearGroup

__all__ = ["GROUP_DETAILS", "Group"]

GROUP_DETAILS = ("name", "kind", "year_group")


@dataclass(frozen=True, kw_only=True, slots=True)
class Group:
    """One group, whole. A change makes a new one, with the next version when it is saved."""

    id: UUID
    version: int = 0
    active: bool = True
    active_reason: str | None = None
    name: str
    kind: GroupKind
    year_group: YearGroup | None = None
    origin: Origin
    overrides: tuple[str, ...] = ()

    def state(self) -> GroupState:
        """What the other services are told."""
        return GroupState(
            id=self.id,
            version=self.version,
            active=self.active,
            name=self.name,
            kind=self.kind,
            year_group=self.year_group,
            origin=self.origin,
            overrides=self.overrides,
        )

    def overriding(self, *fields: str) -> Group:
        """With these fields marked as set by hand (R13)."""
        return replace(self, overrides=tuple(sorted({*self.overrides, *fields})))

    def handing_back(self, field: str) -> Group:
        """With this field left to the MIS again."""
        return replace(self, overrides=tuple(name for name in self.overrides if name != field))

    def differs_from(self, before: Group) -> dict[str, tuple[Any, Any]]:
        """Field → (before, now)."""
        names = (*GROUP_DETAILS, "active", "active_reason", "overrides")
        pairs = {name: (getattr(before, name), getattr(self, name)) for name in names}
        return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}
