"""The admin resets a user's password: to the default, or by a link for leaders (R2, R4)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal
from uuid import UUID

from services.identity.accounts.account import DEFAULT_PASSWORD_LIFE, Account
from services.identity.accounts.changes import end_all_sessions, locked_user
from services.identity.accounts.events import publish_users
from services.identity.accounts.repository import change_accounts
from services.identity.accounts.resettable import why_not_reset
from services.identity.accounts.service import send_first_link
from services.identity.activity.service import about_account, actor_of, record
from services.identity.context import Identity
from services.identity.mail.service import password_was_reset
from services.identity.schools.repository import find_school
from services.identity.sessions.repository import spend_links
from shared.database.pool import Connection
from shared.security.principals import Principal
from shared.web.problems import Conflict

__all__ = ["CannotReset", "PasswordReset", "ResetTo", "reset_password"]

ResetTo = Literal["default", "link"]


class CannotReset(Conflict):
    slug, title = "cannot-reset-password", "This password cannot be reset now"


@dataclass(frozen=True)
class PasswordReset:
    """The user after it, and what they sign in with next."""

    user: Account
    to: ResetTo


async def reset_password(
    identity: Identity, connection: Connection, principal: Principal, user_id: UUID
) -> PasswordReset:
    """The old password opens nothing any more, and the user is signed out. Raises `CannotReset`."""
    now = identity.clock()
    before = await locked_user(connection, user_id)
    if reason := why_not_reset(before, now):
        raise CannotReset(reason)
    to: ResetTo = "link" if before.leadership else "default"
    after = replace(
        before,
        state="awaiting_first_password",
        password_hash=None,
        claimed_at=None,
        reset_at=now,
        code_hash=None,
        code_made_at=None,
        default_until=now + DEFAULT_PASSWORD_LIFE if to == "default" else None,
        version=before.version + 1,
    )
    await change_accounts(connection, [after], now)
    await end_all_sessions(identity, connection, after, now)
    await spend_links(connection, user_id, now)
    await publish_users(identity.outbox, connection, [after])
    await _tell(identity, connection, principal, before, after, to)
    return PasswordReset(after, to)


async def _tell(
    identity: Identity,
    connection: Connection,
    principal: Principal,
    before: Account,
    after: Account,
    to: ResetTo,
) -> None:
    now = identity.clock()
    entry = about_account(
        now,
        actor_of(principal),
        "user.password_reset",
        after,
        before={"password": "own" if before.claimed else "waiting"},
        after={"password": to},
    )
    await record(identity.outbox, connection, after.school_id, [entry])
    if to == "link":
        school = await find_school(connection)
        await send_first_link(identity, connection, after, school, now)
    elif after.email:
        await password_was_reset(connection, after.email, after.name, now)
