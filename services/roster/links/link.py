"""A link as roster holds it: a pupil's membership of a group, or a user's link to it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, NamedTuple
from uuid import UUID

from shared.contracts.roster import LinkState
from shared.contracts.vocabulary import LinkKind, Origin

__all__ = ["Link", "LinkKey", "Names"]


class LinkKey(NamedTuple):
    """What a link ties together; `person_id` is a pupil's for a member, a user's for a teacher."""

    kind: LinkKind
    group_id: UUID
    person_id: UUID


@dataclass(frozen=True, kw_only=True, slots=True)
class Link:
    """One link, also one that is not present: an unlink is kept. A waiting one is not present."""

    key: LinkKey
    version: int = 0
    present: bool
    waiting: bool = False
    origin: Origin
    override: bool = False

    def by_hand(self, *, present: bool) -> Link:
        """As an admin sets it: an override, also where it is an unlink (R13)."""
        return replace(self, present=present, waiting=False, origin=Origin.HAND, override=True)

    def state(self) -> LinkState:
        """What the other services are told."""
        return LinkState(**self.stated())

    def stated(self) -> dict[str, Any]:
        """The fields of the state."""
        return {
            "kind": self.key.kind,
            "group_id": self.key.group_id,
            "person_id": self.key.person_id,
            "version": self.version,
            "present": self.present,
            "origin": self.origin,
            "override": self.override,
        }


@dataclass(frozen=True)
class Names:
    """The groups and people that are here, of those that were asked for, with their names."""

    groups: dict[UUID, str]
    people: dict[tuple[LinkKind, UUID], str]

    def both_here(self, key: LinkKey) -> bool:
        return key.group_id in self.groups and (key.kind, key.person_id) in self.people

    def label(self, key: LinkKey) -> str:
        """`Zoë Hall in 3 Blue`; both are here."""
        return f"{self.people[key.kind, key.person_id]} in {self.groups[key.group_id]}"
