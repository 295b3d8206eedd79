"""The admin resets a user's password: to the default, or by a link for leaders (R2, R4)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
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

__all__ = ["CannotReset", "PasswordReset", "ResetTo", "reset_all", "reset_password"]

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
    [done] = await reset_all(identity, connection, principal, [before])
    return done


async def reset_all(
    identity: Identity, connection: Connection, principal: Principal, users: Sequence[Account]
) -> list[PasswordReset]:
    """As `reset_password`, for users who are locked and can be reset; one event tells of all."""
    if not users:
        return []
    now = identity.clock()
    done = [PasswordReset(_waiting(before, now), _reset_to(before)) for before in users]
    after = [one.user for one in done]
    await change_accounts(connection, after, now)
    for user in after:
        await end_all_sessions(identity, connection, user, now)
        await spend_links(connection, user.account_id, now)
    await publish_users(identity.outbox, connection, after)
    await _tell(identity, connection, principal, users, done)
    return done


def _waiting(before: Account, now: datetime) -> Account:
    to_link = _reset_to(before) == "link"
    return replace(
        before,
        state="awaiting_first_password",
        password_hash=None,
        claimed_at=None,
        code_hash=None,
        code_made_at=None,
        default_until=None if to_link else now + DEFAULT_PASSWORD_LIFE,
        version=before.version + 1,
    )


def _reset_to(user: Account) -> ResetTo:
    """A starting code is made by printing it; until then nothing opens the account (R2, R4)."""
    if user.leadership:
        return "link"
    return "starting_code" if user.first_passwords == "starting_codes" else "default"


async def _tell(
    identity: Identity,
    connection: Connection,
    principal: Principal,
    users: Sequence[Account],
    done: Sequence[PasswordReset],
) -> None:
    now = identity.clock()
    actor = actor_of(principal)
    entries = [
        about_account(
            now,
            actor,
            "user.password_reset",
            one.user,
            before={"password": "own" if before.claimed else "waiting"},
            after={"password": one.to},
        )
        for before, one in zip(users, done, strict=True)
    ]
    await record(identity.outbox, connection, principal.tenant, entries)
    school = await find_school(connection)
    for one in done:
        user = one.user
        if one.to == "link":
            await send_first_link(identity, connection, user, school, now)
        elif user.email:
            by_code = one.to == "starting_code"
            await password_was_reset(connection, user.email, user.name, now, by_code=by_code)
