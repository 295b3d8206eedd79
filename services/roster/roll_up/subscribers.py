"""Hears that a roll-up is due."""

from __future__ import annotations

from services.roster.roll_up.service import RollUpService
from shared.contracts.roster import RollUpDue
from shared.messaging.hearing import hears
from shared.messaging.subscription import Subscription

__all__ = ["roll_up_subscription"]


def roll_up_subscription(roll_ups: RollUpService) -> Subscription[RollUpDue]:
    return hears(RollUpDue, roll_ups.hear_due)
