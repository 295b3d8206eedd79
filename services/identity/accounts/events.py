"""What other services hear of users: full states, in batches."""

from __future__ import annotations

from collections.abc import Sequence

from services.identity.accounts.account import Account
from shared.contracts.identity import UsersChanged
from shared.database.pool import Connection
from shared.messaging.outbox import Outbox

__all__ = ["USERS_PER_EVENT", "publish_users"]

USERS_PER_EVENT = 500


async def publish_users(
    outbox: Outbox, connection: Connection, accounts: Sequence[Account]
) -> None:
    """The states of those that are users, all of one school."""
    users = [account for account in accounts if account.kind == "user"]
    for start in range(0, len(users), USERS_PER_EVENT):
        part = users[start : start + USERS_PER_EVENT]
        states = tuple(account.for_others() for account in part)
        await outbox.publish(connection, part[0].school_id, UsersChanged(users=states))
