"""Hears which groups mis_sync approved."""

from __future__ import annotations

from services.roster.groups.sync import GroupSync
from shared.contracts.mis_sync import GroupsApproved
from shared.messaging.hearing import hears
from shared.messaging.subscription import Subscription

__all__ = ["group_subscription"]


def group_subscription(sync: GroupSync) -> Subscription[GroupsApproved]:
    return hears(GroupsApproved, sync.apply)
