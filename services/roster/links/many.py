"""Many users linked to one group by hand, or unlinked: looked through first, then done (R13).

Who is linked as wanted already, by whomever, is left as they are: the MIS's links stay the MIS's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal
from uuid import UUID

from services.roster.activity import person
from services.roster.announcements import Announcements
from services.roster.clock import Clock
from services.roster.links.history import link_entry
from services.roster.links.link import Link, LinkKey, Names
from services.roster.links.repository import LinkRepository
from services.roster.problems import GroupNotFound, UsersNotFound
from services.roster.schools.service import SchoolService
from shared.contracts.vocabulary import LinkKind, Origin
from shared.database.pool import Connection
from shared.security.principals import Principal

__all__ = ["LinkFate", "ManyLinks"]


@dataclass(frozen=True)
class LinkFate:
    """What becomes of one user; `after` is the link as it will be, where it changes."""

    person_id: UUID
    name: str
    outcome: Literal["changed", "unchanged"]
    reason: str | None
    before: Link | None
    after: Link | None


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
        self, connection: Connection, group_id: UUID, users: Sequence[UUID], *, present: bool
    ) -> list[LinkFate]:
        """Changes nothing. Raises `GroupNotFound`, or `UsersNotFound` if any is not here."""
        fates, _ = await self._fates(connection, group_id, users, present=present)
        return fates

    async def carry_out(
        self,
        connection: Connection,
        principal: Principal,
        group_id: UUID,
        users: Sequence[UUID],
        *,
        present: bool,
    ) -> list[LinkFate]:
        """All or nothing; raises as `look_ahead`."""
        school_id = principal.tenant
        await self._schools.lock(connection, school_id)
        fates, names = await self._fates(connection, group_id, users, present=present)
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
        self, connection: Connection, group_id: UUID, users: Sequence[UUID], *, present: bool
    ) -> tuple[list[LinkFate], Names]:
        keys = [LinkKey(LinkKind.TEACHER, group_id, user) for user in sorted(set(users))]
        names = await self._repository.names(connection, keys)
        if group_id not in names.groups:
            raise GroupNotFound
        if missing := [key for key in keys if not names.both_here(key)]:
            raise UsersNotFound(len(missing), len(keys))
        known = {link.key: link for link in await self._repository.by_keys(connection, keys)}
        fates = [_fate(key, known.get(key), names, present) for key in keys]
        return sorted(fates, key=lambda fate: (fate.name.casefold(), fate.person_id)), names


def _fate(key: LinkKey, before: Link | None, names: Names, present: bool) -> LinkFate:
    name = names.people[key.kind, key.person_id]
    if (before is not None and before.present) == present:
        reason = "Is linked already." if present else "Is not linked."
        return LinkFate(key.person_id, name, "unchanged", reason, before, None)
    standing = before or Link(key=key, present=False, origin=Origin.HAND)
    after = replace(
        standing,
        present=present,
        waiting=False,
        origin=Origin.HAND,
        override=True,
        version=standing.version + 1,
    )
    return LinkFate(key.person_id, name, "changed", None, before, after)
