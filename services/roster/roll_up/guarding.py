"""Refuses what waits for the roll-up, in the transaction of whoever would change the pupils (R12).

The rules are in `guard.py`; here they meet the clock and what is known of the last roll-up.
"""

from __future__ import annotations

from collections.abc import Sequence

from services.roster.clock import Clock
from services.roster.roll_up.guard import (
    Waiting,
    YearChange,
    is_bulk_move_up,
    is_import_raising_the_roll,
    moved_up,
    waiting_for_roll_up,
)
from services.roster.roll_up.problems import WaitsForRollUp
from services.roster.roll_up.repository import RollUpRepository
from services.roster.schools.repository import School
from shared.database.pool import Connection
from shared.school.academic_year import next_academic_year

__all__ = ["RollUpGuard"]


class RollUpGuard:
    def __init__(self, repository: RollUpRepository, now: Clock) -> None:
        self._repository = repository
        self._now = now

    async def waiting(self, connection: Connection, school: School) -> Waiting | None:
        """Whether the guard stands now. `school` as it is under its lock."""
        latest = await self._repository.latest(connection)
        ends_this_year = latest is not None and latest.academic_year == next_academic_year(
            school.academic_year
        )
        return waiting_for_roll_up(self._now(), school.academic_year, undone=ends_this_year)

    async def refuse_bulk_move_up(
        self, connection: Connection, school: School, changes: Sequence[YearChange]
    ) -> None:
        """By hand. Raises `WaitsForRollUp` (409)."""
        if is_bulk_move_up(changes) and (waiting := await self.waiting(connection, school)):
            raise WaitsForRollUp(waiting, school.academic_year, moved_up(changes))

    async def refuse_raising_the_roll(
        self,
        connection: Connection,
        school: School,
        raised: int,
        *,
        active_roll: int,
    ) -> None:
        """From a file that raises so many. Raises `WaitsForRollUp` (409)."""
        raises = is_import_raising_the_roll(raised, active_roll=active_roll)
        if raises and (waiting := await self.waiting(connection, school)):
            raise WaitsForRollUp(waiting, school.academic_year, raised)
