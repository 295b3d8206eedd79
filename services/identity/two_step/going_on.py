"""The second step, done: another session, with another secret, for what comes next."""

from __future__ import annotations

from services.identity.accounts.account import Account
from services.identity.context import Identity
from services.identity.schools.repository import find_school
from services.identity.sessions.repository import end_sessions
from services.identity.sessions.session import OpenSession, SessionOver, open_session, tell_ended
from services.identity.sessions.steps import scope_after_two_step
from services.identity.two_step import repository
from services.identity.two_step.authenticator import Proof
from services.identity.two_step.proving import Given, with_code
from shared.database.pool import Connection
from shared.security.principals import Principal

__all__ = ["go_on", "sign_in_with_code"]


async def sign_in_with_code(identity: Identity, principal: Principal, given: Given) -> OpenSession:
    """Raises `CodeRefused`, `TooManyTries` or `SessionOver`."""

    async def enter(connection: Connection, account: Account, proof: Proof) -> OpenSession:
        return await go_on(identity, connection, principal, account, proof, given.address)

    return await with_code(identity, principal, given, enter)


async def go_on(
    identity: Identity,
    connection: Connection,
    principal: Principal,
    account: Account,
    proof: Proof,
    address: str | None,
) -> OpenSession:
    """End the session that asks and open the next. It stays named for its first proof.

    Raises `SessionOver`.
    """
    if principal.session_id is None:
        raise SessionOver
    before = await repository.proof_of(connection, principal.session_id)
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
