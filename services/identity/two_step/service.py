"""One's own authenticators and recovery codes, looked at and changed."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from asyncpg import UniqueViolationError

from services.identity.accounts.account import Account
from services.identity.accounts.repository import find_accounts, lock_accounts
from services.identity.activity.service import about_account, actor_of, record
from services.identity.context import Identity
from services.identity.passwords.confirming import confirm_password
from services.identity.school_settings.repository import find_settings
from services.identity.sessions.repository import end_sessions
from services.identity.sessions.session import SessionOver, tell_ended
from services.identity.two_step import letters, repository
from services.identity.two_step.authenticator import Authenticator, Proof
from services.identity.two_step.problems import (
    AuthenticatorChanged,
    CodeRefused,
    LastOneStays,
    NameTaken,
    NoSuchAuthenticator,
)
from services.identity.two_step.proving import Given, with_code
from services.identity.two_step.recovery import as_kept, new_codes
from services.identity.two_step.requirement import asks_for_two_step
from shared.database.pool import Connection
from shared.security.principals import Principal

__all__ = ["Own", "new_recovery_codes", "own", "remove", "rename"]


@dataclass(frozen=True)
class Own:
    """The second step of an account. `required`: its school asks for it of this account (R29)."""

    authenticators: list[Authenticator]
    codes_left: int
    required: bool


async def own(connection: Connection, principal: Principal) -> Own:
    account = await _account(connection, principal)
    return Own(
        authenticators=await repository.authenticators_of(connection, account.account_id),
        codes_left=await repository.codes_left(connection, account.account_id),
        required=asks_for_two_step(await find_settings(connection), account),
    )


async def rename(
    identity: Identity,
    connection: Connection,
    principal: Principal,
    authenticator_id: UUID,
    name: str,
    expected_version: int,
) -> Authenticator:
    """Raises `NoSuchAuthenticator`, `AuthenticatorChanged` or `NameTaken`."""
    account = (await lock_accounts(connection, [principal.account_id]))[principal.account_id]
    before = await _one(connection, account, authenticator_id)
    if before.version != expected_version:
        raise AuthenticatorChanged(before)
    if before.name == name:
        return before
    try:
        after = await repository.rename(connection, authenticator_id, name, expected_version)
    except UniqueViolationError:
        raise NameTaken from None
    if after is None:
        raise NoSuchAuthenticator
    entry = about_account(
        identity.clock(),
        actor_of(principal),
        "two_step.authenticator_renamed",
        account,
        before={"authenticator": before.name},
        after={"authenticator": after.name},
    )
    await record(identity.outbox, connection, account.school_id, [entry])
    return after


async def remove(
    identity: Identity,
    principal: Principal,
    authenticator_id: UUID,
    password: str | None,
    given: Given,
) -> None:
    """It opens nothing any more, and the sessions that it opened end, but for the one that asks.

    With the last one go the recovery codes. Raises `CurrentPasswordWrong`, `CodeRefused`,
    `TooManyTries`, `NoSuchAuthenticator` or `LastOneStays`.
    """
    await _confirm_password(identity, principal, password, given)

    async def take_away(connection: Connection, account: Account, _: Proof) -> bool:
        removed = await _one(connection, account, authenticator_id)
        if len(await repository.authenticators_of(connection, account.account_id)) > 1:
            await repository.delete_authenticator(connection, authenticator_id)
        elif asks_for_two_step(await find_settings(connection), account):
            raise LastOneStays
        else:
            await repository.delete_all(connection, account.account_id)
        await _end_its_sessions(identity, connection, principal, authenticator_id)
        await _tell_removed(identity, connection, principal, account, removed)
        return True

    await with_code(identity, principal, given, take_away)


async def new_recovery_codes(
    identity: Identity, principal: Principal, password: str | None, given: Given
) -> list[str]:
    """Ten new ones, told this once; the old ones are gone. Raises as `remove` does."""
    await _confirm_password(identity, principal, password, given)
    shown = new_codes()
    kept = await as_kept(identity.hashing, shown)

    async def put_in_place(connection: Connection, account: Account, _: Proof) -> list[str]:
        now = identity.clock()
        await repository.replace_recovery_codes(
            connection, account.school_id, account.account_id, kept, now
        )
        entry = about_account(now, actor_of(principal), "two_step.recovery_codes_made", account)
        await record(identity.outbox, connection, account.school_id, [entry])
        await letters.recovery_codes_made(connection, account, now)
        return shown

    return await with_code(identity, principal, given, put_in_place)


async def _confirm_password(
    identity: Identity, principal: Principal, password: str | None, given: Given
) -> None:
    if given.code is None and given.recovery_code is None:
        raise CodeRefused("code")
    async with identity.database.transaction(principal.tenant) as connection:
        account = await _account(connection, principal)
    await confirm_password(identity, account, password)


async def _account(connection: Connection, principal: Principal) -> Account:
    account = (await find_accounts(connection, [principal.account_id])).get(principal.account_id)
    if account is None:
        raise SessionOver
    return account


async def _one(connection: Connection, account: Account, authenticator_id: UUID) -> Authenticator:
    for one in await repository.authenticators_of(connection, account.account_id):
        if one.authenticator_id == authenticator_id:
            return one
    raise NoSuchAuthenticator


async def _end_its_sessions(
    identity: Identity, connection: Connection, principal: Principal, authenticator_id: UUID
) -> None:
    for session_id in await repository.sessions_opened_with(connection, authenticator_id):
        if session_id == principal.session_id:
            continue
        ended = await end_sessions(connection, identity.clock(), session_id=session_id)
        await tell_ended(identity, connection, principal.tenant, ended)


async def _tell_removed(
    identity: Identity,
    connection: Connection,
    principal: Principal,
    account: Account,
    removed: Authenticator,
) -> None:
    now = identity.clock()
    entry = about_account(
        now,
        actor_of(principal),
        "two_step.authenticator_removed",
        account,
        before={"authenticator": removed.name},
        after={"authenticator": None},
    )
    await record(identity.outbox, connection, account.school_id, [entry])
    await letters.authenticator_removed(connection, account, now, removed.name)
