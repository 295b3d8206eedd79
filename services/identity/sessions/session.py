"""A session: what it opens, for how long, and how it is opened and ended (R2, R3)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from uuid_utils.compat import uuid7

from services.identity.accounts.account import Account
from services.identity.context import Identity
from services.identity.measures import figures
from services.identity.schools.school import School
from services.identity.sessions import repository
from services.identity.sessions.repository import OpenedBy, Scope, StoredSession
from services.identity.sessions.tokens import new_token, token_hash
from services.identity.two_step.authenticator import Proof
from services.identity.two_step.repository import keep_proof
from shared.contracts.identity import SessionsEnded
from shared.database.pool import Connection
from shared.web.problems import Unauthenticated

__all__ = ["IDLE", "OpenSession", "SessionOver", "end_forms", "open_session", "tell_ended"]

IDLE = timedelta(minutes=30)
_LIVES: dict[Scope, timedelta] = {
    "full": timedelta(hours=12),
    "set_password": timedelta(minutes=10),
    "confirm_children": timedelta(minutes=10),
    "two_step": timedelta(minutes=10),
    "set_up_two_step": timedelta(minutes=10),
}


class SessionOver(Unauthenticated):
    """Idle for too long, ended, or of an account that may not sign in any more."""

    slug, title = "session-over", "You are not signed in any more"

    def __init__(self) -> None:
        super().__init__("Please sign in again.")


@dataclass(frozen=True)
class OpenSession:
    """A session with whose it is. `token` is its secret, known to its holder only.

    `authenticator` names what its second step was done with, if it had one.
    """

    stored: StoredSession
    account: Account
    school: School
    token: str = field(repr=False)
    authenticator: str | None = None


async def open_session(
    identity: Identity,
    connection: Connection,
    account: Account,
    school: School,
    *,
    scope: Scope,
    opened_by: OpenedBy,
    address: str | None,
    proof: Proof | None = None,
) -> OpenSession:
    """A new session with a new secret: none outlives a step of signing in, or a set password."""
    now = identity.clock()
    token = new_token()
    stored = StoredSession(
        session_id=uuid7(),
        account_id=account.account_id,
        school_id=account.school_id,
        scope=scope,
        opened_by=opened_by,
        created_at=now,
        expires_at=now + _LIVES[scope],
    )
    await repository.insert_session(connection, stored, token_hash(token), address)
    figures.session_started(scope)
    if proof:
        await keep_proof(connection, account.school_id, stored.session_id, proof)
    return OpenSession(stored, account, school, token, proof.name if proof else None)


async def end_forms(
    identity: Identity,
    connection: Connection,
    account: Account,
    now: datetime,
    opened_by: OpenedBy = "link",
) -> None:
    """End the password forms that the account's links have opened, or its starting codes."""
    ended = await repository.end_sessions(
        connection, now, account_ids=[account.account_id], opened_by=opened_by
    )
    await tell_ended(identity, connection, account.school_id, ended)


async def tell_ended(
    identity: Identity, connection: Connection, school_id: UUID, sessions: Iterable[UUID]
) -> None:
    """Tell every gateway that these are over."""
    ended = tuple(sessions)
    if ended:
        await identity.outbox.publish(connection, school_id, SessionsEnded(session_ids=ended))
        figures.sessions_ended(len(ended))
