"""A user changed by the admin: details, role, and active or not (R6, R7, R8, R13)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from asyncpg import UniqueViolationError

from services.identity.accounts import repository
from services.identity.accounts.account import Account, sign_in_key
from services.identity.accounts.events import publish_users
from services.identity.accounts.problems import (
    ChangedMeanwhile,
    EmailTaken,
    LeaderIsTeacher,
    LinkNeedsAddress,
    NoSuchUser,
    UsernameStays,
)
from services.identity.accounts.service import (
    DETAILS_BY_HAND,
    refuse_taken_address,
    send_first_link,
)
from services.identity.activity.service import about_account, actor_of, record
from services.identity.context import Identity
from services.identity.mail.service import address_was_changed
from services.identity.schools.repository import find_school
from services.identity.sessions.repository import end_sessions, spend_links
from services.identity.sessions.session import end_forms, tell_ended
from shared.contracts.vocabulary import StaffRole
from shared.database.pool import Connection
from shared.security.principals import Principal

__all__ = ["change_user", "end_all_sessions", "locked_user", "set_active", "write_change"]


async def change_user(
    identity: Identity,
    connection: Connection,
    principal: Principal,
    user_id: UUID,
    said: Mapping[str, Any],
    expected_version: int,
) -> Account:
    """What is said and is other than before; of that, details become overrides (R13).

    Raises `ChangedMeanwhile`, `UsernameStays`, `EmailTaken`, `LinkNeedsAddress` or
    `LeaderIsTeacher`.
    """
    before = await locked_user(connection, user_id)
    said = _without_username(before, said)
    if before.version != expected_version:
        raise ChangedMeanwhile(before, said)
    changed = {name: value for name, value in said.items() if value != getattr(before, name)}
    if not changed:
        return before
    after = _changed(before, changed)
    _check(before, after)
    await _write_details(identity, connection, principal, before, after)
    return after


async def set_active(
    identity: Identity,
    connection: Connection,
    principal: Principal,
    user_id: UUID,
    active: bool,
) -> Account:
    """R6: whoever is inactive is signed out at once; active again, they have all they had."""
    before = await locked_user(connection, user_id)
    if before.active == active:
        return before
    now = identity.clock()
    after = replace(before, active=active, version=before.version + 1)
    action = "user.made_active" if active else "user.made_inactive"
    await write_change(identity, connection, principal, action, before, after)
    if not active:
        await end_all_sessions(identity, connection, after, now)
    return after


async def locked_user(connection: Connection, user_id: UUID) -> Account:
    """Kept as it is until the transaction ends. Raises `NoSuchUser`."""
    account = (await repository.lock_accounts(connection, [user_id])).get(user_id)
    if account is None or account.kind != "user":
        raise NoSuchUser
    return account


async def write_change(
    identity: Identity,
    connection: Connection,
    principal: Principal,
    action: str,
    before: Account,
    after: Account,
) -> None:
    """The user as they are now, told to the other services and to the activity log (R9)."""
    now = identity.clock()
    try:
        await repository.change_accounts(connection, [after], now)
    except UniqueViolationError as taken:
        raise EmailTaken from taken
    await publish_users(identity.outbox, connection, [after])
    was, is_now = before.for_the_log(), after.for_the_log()
    entry = about_account(now, actor_of(principal), action, after, before=was, after=is_now)
    await record(identity.outbox, connection, after.school_id, [entry])


async def end_all_sessions(
    identity: Identity, connection: Connection, account: Account, now: datetime
) -> None:
    """Every gateway hears of it."""
    ended = await end_sessions(connection, now, account_ids=[account.account_id])
    await tell_ended(identity, connection, account.school_id, ended)


def _without_username(account: Account, said: Mapping[str, Any]) -> dict[str, Any]:
    """R7. Saying the one that they have is no mistake."""
    rest = dict(said)
    username = rest.pop("username", None)
    if username is not None and sign_in_key(username) != account.username:
        raise UsernameStays(account)
    return rest


def _changed(before: Account, changed: dict[str, Any]) -> Account:
    by_hand = before.overrides | (changed.keys() & DETAILS_BY_HAND)
    after = replace(before, **changed, overrides=by_hand, version=before.version + 1)
    # R2: no head or deputy has the default; who is none any more waits for a reset.
    return replace(after, default_until=None) if after.leadership else after


def _check(before: Account, after: Account) -> None:
    if after.leadership and after.role is not StaffRole.SLT:
        raise LeaderIsTeacher
    waits = after.active and not after.claimed
    newly = after.leadership is not None and before.leadership is None
    if after.leadership and not after.email and (waits or newly):
        raise LinkNeedsAddress


async def _write_details(
    identity: Identity,
    connection: Connection,
    principal: Principal,
    before: Account,
    after: Account,
) -> None:
    now = identity.clock()
    moved = sign_in_key(before.email or "") != sign_in_key(after.email or "")
    if moved and after.email:
        await refuse_taken_address(connection, after.school_id, after.email)
    await write_change(identity, connection, principal, "user.changed", before, after)
    if moved:
        # Whoever reads the old address sets no password by what was sent there.
        await spend_links(connection, after.account_id, now)
        await end_forms(identity, connection, after, now)
        if before.email:
            await address_was_changed(connection, before.email, after.name, now)
    if _rights(before) != _rights(after):
        # Their sessions, and what the gateways remember of them, still have the former rights.
        await end_all_sessions(identity, connection, after, now)
    waits_for_link = after.leadership and after.active and not after.claimed
    if waits_for_link and (moved or before.leadership is None):
        school = await find_school(connection)
        await send_first_link(identity, connection, after, school, now)


def _rights(account: Account) -> tuple[StaffRole | None, str | None]:
    return account.role, account.leadership
