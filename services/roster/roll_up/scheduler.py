"""Asks for roll-ups that are due: a message to each school, written once, whoever asks (R12).

What is due stands in the database. A service that was down on the day, or for a year, catches up
year by year, since a school is asked again once it is in the next year and that is over too.
"""

from __future__ import annotations

from services.roster.clock import Clock
from services.roster.roll_up.repository import RollUpRepository
from shared.contracts.roster import RollUpDue
from shared.database.pool import Database
from shared.messaging.outbox import Outbox
from shared.school.academic_year import roster_year_of, school_day

__all__ = ["ask_for_roll_ups"]

_AT_ONCE = 200


async def ask_for_roll_ups(
    database: Database, outbox: Outbox, rows: RollUpRepository, now: Clock
) -> int:
    """How many schools were asked; several may ask side by side."""
    asked = 0
    while True:
        year = roster_year_of(school_day(now()))
        if not await rows.are_due(database, year):
            return asked
        async with database.transaction() as connection:
            due = await rows.due(connection, year, _AT_ONCE)
            asked_of = {school: RollUpDue(academic_year=current) for school, current in due}
            await outbox.publish_to_each(connection, asked_of)
        asked += len(due)
        if len(due) < _AT_ONCE:
            return asked
