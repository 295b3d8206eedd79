"""Writes what an import changes, and what undoing one does, with events and the activity log (R9).

In parts of at most 500, so that neither a statement nor an event grows with the school.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, TypeVar

from services.roster.activity import changed_entry
from services.roster.announcements import Announcements
from services.roster.clock import Clock
from services.roster.groups.group import Group
from services.roster.groups.history import group_entry
from services.roster.imports.memberships import LinkChange
from services.roster.imports.preview import Rows
from services.roster.imports.pupil_import import PupilImport
from services.roster.links.history import link_entry
from services.roster.pupils.history import pupil_entry
from services.roster.pupils.pupil import Pupil
from services.roster.schools.repository import School
from shared.contracts.activity import ActivityEntry, Actor, Subject
from shared.database.pool import Connection

__all__ = ["PupilChange", "Tell", "Writing"]

_AT_ONCE = 500

T = TypeVar("T")
PupilChange = tuple[Pupil | None, Pupil]
GroupChange = tuple[Group | None, Group]
Tell = Callable[[int], Awaitable[None]]
"""Hears how many of the changes are written."""


class Writing:
    def __init__(self, rows: Rows, announcements: Announcements, now: Clock) -> None:
        self._rows = rows
        self._say = announcements
        self._now = now

    async def write(
        self,
        connection: Connection,
        school: School,
        actor: Actor,
        *,
        groups: Sequence[GroupChange] = (),
        pupils: Sequence[PupilChange] = (),
        links: Sequence[LinkChange] = (),
        tell: Tell,
    ) -> None:
        """All of these in the caller's transaction. What is after has its version raised already.

        No UPN goes from one of these pupils to another: a row with it is about who has it.
        """
        await self._groups(connection, school, actor, groups)
        done = 0
        for pupil_part in _parts(pupils):
            await self._pupils(connection, school, actor, pupil_part)
            done += len(pupil_part)
            await tell(done)
        for link_part in _parts(links):
            await self._links(connection, school, actor, link_part)
            done += len(link_part)
            await tell(done)

    async def tell_of_import(
        self, connection: Connection, school: School, actor: Actor, action: str, of: PupilImport
    ) -> None:
        """One line for the whole file; each pupil has their own."""
        counts: dict[str, Any] = dict(of.undone or of.counts)
        if not of.undone:
            counts |= {"import": of.how.scope, "kept_over_the_mis": of.how.keep_over_mis}
        subject = Subject(kind="school", id=school.id, label=of.file_name)
        changes = {name: (None, value) for name, value in counts.items()}
        entry = changed_entry(self._now(), actor, action, subject, changes)
        await self._say.activity(connection, school.id, [entry])

    async def _groups(
        self,
        connection: Connection,
        school: School,
        actor: Actor,
        changes: Sequence[GroupChange],
    ) -> None:
        groups = [after for _, after in changes]
        await self._rows.groups.save(connection, school.id, groups)
        await self._say.groups(connection, school.id, [group.state() for group in groups])
        at = self._now()
        entries = [group_entry(at, actor, before, after) for before, after in changes]
        await self._say.activity(connection, school.id, entries)

    async def _pupils(
        self, connection: Connection, school: School, actor: Actor, part: Sequence[PupilChange]
    ) -> None:
        pupils = [after for _, after in part]
        await self._rows.pupils.save(connection, school.id, pupils)
        states = [pupil.state(school.kept_fields) for pupil in pupils]
        await self._say.pupils(connection, school.id, states)
        at = self._now()
        entries = [pupil_entry(at, actor, before, after) for before, after in part]
        await self._say.activity(connection, school.id, entries)

    async def _links(
        self, connection: Connection, school: School, actor: Actor, part: Sequence[LinkChange]
    ) -> None:
        links = [after for _, after in part]
        await self._rows.links.save(connection, school.id, links)
        await self._say.links(connection, school.id, [link.state() for link in links])
        names = await self._rows.links.names(connection, [link.key for link in links])
        at = self._now()
        found = (link_entry(at, actor, before, after, names) for before, after in part)
        entries: list[ActivityEntry] = [entry for entry in found if entry is not None]
        await self._say.activity(connection, school.id, entries)


def _parts(items: Sequence[T]) -> list[Sequence[T]]:
    return [items[start : start + _AT_ONCE] for start in range(0, len(items), _AT_ONCE)]
