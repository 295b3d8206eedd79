"""Hears of users from identity."""

from __future__ import annotations

from services.roster.users.service import UserService
from shared.contracts.identity import UsersChanged
from shared.messaging.hearing import hears
from shared.messaging.subscription import Subscription

__all__ = ["user_subscription"]


def user_subscription(users: UserService) -> Subscription[UsersChanged]:
    return hears(UsersChanged, users.take)
