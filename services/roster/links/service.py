"""Links as people see and change them, from the group and from the person (R13).

A link or an unlink made by hand is an override; the admin can hand it back to the MIS.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from services.roster.access import reach_of
from services.roster.activity import person
from services.roster.announcements import Announcements
from services.roster.clock import Clock
from services.roster.links.history import link_entry
from services.roster.links.link import Link, LinkKey, Names
from services.roster.links.repository import LinkFilter, LinkRepository
from services.roster.links.schemas import LinkView
from services.roster.problems import (
    ChangedSince,
    GroupNotFound,
    LinkNotFound,
    PupilNotFound,
    UserNotFound,
    WholeSchoolOnly,
)
from services.roster.schools.service import SchoolService
from shared.contracts.vocabulary import LinkKind, Origin
from shared.database.pool import Connection
from shared.security.principals import Principal
from shared.web.paging import Page, PageRequest

__all__ = ["LinkService"]


class LinkService:
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

    async def page(
        self, connection: Connection, principal: Principal, wanted: LinkFilter, page: PageRequest
    ) -> Page[LinkView]:
        """Links of the groups that the principal may see (R14), group by group.

        Raises `WholeSchoolOnly` (403) where a teacher asks for removed ones: they name pupils who
        have left the group, and whom they see no more.
        """
        if not wanted.present and reach_of(principal) is not None:
            raise WholeSchoolOnly
        found = await self._repository.page(
            connection, teacher=reach_of(principal), wanted=wanted, page=page
        )
        items = [LinkView.model_validate(row) for row in found.rows]
        return Page(items=items, next_cursor=found.next_cursor, total=found.total)

    async def set_by_hand(
        self,
        connection: Connection,
        principal: Principal,
        key: LinkKey,
        *,
        present: bool,
        expected_version: int | None,
    ) -> LinkView:
        """Link or unlink; either way no sync undoes it (R13).

        Raises `ChangedSince` (409) if the link is not at `expected_version`, where that is given;
        0 stands for a link that never was.
        """

        def by_hand(link: Link) -> Link:
            if link.present == present and link.override:
                return link
            return link.by_hand(present=present)

        fresh = Link(key=key, present=False, origin=Origin.HAND)
        return await self._change(connection, principal, key, by_hand, fresh, expected_version)

    async def hand_back(
        self,
        connection: Connection,
        principal: Principal,
        key: LinkKey,
        *,
        expected_version: int | None,
    ) -> LinkView:
        """Drop the override: the link stays as it is until the MIS says otherwise (R13).

        One that the roll-up made of one by hand is no override, and the MIS leaves it alone all the
        same: it can be handed back too.
        """

        def handed_back(link: Link) -> Link:
            if not link.override and link.origin is not Origin.HAND:
                return link
            return replace(link, origin=Origin.MIS, override=False)

        return await self._change(connection, principal, key, handed_back, None, expected_version)

    async def _change(
        self,
        connection: Connection,
        principal: Principal,
        key: LinkKey,
        change: Callable[[Link], Link],
        fresh: Link | None,
        expected_version: int | None,
    ) -> LinkView:
        """`fresh` is what the change is made on where there was never such a link."""
        school_id = principal.tenant
        await self._schools.lock(connection, school_id)
        names = await self._names(connection, key)
        before = next(iter(await self._repository.by_keys(connection, [key])), None)
        if expected_version is not None and expected_version != (before.version if before else 0):
            current = await self._view(connection, key) if before else None
            raise ChangedSince(current and current.model_dump(mode="json"))
        standing = before or fresh
        if standing is None:
            raise LinkNotFound
        after = change(standing)
        if after != before:
            after = replace(after, version=after.version + 1)
            await self._repository.save(connection, school_id, [after])
            await self._announcements.links(connection, school_id, [after.state()])
            entry = link_entry(self._now(), person(principal), before, after, names)
            await self._announcements.activity(connection, school_id, [entry] if entry else [])
        return await self._view(connection, key)

    async def _names(self, connection: Connection, key: LinkKey) -> Names:
        names = await self._repository.names(connection, [key])
        if key.group_id not in names.groups:
            raise GroupNotFound
        if not names.both_here(key):
            raise PupilNotFound if key.kind is LinkKind.MEMBER else UserNotFound
        return names

    async def _view(self, connection: Connection, key: LinkKey) -> LinkView:
        return LinkView.model_validate(await self._repository.detail(connection, key))
