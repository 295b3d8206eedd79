"""Hears that a part of some reports is to be made."""

from __future__ import annotations

from services.reports.generated.making import Making
from shared.contracts.reports import ReportsDue
from shared.messaging.hearing import hears
from shared.messaging.subscription import Subscription

__all__ = ["generation_subscription"]


def generation_subscription(making: Making) -> Subscription[ReportsDue]:
    return hears(ReportsDue, making.hear_due)
