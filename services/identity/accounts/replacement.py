"""A new account in place of another: how somebody comes by another username (R7, R8)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from uuid import UUID

from services.identity.accounts.account import Account, sign_in_key
from services.identity.accounts.changes import (
    end_all_sessions,
    locked_user,
    write_changes,
)
from services.identity.accounts.problems import ChangedMeanwhile
from services.identity.accounts.service import NewUser, create_user
from services.identity.context import Identity
from services.identity.sessions.repository import spend_links
from shared.database.pool import Connection
from shared.security.principals import Principal

__all__ = ["Replaced", "replace_account"]


@dataclass(frozen=True)
class Replaced:
    """The account that is inactive now, and the one that takes its place."""

    old: Account
    new: Account


async def replace_account(
    identity: Identity,
    connection: Connection,
    principal: Principal,
    user_id: UUID,
    new: NewUser,
    expected_version: int,
) -> Replaced:
    """In one transaction: the address comes off the old account, which is made inactive.

    The old account keeps an address that the new one does not take. Raises `ChangedMeanwhile`, or
    what `create_user` raises, and then nothing was changed.
    """
    before = await locked_user(connection, user_id)
    if before.version != expected_version:
        raise ChangedMeanwhile(before, {})
    now = identity.clock()
    takes_address = sign_in_key(new.email or "") == sign_in_key(before.email or "")
    old = replace(before, active=False, version=before.version + 1)
    if takes_address:
        # By hand: the sync, which knows the person by the old account, must not give it back (R13).
        old = replace(old, email=None, overrides=before.overrides | {"email"})
    await write_changes(identity, connection, principal, "user.replaced", [(before, old)])
    # What was sent to the address must not set a password of the account that is left behind.
    await spend_links(connection, user_id, now)
    await end_all_sessions(identity, connection, old, now)
    return Replaced(old, await create_user(identity, connection, principal, new))
