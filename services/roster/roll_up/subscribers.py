"""Hears that a roll-up is due."""

from __future__ import annotations

from services.roster.roll_up.service import RollUpService
from shared.contracts.roster import RollUpDue
from shared.messaging.hearing import hears
from shared.messaging.subscription import Subscription

__all__ = ["roll_up_subscription"]


_AT_ONCE = 2
"""One less than a process applies of all together: while a thousand schools roll up, what else
arrives has a turn, and people who look at their pupils have more of the database."""


def roll_up_subscription(roll_ups: RollUpService) -> Subscription[RollUpDue]:
    return hears(RollUpDue, roll_ups.hear_due, at_once=_AT_ONCE)
