"""Hears that a school has left, and cuts its connector off; later, that it is to be erased."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from services.mis_sync.context import MisSync
from services.mis_sync.links.service import cut_off
from shared.contracts.identity import SchoolErasing, SchoolLeft
from shared.contracts.mis_sync import MisSyncErased
from shared.database.erasing import erase_school
from shared.database.pool import Connection
from shared.messaging.hearing import hears
from shared.messaging.subscription import Subscription

__all__ = ["leaving_subscriptions"]


def leaving_subscriptions(mis_sync: MisSync) -> list[Subscription[Any]]:
    async def leave(connection: Connection, school_id: UUID, _: Sequence[SchoolLeft]) -> None:
        await cut_off(mis_sync, connection, school_id)

    async def erase(connection: Connection, school_id: UUID, _: Sequence[SchoolErasing]) -> None:
        # Also where it was linked again meanwhile: its broker user and queue are not ours to keep.
        await cut_off(mis_sync, connection, school_id)
        rows = await erase_school(connection)
        await mis_sync.outbox.publish(connection, school_id, MisSyncErased(rows=rows))

    return [hears(SchoolLeft, leave), hears(SchoolErasing, erase)]
