"""Hears of schools from identity."""

from __future__ import annotations

from services.roster.schools.service import SchoolService
from services.roster.subscribing import hears
from shared.contracts.identity import SchoolChanged
from shared.messaging.subscription import Subscription

__all__ = ["school_subscription"]


def school_subscription(schools: SchoolService) -> Subscription[SchoolChanged]:
    return hears(SchoolChanged, schools.take_details)
