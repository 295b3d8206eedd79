"""Hears which links mis_sync approved."""

from __future__ import annotations

from services.roster.links.sync import LinkSync
from shared.contracts.mis_sync import LinksApproved
from shared.messaging.hearing import hears
from shared.messaging.subscription import Subscription

__all__ = ["link_subscription"]


def link_subscription(sync: LinkSync) -> Subscription[LinksApproved]:
    return hears(LinksApproved, sync.apply)
