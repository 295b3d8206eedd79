"""One's own sessions: where one is signed in, and ending that. Admins share theirs (R1)."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from services.identity.accounts.repository import find_accounts
from services.identity.activity.service import about_account, actor_of, record
from services.identity.context import Identity
from services.identity.sessions.repository import OwnSession, end_sessions, sessions_of
from services.identity.sessions.session import IDLE, tell_ended
from services.identity.two_step.repository import names_of_proofs
from shared.database.pool import Connection
from shared.security.principals import Principal
from shared.web.problems import NotFound

__all__ = ["NoSuchSession", "end_own_session", "own_sessions"]


class NoSuchSession(NotFound):
    def __init__(self) -> None:
        super().__init__("This session has ended already.")


async def own_sessions(
    identity: Identity, connection: Connection, principal: Principal
) -> list[OwnSession]:
    """Those that are live, the newest first, with what their second step was done with."""
    found = await sessions_of(connection, principal.account_id, identity.clock(), IDLE)
    names = await names_of_proofs(connection, [one.session_id for one in found])
    return [replace(one, authenticator=names.get(one.session_id)) for one in found]


async def end_own_session(
    identity: Identity, connection: Connection, principal: Principal, session_id: UUID
) -> None:
    """End one of the account's sessions everywhere. Raises `NoSuchSession`."""
    now = identity.clock()
    ended = await end_sessions(
        connection, now, session_id=session_id, account_ids=[principal.account_id]
    )
    if not ended:
        raise NoSuchSession
    await tell_ended(identity, connection, principal.tenant, ended)
    account = (await find_accounts(connection, [principal.account_id]))[principal.account_id]
    entry = about_account(now, actor_of(principal), "user.session_ended", account)
    await record(identity.outbox, connection, principal.tenant, [entry])
