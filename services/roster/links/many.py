"""Many people put into one group by hand, or taken out: looked through first, then done (R13).

Who is linked as wanted already, by whomever, is left as they are: the MIS's links stay the MIS's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal
from uuid import UUID

from services.roster.activity import person
from services.roster.announcements import Announcements
from services.roster.clock import Clock
from services.roster.links.history import link_entry
from services.roster.links.link import Link, LinkKey, Names
from services.roster.links.repository import LinkRepository, Placed
from services.roster.problems import (
    GroupNotFound,
    LinksChangedSince,
    PupilsNotFound,
    UsersNotFound,
)
from services.roster.schools.service import SchoolService
from shared.contracts.vocabulary import LinkKind, Origin
from shared.database.pool import Connection
from shared.security.principals import Principal

__all__ = ["FateOutcome", "LinkFate", "ManyLinks"]

FateOutcome = Literal["changed", "unchanged", "refused"]
_HERE = "this group"


@dataclass(frozen=True)
class LinkFate:
    """What becomes of one person; `after` is the link as it will be, where it changes."""

    person_id: UUID
    name: str
    outcome: FateOutcome
    reason: str | None
    before: Link | None
    after: Link | None
    other_classes: Sequence[str] = ()
    """Of a pupil who comes into a class: those they are in already, and stay in."""

    @property
    def note(self) -> str | None:
        """What to know of who is changed, as a sentence."""
        if not self.other_classes:
            return None
        return f"Is in {' and '.join(self.other_classes)} too, and stays there."

    @property
    def version(self) -> int:
        """The link's before anything is done; 0 where there was never one."""
        return self.before.version if self.before else 0


class ManyLinks:
    def __init__(
        self,
        *,
        schools: SchoolService,
        repository: LinkRepository,
        announcements: Announcements,
        now: Clock,
    ) -> None:
        self._schools = schools
        self._repository = repository
        self._announcements = announcements
        self._now = now

    async def look_ahead(
        self,
        connection: Connection,
        kind: LinkKind,
        group_id: UUID,
        people: Sequence[UUID],
        *,
        present: bool,
        called: str = _HERE,
    ) -> list[LinkFate]:
        """Changes nothing. `called` is how the reasons speak of the group.

        Raises `GroupNotFound`, or `UsersNotFound` or `PupilsNotFound` if any of them is not here.
        """
        fates, _ = await self._fates(connection, kind, group_id, people, present, called)
        return fates

    async def carry_out(
        self,
        connection: Connection,
        principal: Principal,
        kind: LinkKind,
        group_id: UUID,
        people: Sequence[UUID],
        *,
        present: bool,
        called: str = _HERE,
        seen: Mapping[UUID, int] | None = None,
    ) -> list[LinkFate]:
        """All or nothing; raises as `look_ahead`.

        `seen` are the versions of the links that were looked at, 0 for none; raises
        `LinksChangedSince` (409) where one of them is another by now.
        """
        school_id = principal.tenant
        await self._schools.lock(connection, school_id)
        fates, names = await self._fates(connection, kind, group_id, people, present, called)
        _check_seen(fates, seen or {})
        changes = [(fate.before, fate.after) for fate in fates if fate.after is not None]
        links = [after for _, after in changes]
        await self._repository.save(connection, school_id, links)
        await self._announcements.links(connection, school_id, [link.state() for link in links])
        actor, at = person(principal), self._now()
        entries = [link_entry(at, actor, *change, names) for change in changes]
        await self._announcements.activity(
            connection, school_id, [entry for entry in entries if entry is not None]
        )
        return fates

    async def _fates(
        self,
        connection: Connection,
        kind: LinkKind,
        group_id: UUID,
        people: Sequence[UUID],
        present: bool,
        called: str,
    ) -> tuple[list[LinkFate], Names]:
        keys = [LinkKey(kind, group_id, one) for one in sorted(set(people))]
        names = await self._repository.names(connection, keys)
        if group_id not in names.groups:
            raise GroupNotFound
        if missing := [key for key in keys if not names.both_here(key)]:
            refusal = UsersNotFound if kind is LinkKind.TEACHER else PupilsNotFound
            raise refusal(len(missing), len(keys))
        known = {link.key: link for link in await self._repository.by_keys(connection, keys)}
        placed: Mapping[UUID, Placed] = {}
        if kind is LinkKind.MEMBER and present:
            placed = await self._repository.placed(connection, group_id, people)
        fates = [
            _fate(key, known.get(key), names, placed.get(key.person_id), present, called)
            for key in keys
        ]
        return sorted(fates, key=lambda fate: (fate.name.casefold(), fate.person_id)), names


def _check_seen(fates: Sequence[LinkFate], seen: Mapping[UUID, int]) -> None:
    others = [fate for fate in fates if seen.get(fate.person_id, fate.version) != fate.version]
    if others:
        raise LinksChangedSince(
            [fate.name for fate in others],
            [
                {
                    "person_id": str(fate.person_id),
                    "name": fate.name,
                    "version": fate.version,
                    "present": fate.before is not None and fate.before.present,
                }
                for fate in others
            ],
        )


def _fate(
    key: LinkKey,
    before: Link | None,
    names: Names,
    placed: Placed | None,
    present: bool,
    called: str,
) -> LinkFate:
    """`placed` is where a pupil stands who is to be put into the group."""
    name = names.people[key.kind, key.person_id]
    if (before is not None and before.present) == present:
        reason = _ALREADY[key.kind, present].format(group=called)
        return LinkFate(key.person_id, name, "unchanged", reason, before, None)
    if placed is not None and not placed.active:
        reason = "Is inactive. Make them active first."
        return LinkFate(key.person_id, name, "refused", reason, before, None)
    standing = before or Link(key=key, present=False, origin=Origin.HAND)
    after = replace(standing.by_hand(present=present), version=standing.version + 1)
    others = placed.other_classes if placed is not None else ()
    return LinkFate(key.person_id, name, "changed", None, before, after, others)


_ALREADY = {
    (LinkKind.TEACHER, True): "Is linked already.",
    (LinkKind.TEACHER, False): "Is not linked.",
    (LinkKind.MEMBER, True): "Is in {group} already.",
    (LinkKind.MEMBER, False): "Is not in {group}.",
}
