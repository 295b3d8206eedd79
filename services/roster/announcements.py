"""What roster tells the others of its changes: full states, in chunks, and the activity log (R9).

Everything goes through the outbox, in the transaction that makes it true.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar
from uuid import UUID

from shared.contracts.activity import ActivityEntry, ActivityRecorded
from shared.contracts.envelope import Payload
from shared.contracts.roster import (
    MAX_STATES_PER_EVENT,
    GroupsChanged,
    GroupState,
    LinksChanged,
    LinkState,
    PupilFieldsChanged,
    PupilsChanged,
    PupilState,
    SchoolYearChanged,
)
from shared.database.pool import Connection
from shared.messaging.outbox import Outbox, Said

__all__ = ["MAX_ENTRIES_PER_EVENT", "Announcements"]

MAX_ENTRIES_PER_EVENT = 500

T = TypeVar("T")


class Announcements:
    """Writes events of one kind of change. Nothing changed, nothing said."""

    def __init__(self, outbox: Outbox) -> None:
        self._outbox = outbox

    async def pupils(
        self, connection: Connection, school_id: UUID, states: Sequence[PupilState]
    ) -> None:
        events = [PupilsChanged(pupils=part) for part in _chunks(states, MAX_STATES_PER_EVENT)]
        await self._outbox.publish(connection, school_id, *events)

    async def groups(
        self, connection: Connection, school_id: UUID, states: Sequence[GroupState]
    ) -> None:
        events = [GroupsChanged(groups=part) for part in _chunks(states, MAX_STATES_PER_EVENT)]
        await self._outbox.publish(connection, school_id, *events)

    async def links(
        self, connection: Connection, school_id: UUID, states: Sequence[LinkState]
    ) -> None:
        events = [LinksChanged(links=part) for part in _chunks(states, MAX_STATES_PER_EVENT)]
        await self._outbox.publish(connection, school_id, *events)

    async def school_year(
        self,
        connection: Connection,
        school_id: UUID,
        changed: SchoolYearChanged,
        *entries: ActivityEntry,
    ) -> None:
        """And these entries about it."""
        logged = [ActivityRecorded(service="roster", entries=entries)] if entries else []
        await self._outbox.publish(connection, school_id, changed, *logged)

    async def pupil_fields(
        self, connection: Connection, school_id: UUID, changed: PupilFieldsChanged
    ) -> None:
        await self._outbox.publish(connection, school_id, changed)

    async def activity(
        self, connection: Connection, school_id: UUID, entries: Sequence[ActivityEntry]
    ) -> None:
        events = [
            ActivityRecorded(service="roster", entries=part)
            for part in _chunks(entries, MAX_ENTRIES_PER_EVENT)
        ]
        await self._outbox.publish(connection, school_id, *events)

    def address(self, school_id: UUID, payload: type[Payload]) -> str:
        """The parameter of a statement that tells events of this type itself (`told_in_sql`)."""
        return self._outbox.address(school_id, payload)

    async def answer(self, connection: Connection, school_id: UUID, applied: Payload) -> None:
        """The one answer to a proposal batch."""
        await self._outbox.publish(connection, school_id, applied)

    async def said(self, connection: Connection, school_id: UUID, said: Iterable[Said]) -> None:
        """Events of many records, such as `pupils/telling.py` makes."""
        await self._outbox.publish(connection, school_id, *said)


def _chunks(items: Sequence[T], size: int) -> Iterator[tuple[T, ...]]:
    for start in range(0, len(items), size):
        yield tuple(items[start : start + size])
