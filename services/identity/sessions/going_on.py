"""From one step of signing in to the next: the session that asked ends, and another begins."""

from __future__ import annotations

from services.identity.accounts.account import Account
from services.identity.context import Identity
from services.identity.schools.repository import find_school
from services.identity.sessions.repository import end_sessions
from services.identity.sessions.session import OpenSession, SessionOver, open_session, tell_ended
from services.identity.sessions.steps import scope_after_two_step
from services.identity.two_step.authenticator import Proof
from services.identity.two_step.repository import proof_of
from shared.database.pool import Connection
from shared.security.principals import Principal

__all__ = ["open_next"]


async def open_next(
    identity: Identity,
    connection: Connection,
    principal: Principal,
    account: Account,
    address: str | None,
    proof: Proof | None = None,
) -> OpenSession:
    """End the session that asks and open the next. It stays named for its first proof.

    Raises `SessionOver`.
    """
    if principal.session_id is None:
        raise SessionOver
    before = await proof_of(connection, principal.session_id)
    ended = await end_sessions(connection, identity.clock(), session_id=principal.session_id)
    if principal.session_id not in ended:
        raise SessionOver
    await tell_ended(identity, connection, account.school_id, ended)
    return await open_session(
        identity,
        connection,
        account,
        await find_school(connection),
        scope=await scope_after_two_step(connection, account),
        opened_by=ended[principal.session_id],
        address=address,
        proof=before or proof,
    )
