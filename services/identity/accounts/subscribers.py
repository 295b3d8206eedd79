"""What mis_sync approved of staff, as it is heard."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from services.identity.accounts.staff import apply_staff
from services.identity.context import Identity
from services.identity.schools.repository import NoSuchSchool
from shared.contracts.envelope import Event
from shared.contracts.mis_sync import StaffApproved
from shared.messaging.subscription import Refused, Subscription

__all__ = ["staff_subscription"]


def staff_subscription(identity: Identity) -> Subscription[StaffApproved]:
    async def apply(connection: Any, events: Sequence[Event[StaffApproved]]) -> None:
        for event in events:
            if event.schoolid is None:
                raise Refused("staff are always of a school")
            try:
                await apply_staff(identity, connection, event.data)
            except NoSuchSchool as unknown:
                raise Refused(str(unknown)) from unknown

    return Subscription(StaffApproved, apply)
