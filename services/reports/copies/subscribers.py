"""Hears of every state that reports copies, in any order and as often as it is said.

With a school's academic year come the terms of that year, and what else a school begins with.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar
from uuid import UUID

from services.reports.copies.repository import (
    GROUPS,
    LINKS,
    SCHOOL_YEARS,
    SCHOOLS,
    USERS,
    take_pupil_fields,
    take_pupils,
)
from services.reports.school_settings.repository import academic_year
from services.reports.school_settings.service import SchoolSettings
from shared.contracts.envelope import Contract, Payload
from shared.contracts.identity import SchoolChanged, UsersChanged
from shared.contracts.roster import (
    GroupsChanged,
    LinksChanged,
    MembershipsChanged,
    PupilFieldsChanged,
    PupilsChanged,
    SchoolYearChanged,
)
from shared.database.pool import Connection
from shared.database.read_model import ReadModel
from shared.messaging.hearing import hears
from shared.messaging.subscription import Subscription

__all__ = ["copy_subscriptions"]

P = TypeVar("P", bound=Payload)


def copy_subscriptions(settings: SchoolSettings) -> list[Subscription[Any]]:
    return [
        _copies(SchoolChanged, SCHOOLS, lambda change: [change]),
        _years(settings),
        _copies(UsersChanged, USERS, lambda change: change.users),
        hears(PupilsChanged, take_pupils, by_twin=True),
        hears(PupilFieldsChanged, take_pupil_fields),
        _copies(GroupsChanged, GROUPS, lambda change: change.groups),
        _copies(LinksChanged, LINKS, lambda change: change.links),
        _copies(MembershipsChanged, LINKS, lambda change: change.links),
    ]


def _years(settings: SchoolSettings) -> Subscription[SchoolYearChanged]:
    async def apply(
        connection: Connection, school_id: UUID, changes: Sequence[SchoolYearChanged]
    ) -> None:
        former = await academic_year(connection)
        await SCHOOL_YEARS.take(connection, school_id, changes)
        await settings.begin_year(connection, school_id, former)

    return hears(SchoolYearChanged, apply)


def _copies(
    payload: type[P], copy: ReadModel, states: Callable[[P], Iterable[Contract]]
) -> Subscription[P]:
    async def apply(connection: Connection, school_id: UUID, changes: Sequence[P]) -> None:
        said = [state for change in changes for state in states(change)]
        await copy.take(connection, school_id, said)

    return hears(payload, apply, by_twin=True)
