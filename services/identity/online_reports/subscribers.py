"""Hears that online reports were published or withdrawn, in any order, as often as it is said."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from services.identity.context import Identity
from services.identity.online_reports.telling import hear
from shared.contracts.reports import OnlineReportsPublished, OnlineReportsWithdrawn
from shared.database.pool import Connection
from shared.messaging.hearing import hears
from shared.messaging.subscription import Subscription

__all__ = ["online_reports_subscriptions"]


def online_reports_subscriptions(identity: Identity) -> list[Subscription[Any]]:
    async def apply(
        connection: Connection,
        school_id: UUID,
        changes: Sequence[OnlineReportsPublished | OnlineReportsWithdrawn],
    ) -> None:
        # Locked one after the other: always in the same order.
        for told in sorted(changes, key=lambda one: (one.publication_id, one.version)):
            await hear(identity, connection, school_id, told)

    return [hears(OnlineReportsPublished, apply), hears(OnlineReportsWithdrawn, apply)]
