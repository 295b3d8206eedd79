"""Hears that a school is to be erased, deletes its files and all rows of it, and says so.

The files go first: if the rows then stay, it is all done again. And once more after the rows, which
waited for reports that were being made just then: these may have put a file there meanwhile.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from services.reports.files.store import FileStore
from shared.contracts.identity import SchoolErasing
from shared.contracts.reports import ReportsErased
from shared.database.erasing import erase_school
from shared.database.pool import Connection
from shared.messaging.hearing import hears
from shared.messaging.outbox import Outbox
from shared.messaging.subscription import Subscription

__all__ = ["erasing_subscription"]


def erasing_subscription(outbox: Outbox, files: FileStore) -> Subscription[SchoolErasing]:
    async def apply(connection: Connection, school_id: UUID, _: Sequence[SchoolErasing]) -> None:
        await files.delete_school(school_id)
        rows = await erase_school(connection)
        await files.delete_school(school_id)
        await outbox.publish(connection, school_id, ReportsErased(rows=rows))

    return hears(SchoolErasing, apply)
