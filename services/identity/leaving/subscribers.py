"""Hears from the other services that they hold nothing of a school any more."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from services.identity.context import Identity
from services.identity.leaving.service import take_confirmation
from shared.contracts.mis_sync import MisSyncErased
from shared.contracts.reports import ReportsErased
from shared.contracts.roster import RosterErased
from shared.database.pool import Connection
from shared.messaging.hearing import hears
from shared.messaging.subscription import Subscription

__all__ = ["erased_subscriptions"]

_SERVICES = {"roster": RosterErased, "mis_sync": MisSyncErased, "reports": ReportsErased}


def erased_subscriptions(identity: Identity) -> list[Subscription[Any]]:
    return [_hears(identity, service, payload) for service, payload in _SERVICES.items()]


def _hears(identity: Identity, service: str, payload: type[Any]) -> Subscription[Any]:
    async def apply(connection: Connection, _: UUID, said: Sequence[Any]) -> None:
        await take_confirmation(identity, connection, service, said[0].rows)

    return hears(payload, apply)
