"""Hears of schools from identity."""

from __future__ import annotations

from services.roster.schools.service import SchoolService
from shared.contracts.identity import SchoolChanged
from shared.messaging.hearing import hears
from shared.messaging.subscription import Subscription

__all__ = ["school_subscription"]


def school_subscription(schools: SchoolService) -> Subscription[SchoolChanged]:
    return hears(SchoolChanged, schools.take_details)
