"""Single-use links: the secret goes into the link, its hash into the database (R3, R5)."""

from __future__ import annotations

from datetime import datetime

from services.identity.accounts.account import Account
from services.identity.accounts.repository import lock_accounts
from services.identity.context import Identity
from services.identity.sessions.repository import insert_link
from services.identity.sessions.session import end_forms
from services.identity.sessions.tokens import new_token, token_hash
from shared.database.pool import Connection

__all__ = ["make_link"]


async def make_link(
    identity: Identity,
    connection: Connection,
    account: Account,
    now: datetime,
    expires_at: datetime,
) -> str:
    """The address to open, until a password is set through it.

    Any older link of the account opens nothing from now on, and what it had opened ends. The secret
    stands after `#`, so that it is in no server's log and no referrer.
    """
    token = new_token()
    # An older link that is being opened just now has opened its form by the time we end it.
    await lock_accounts(connection, [account.account_id])
    await end_forms(identity, connection, account, now)
    await insert_link(connection, token_hash(token), account.account_id, now, expires_at)
    return f"{identity.public_url}/link#{token}"
