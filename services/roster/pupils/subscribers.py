"""Hears which pupils mis_sync approved."""

from __future__ import annotations

from services.roster.pupils.sync import PupilSync
from shared.contracts.mis_sync import PupilsApproved
from shared.messaging.hearing import hears
from shared.messaging.subscription import Subscription

__all__ = ["pupil_subscription"]

_AHEAD = 10
"""A first snapshot's are a quarter of a megabyte each. With a hundred of them to take in, the first
were applied and told only when all were read (benchmark B2)."""


def pupil_subscription(sync: PupilSync) -> Subscription[PupilsApproved]:
    return hears(PupilsApproved, sync.apply, by_twin=True, prefetch=_AHEAD)
