"""Hears roster and identity, keeps the copies, and has runs that wait for them looked at again."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, TypeVar
from uuid import UUID

from services.mis_sync.copies import repository
from services.mis_sync.links.repository import lock_link
from services.mis_sync.matching.records import OPTIONAL_FIELDS
from services.mis_sync.runs.due import wake_runner
from services.mis_sync.snapshots.keeping import forget_fields
from shared.contracts.envelope import Payload
from shared.contracts.identity import ParentsChanged, SchoolChanged, UsersChanged
from shared.contracts.roster import (
    GroupsChanged,
    LinksChanged,
    MembershipsChanged,
    PupilFieldsChanged,
    PupilsChanged,
    SchoolYearChanged,
)
from shared.database.pool import Connection
from shared.messaging.hearing import hears
from shared.messaging.subscription import Subscription

__all__ = ["copy_subscriptions"]

P = TypeVar("P", bound=Payload)


async def _schools(connection: Connection, school_id: UUID, told: Sequence[SchoolChanged]) -> None:
    for school in told:
        await repository.keep_school(connection, school_id, school)


async def _years(
    connection: Connection, school_id: UUID, told: Sequence[SchoolYearChanged]
) -> None:
    for year in told:
        await repository.keep_school_year(connection, school_id, year)


async def _pupils(connection: Connection, school_id: UUID, told: Sequence[PupilsChanged]) -> None:
    states = [state for event in told for state in event.pupils]
    await repository.keep_pupils(connection, school_id, states)


async def _groups(connection: Connection, school_id: UUID, told: Sequence[GroupsChanged]) -> None:
    states = [state for event in told for state in event.groups]
    await repository.keep_groups(connection, school_id, states)


async def _users(connection: Connection, school_id: UUID, told: Sequence[UsersChanged]) -> None:
    states = [state for event in told for state in event.users]
    await repository.keep_users(connection, school_id, states)


async def _parents(connection: Connection, school_id: UUID, told: Sequence[ParentsChanged]) -> None:
    states = [state for event in told for state in event.parents]
    await repository.keep_parents(connection, school_id, states)


async def _pupil_fields(
    connection: Connection, school_id: UUID, told: Sequence[PupilFieldsChanged]
) -> None:
    """What a field held that is switched off is forgotten, staged snapshots included (R29)."""
    await lock_link(connection, school_id)
    for fields in told:
        if await repository.keep_pupil_fields(connection, school_id, fields):
            off = frozenset(OPTIONAL_FIELDS) - fields.kept
            await forget_fields(connection, school_id, off)


async def _links(
    connection: Connection, school_id: UUID, told: Sequence[LinksChanged | MembershipsChanged]
) -> None:
    states = [state for event in told for state in event.links]
    await repository.keep_links(connection, school_id, states)


def copy_subscriptions() -> list[Subscription[Any]]:
    """Everything that a comparison needs to know of the others."""
    return [
        _hears(SchoolChanged, _schools),
        _hears(SchoolYearChanged, _years),
        _hears(PupilsChanged, _pupils),
        _hears(GroupsChanged, _groups),
        _hears(UsersChanged, _users),
        _hears(ParentsChanged, _parents),
        _hears(PupilFieldsChanged, _pupil_fields),
        _hears(LinksChanged, _links),
        _hears(MembershipsChanged, _links),
    ]


def _hears(
    payload: type[P], keep: Callable[[Connection, UUID, Sequence[P]], Awaitable[None]]
) -> Subscription[P]:
    async def apply(connection: Connection, school_id: UUID, told: Sequence[P]) -> None:
        await keep(connection, school_id, told)
        await wake_runner(connection, school_id)

    return hears(payload, apply, by_twin=True)
