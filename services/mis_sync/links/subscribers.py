"""Hears from the provisioner that a connector's broker user is there."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from services.mis_sync.context import MisSync
from services.mis_sync.links.service import take_provisioned
from shared.contracts.mis_sync import ConnectorProvisioned
from shared.database.pool import Connection
from shared.messaging.hearing import hears
from shared.messaging.subscription import Subscription

__all__ = ["provisioned_subscription"]


def provisioned_subscription(mis_sync: MisSync) -> Subscription[ConnectorProvisioned]:
    async def apply(
        connection: Connection, school_id: UUID, answers: Sequence[ConnectorProvisioned]
    ) -> None:
        await take_provisioned(mis_sync, connection, school_id, answers)

    return hears(ConnectorProvisioned, apply)
