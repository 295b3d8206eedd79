"""A user changed by the admin: details, role, and active or not (R6, R7, R8, R13)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
from shared.web.problems import Problem

__all__ = [
    "Change",
    "change_user",
    "end_all_sessions",
    "end_sessions_of_all",
    "hand_back_detail",
    "locked_user",
    "moved",
    "set_active",
    "set_all_active",
    "what_follows",
    "why_not",
    "with_details",
    "write_changes",
    "write_details",
]

Change = tuple[Account, Account]
"""A user before and after."""


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
    after = with_details(before, changed, kept=True)
    if problem := why_not(before, after):
        raise problem
    if moved(before, after) and after.email:
        await refuse_taken_address(connection, after.school_id, after.email)
    await write_details(identity, connection, principal, [(before, after)])
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
    [after] = await set_all_active(identity, connection, principal, [before], active)
    return after


async def set_all_active(
    identity: Identity,
    connection: Connection,
    principal: Principal,
    users: Sequence[Account],
    active: bool,
) -> list[Account]:
    """As `set_active`, of users who are locked, are of one school and are not so yet."""
    changes = [(user, replace(user, active=active, version=user.version + 1)) for user in users]
    action = "user.made_active" if active else "user.made_inactive"
    await write_changes(identity, connection, principal, action, changes)
    after = [user for _, user in changes]
    if not active:
        await end_sessions_of_all(identity, connection, after, identity.clock())
    return after


async def hand_back_detail(
    identity: Identity,
    connection: Connection,
    principal: Principal,
    user_id: UUID,
    detail: str,
    expected_version: int,
) -> Account:
    """R13: the detail stays as it is until the MIS says another; the sync may change it again.

    Raises `ChangedMeanwhile`.
    """
    before = await locked_user(connection, user_id)
    if before.version != expected_version:
        raise ChangedMeanwhile(before, {})
    if detail not in before.overrides:
        return before
    after = replace(before, overrides=before.overrides - {detail}, version=before.version + 1)
    now = identity.clock()
    await repository.change_accounts(connection, [after], now)
    await publish_users(identity.outbox, connection, [after])
    entry = about_account(
        now,
        actor_of(principal),
        "user.handed_back",
        after,
        before={"set_by_hand": sorted(before.overrides)},
        after={"set_by_hand": sorted(after.overrides)},
    )
    await record(identity.outbox, connection, after.school_id, [entry])
    return after


async def locked_user(connection: Connection, user_id: UUID) -> Account:
    """Kept as it is until the transaction ends. Raises `NoSuchUser`."""
    account = (await repository.lock_accounts(connection, [user_id])).get(user_id)
    if account is None or account.kind != "user":
        raise NoSuchUser
    return account


async def write_changes(
    identity: Identity,
    connection: Connection,
    principal: Principal,
    action: str,
    changes: Sequence[Change],
) -> None:
    """The users as they are now, told to the other services and to the activity log (R9)."""
    if not changes:
        return
    now = identity.clock()
    changed = [after for _, after in changes]
    try:
        await repository.change_accounts(connection, changed, now)
    except UniqueViolationError as taken:
        raise EmailTaken from taken
    await publish_users(identity.outbox, connection, changed)
    actor = actor_of(principal)
    entries = [
        about_account(
            now, actor, action, after, before=before.for_the_log(), after=after.for_the_log()
        )
        for before, after in changes
    ]
    await record(identity.outbox, connection, changed[0].school_id, entries)


async def write_details(
    identity: Identity, connection: Connection, principal: Principal, changes: Sequence[Change]
) -> None:
    """As `write_changes`, with all that follows from another address, role or leadership."""
    await write_changes(identity, connection, principal, "user.changed", changes)
    for before, after in changes:
        await what_follows(identity, connection, before, after)


async def end_all_sessions(
    identity: Identity, connection: Connection, account: Account, now: datetime
) -> None:
    """Every gateway hears of it."""
    await end_sessions_of_all(identity, connection, [account], now)


async def end_sessions_of_all(
    identity: Identity, connection: Connection, accounts: Sequence[Account], now: datetime
) -> None:
    """As `end_all_sessions`, of accounts of one school."""
    if not accounts:
        return
    ids = [account.account_id for account in accounts]
    ended = await end_sessions(connection, now, account_ids=ids)
    await tell_ended(identity, connection, accounts[0].school_id, ended)


def _without_username(account: Account, said: Mapping[str, Any]) -> dict[str, Any]:
    """R7. Saying the one that they have is no mistake."""
    rest = dict(said)
    username = rest.pop("username", None)
    if username is not None and sign_in_key(username) != account.username:
        raise UsernameStays(account)
    return rest


def with_details(before: Account, changed: Mapping[str, Any], *, kept: bool) -> Account:
    """The account at its next version. `kept`: the details are the school's own now (R13)."""
    by_hand = changed.keys() & DETAILS_BY_HAND if kept else frozenset()
    after = replace(
        before, **changed, overrides=before.overrides | by_hand, version=before.version + 1
    )
    if (after.leadership is None) != (before.leadership is None):
        # A slip that was printed for a teacher opens no head's account, nor the reverse (R2).
        after = replace(after, code_hash=None, code_made_at=None)
    # R2: no head or deputy has the default; who is none any more waits for a reset.
    return replace(after, default_until=None) if after.leadership else after


def why_not(before: Account, after: Account) -> Problem | None:
    """What the rules about heads and deputies have against it (R2)."""
    if after.leadership and after.role is not StaffRole.SLT:
        return LeaderIsTeacher()
    waits = after.active and not after.claimed
    newly = after.leadership is not None and before.leadership is None
    if after.leadership and not after.email and (waits or newly):
        return LinkNeedsAddress()
    return None


def moved(before: Account, after: Account) -> bool:
    """Whether the e-mail address is another one; its case is not what makes it so (R8)."""
    return sign_in_key(before.email or "") != sign_in_key(after.email or "")


async def what_follows(
    identity: Identity, connection: Connection, before: Account, after: Account
) -> None:
    """What else becomes of another address, role or leadership, whoever changed it."""
    now = identity.clock()
    if moved(before, after):
        # Whoever reads the old address sets no password by what was sent there.
        await spend_links(connection, after.account_id, now)
        await end_forms(identity, connection, after, now)
        if before.email:
            await address_was_changed(connection, before.email, after.name, now)
    if _rights(before) != _rights(after):
        # Their sessions, and what the gateways remember of them, still have the former rights.
        await end_all_sessions(identity, connection, after, now)
    waits_for_link = after.leadership and after.active and not after.claimed
    if waits_for_link and (moved(before, after) or before.leadership is None):
        school = await find_school(connection)
        await send_first_link(identity, connection, after, school, now)


def _rights(account: Account) -> tuple[StaffRole | None, str | None]:
    return account.role, account.leadership
