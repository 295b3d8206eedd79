"""`python -m services.mis_sync.republish [--school ID]`: says again what mis_sync owns.

That is its orders for the connectors in force, the hour of the overnight sync where a linked
school chose one, and the proposals that nobody has answered yet. All are harmless to say twice;
nothing else that mis_sync knows is its own.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Sequence
from uuid import UUID

from services.mis_sync.links.repository import connector_in_force, linked_schools
from services.mis_sync.links.service import order_for
from services.mis_sync.overnight.repository import find_setting
from services.mis_sync.runs.batches import unanswered_payloads
from shared.contracts.envelope import Payload
from shared.database.pool import Database
from shared.messaging.outbox import Outbox
from shared.settings import FromSurroundings

__all__ = ["main", "republish"]


async def republish(database: Database, schools: Sequence[UUID] | None = None) -> int:
    """Through the outbox, school by school; how many events there are."""
    outbox = Outbox("mis_sync")
    if schools is None:
        async with database.transaction() as connection:
            schools = await linked_schools(connection)
    count = 0
    for school_id in schools:
        async with database.transaction(school_id) as connection:
            connector = await connector_in_force(connection, school_id)
            payloads: list[Payload] = [order_for(connector)] if connector else []
            setting = await find_setting(connection, school_id)
            payloads += [setting.for_others()] if setting.version else []
            payloads += await unanswered_payloads(connection, school_id)
            count += len(await outbox.publish(connection, school_id, *payloads))
    return count


class _Settings(FromSurroundings):
    database_url: str


async def _run(school_id: UUID | None) -> int:
    database = Database(_Settings().database_url, name="mis_sync-republish", max_size=1)
    await database.open()
    try:
        return await republish(database, [school_id] if school_id else None)
    finally:
        await database.close()


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m services.mis_sync.republish")
    parser.add_argument("--school", type=UUID, help="the id of the one school to tell of")
    count = asyncio.run(_run(parser.parse_args().school))
    sys.stdout.write(f"{count} event{'' if count == 1 else 's'} written to the outbox\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
