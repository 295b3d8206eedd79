"""Setting an authenticator up: its key is shown, and its first code makes it one that works.

A further one of the same account asks for a code of one that is there, so that a password alone
adds none (R1: colleagues who share the admin account add each other's).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from asyncpg import UniqueViolationError
from uuid_utils.compat import uuid7

from services.identity.accounts.account import Account
from services.identity.accounts.repository import find_accounts, lock_accounts
from services.identity.activity.service import about_account, actor_of, record
from services.identity.context import Identity
from services.identity.devices.service import place_of
from services.identity.passwords.confirming import confirm_password
from services.identity.schools.repository import find_school
from services.identity.sessions.going_on import open_next
from services.identity.sessions.session import OpenSession, SessionOver
from services.identity.two_step import letters, repository
from services.identity.two_step.authenticator import (
    MOST,
    SETTING_UP,
    Proof,
    Waiting,
    address_of,
    new_secret,
    step_of,
)
from services.identity.two_step.problems import (
    CodeRefused,
    NameTaken,
    NoSuchAuthenticator,
    SetUpMeanwhile,
    TooManyAuthenticators,
)
from services.identity.two_step.proving import Given, with_code
from services.identity.two_step.recovery import RecoveryCode, as_kept, new_codes
from shared.database.pool import Connection
from shared.security.principals import Principal, Scope

__all__ = ["Begun", "SetUp", "begin", "confirm"]


@dataclass(frozen=True)
class Begun:
    """What an app is shown, this once. `address` is what the picture says."""

    waiting: Waiting
    address: str = field(repr=False)


@dataclass(frozen=True)
class SetUp:
    """The session that goes on, and with the first authenticator the recovery codes, this once."""

    session: OpenSession
    recovery_codes: list[str] | None = field(repr=False)


async def begin(
    identity: Identity, principal: Principal, name: str, password: str | None, given: Given
) -> Begun:
    """Show a new key. Who has just signed in for this is not asked for their password again.

    Raises `CurrentPasswordWrong`, `CodeRefused`, `TooManyTries`, `NameTaken`,
    `TooManyAuthenticators`, or `SetUpMeanwhile`.
    """
    account, has_one = await _account(identity, principal)
    if principal.scope is Scope.SET_UP_TWO_STEP:
        if has_one:
            raise SetUpMeanwhile
    else:
        await confirm_password(identity, account, password)
    if has_one:
        if given.code is None and given.recovery_code is None:
            raise CodeRefused("code")

        async def add(connection: Connection, account: Account, _: Proof) -> Begun:
            return await _begin(identity, connection, account, name)

        return await with_code(identity, principal, given, add)
    async with identity.database.transaction(principal.tenant) as connection:
        locked = (await lock_accounts(connection, [account.account_id]))[account.account_id]
        if await repository.has_authenticator(connection, account.account_id):
            raise SetUpMeanwhile
        return await _begin(identity, connection, locked, name)


async def _account(identity: Identity, principal: Principal) -> tuple[Account, bool]:
    async with identity.database.transaction(principal.tenant) as connection:
        account = (await find_accounts(connection, [principal.account_id])).get(
            principal.account_id
        )
        if account is None or not account.active:
            raise SessionOver
        return account, await repository.has_authenticator(connection, account.account_id)


async def _begin(identity: Identity, connection: Connection, account: Account, name: str) -> Begun:
    there = await repository.authenticators_of(connection, account.account_id)
    if len(there) >= MOST:
        raise TooManyAuthenticators
    if name.casefold() in {one.name.casefold() for one in there}:
        raise NameTaken
    waiting = Waiting(uuid7(), name, new_secret())
    now = identity.clock()
    await repository.insert_waiting(
        connection,
        account.school_id,
        account.account_id,
        repository.Sealed(
            waiting.authenticator_id,
            name,
            identity.sealing.seal(waiting.secret, waiting.authenticator_id),
        ),
        now,
        now - SETTING_UP,
    )
    school = await find_school(connection)
    username = account.username or account.email or account.name
    return Begun(waiting, address_of(waiting.secret, username, school.name))


async def confirm(
    identity: Identity,
    principal: Principal,
    authenticator_id: UUID,
    code: str,
    address: str | None,
    device: str | None = None,
) -> SetUp:
    """Its first code: it works from now on. A new session takes the place of the one that asks.

    Raises `CodeRefused`, `TooManyTries`, `NoSuchAuthenticator`, `NameTaken`, `SetUpMeanwhile` or
    `SessionOver`.
    """
    place = await place_of(identity, principal, device, address)
    await identity.throttle.guess(f"NEW {authenticator_id}", place)
    _, has_one = await _account(identity, principal)
    shown = None if has_one else new_codes()
    kept = await as_kept(identity.hashing, shown) if shown else None
    async with identity.database.transaction(principal.tenant) as connection:
        account = (await lock_accounts(connection, [principal.account_id]))[principal.account_id]
        proof = await _confirm(identity, connection, principal, account, authenticator_id, code)
        if kept:
            await _first(connection, account, kept, identity.clock())
        await _tell(identity, connection, principal, account, proof)
        session = await open_next(identity, connection, principal, account, address, proof)
    return SetUp(session, shown)


async def _confirm(
    identity: Identity,
    connection: Connection,
    principal: Principal,
    account: Account,
    authenticator_id: UUID,
    code: str,
) -> Proof:
    now = identity.clock()
    sealed = await repository.waiting(
        connection, account.account_id, authenticator_id, now - SETTING_UP
    )
    if sealed is None:
        has_one = await repository.has_authenticator(connection, account.account_id)
        if has_one and principal.scope is Scope.SET_UP_TWO_STEP:
            raise SetUpMeanwhile
        raise NoSuchAuthenticator
    secret = identity.sealing.open(sealed.secret, authenticator_id)
    step = step_of(secret, code, now)
    if step is None:
        raise CodeRefused("code")
    try:
        await repository.confirm(connection, authenticator_id, step, now)
    except UniqueViolationError:
        raise NameTaken from None
    return Proof(authenticator_id, sealed.name)


async def _first(
    connection: Connection, account: Account, codes: list[RecoveryCode], now: datetime
) -> None:
    """What else was begun without a code of this one, with a password alone, is not taken up."""
    await repository.delete_waiting(connection, account.account_id)
    await repository.replace_recovery_codes(
        connection, account.school_id, account.account_id, codes, now
    )


async def _tell(
    identity: Identity,
    connection: Connection,
    principal: Principal,
    account: Account,
    added: Proof,
) -> None:
    now = identity.clock()
    entry = about_account(
        now,
        actor_of(principal),
        "two_step.authenticator_added",
        account,
        after={"authenticator": added.name},
    )
    await record(identity.outbox, connection, account.school_id, [entry])
    await letters.authenticator_added(connection, account, now, added.name)
