"""The second step, done: another session, with another secret, for what comes next."""

from __future__ import annotations

from services.identity.accounts.account import Account
from services.identity.context import Identity
from services.identity.measures.figures import signing_in
from services.identity.sessions.going_on import open_next
from services.identity.sessions.session import OpenSession
from services.identity.two_step.authenticator import Proof
from services.identity.two_step.proving import Given, with_code
from shared.database.pool import Connection
from shared.security.principals import Principal

__all__ = ["sign_in_with_code"]


async def sign_in_with_code(identity: Identity, principal: Principal, given: Given) -> OpenSession:
    """Raises `CodeRefused`, `TooManyTries` or `SessionOver`."""

    async def enter(connection: Connection, account: Account, proof: Proof) -> OpenSession:
        return await open_next(identity, connection, principal, account, given.address, proof)

    with signing_in("code"):
        return await with_code(identity, principal, given, enter)
