"""What mis_sync approved of parents, as it is heard."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from services.identity.context import Identity
from services.identity.mis_contacts.service import apply_parents
from services.identity.schools.repository import NoSuchSchool
from shared.contracts.mis_sync import ParentsApproved
from shared.database.pool import Connection
from shared.messaging.hearing import hears
from shared.messaging.subscription import Refused, Subscription

__all__ = ["parents_subscription"]


def parents_subscription(identity: Identity) -> Subscription[ParentsApproved]:
    async def apply(connection: Connection, _: UUID, batches: Sequence[ParentsApproved]) -> None:
        for batch in batches:
            try:
                await apply_parents(identity, connection, batch)
            except NoSuchSchool as unknown:
                raise Refused(str(unknown)) from unknown

    return hears(ParentsApproved, apply)
