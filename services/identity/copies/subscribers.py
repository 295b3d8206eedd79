"""Hears of groups and links, in any order and as often as it is said."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from services.identity.copies.repository import keep_groups, keep_links
from shared.contracts.roster import GroupsChanged, LinksChanged
from shared.database.pool import Connection
from shared.messaging.hearing import hears
from shared.messaging.subscription import Subscription

__all__ = ["copy_subscriptions"]


def copy_subscriptions() -> list[Subscription[Any]]:
    return [hears(GroupsChanged, _groups), hears(LinksChanged, _links)]


async def _groups(connection: Connection, school_id: UUID, told: Sequence[GroupsChanged]) -> None:
    await keep_groups(connection, school_id, [group for event in told for group in event.groups])


async def _links(connection: Connection, school_id: UUID, told: Sequence[LinksChanged]) -> None:
    await keep_links(connection, school_id, [link for event in told for link in event.links])
