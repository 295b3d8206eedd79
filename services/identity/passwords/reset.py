"""The admin resets a user's password: to the default, or by a link for leaders (R2, R4)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal
from uuid import UUID

from services.identity.accounts.account import DEFAULT_PASSWORD_LIFE, Account
from services.identity.accounts.changes import end_sessions_of_all, locked_user
from services.identity.accounts.events import publish_users
from services.identity.accounts.repository import change_accounts
from services.identity.accounts.resettable import why_not_reset
from services.identity.accounts.service import send_first_link
from services.identity.activity.service import about_account, actor_of, record
from services.identity.context import Identity
from services.identity.mail.service import password_was_reset
from services.identity.schools.repository import find_school
from services.identity.sessions.repository import spend_links_of_all
from shared.database.pool import Connection
from shared.security.principals import Principal
from shared.web.problems import Conflict

__all__ = ["CannotReset", "PasswordReset", "ResetTo", "reset_password", "reset_passwords"]

ResetTo = Literal["default", "starting_code", "link"]


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
    before = await locked_user(connection, user_id)
    if reason := why_not_reset(before, identity.clock()):
        raise CannotReset(reason)
    [done] = await reset_passwords(identity, connection, principal, [before])
    return done


async def reset_passwords(
    identity: Identity, connection: Connection, principal: Principal, users: Sequence[Account]
) -> list[PasswordReset]:
    """As `reset_password`, of users who are locked, are of one school and can be reset."""
    now = identity.clock()
    done = [_waiting_again(user, now) for user in users]
    after = [reset.user for reset in done]
    await change_accounts(connection, after, now)
    await end_sessions_of_all(identity, connection, after, now)
    await spend_links_of_all(connection, [user.account_id for user in after], now)
    await publish_users(identity.outbox, connection, after)
    await _tell(identity, connection, principal, list(zip(users, done, strict=True)))
    return done


def _waiting_again(before: Account, now: datetime) -> PasswordReset:
    to = _reset_to(before)
    after = replace(
        before,
        state="awaiting_first_password",
        password_hash=None,
        claimed_at=None,
        reset_at=now,
        code_hash=None,
        code_made_at=None,
        default_until=None if to == "link" else now + DEFAULT_PASSWORD_LIFE,
        version=before.version + 1,
    )
    return PasswordReset(after, to)


def _reset_to(user: Account) -> ResetTo:
    """A starting code is made by printing it; until then nothing opens the account (R2, R4)."""
    if user.leadership:
        return "link"
    return "starting_code" if user.first_passwords == "starting_codes" else "default"


async def _tell(
    identity: Identity,
    connection: Connection,
    principal: Principal,
    resets: Sequence[tuple[Account, PasswordReset]],
) -> None:
    if not resets:
        return
    now = identity.clock()
    actor = actor_of(principal)
    entries = [
        about_account(
            now,
            actor,
            "user.password_reset",
            done.user,
            before={"password": "own" if before.claimed else "waiting"},
            after={"password": done.to},
        )
        for before, done in resets
    ]
    school = await find_school(connection)
    await record(identity.outbox, connection, school.school_id, entries)
    for _, done in resets:
        if done.to == "link":
            await send_first_link(identity, connection, done.user, school, now)
        elif done.user.email:
            by_code = done.to == "starting_code"
            await password_was_reset(
                connection, done.user.email, done.user.name, now, by_code=by_code
            )
