"""A code, checked: each once, and only so many wrong ones.

Whatever asks for a second step goes through here: signing in, and changing the second step itself.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TypeVar

from services.identity.accounts.account import Account
from services.identity.accounts.repository import find_accounts, lock_accounts
from services.identity.activity.service import about_account, actor_of, record
from services.identity.context import Identity
from services.identity.devices.service import place_of
from services.identity.sessions.session import SessionOver
from services.identity.two_step import letters, repository
from services.identity.two_step.authenticator import Proof, step_of
from services.identity.two_step.problems import CodeRefused
from services.identity.two_step.recovery import NAME, RecoveryCode, label_of, typed
from shared.database.pool import Connection
from shared.security.principals import Principal

__all__ = ["Given", "with_code"]

Result = TypeVar("Result")
Then = Callable[[Connection, Account, Proof], Awaitable[Result]]


@dataclass(frozen=True)
class Given:
    """What was typed: a code of an authenticator, or a recovery code. One of them is said."""

    code: str | None = field(default=None, repr=False)
    recovery_code: str | None = field(default=None, repr=False)
    address: str | None = None
    device: str | None = field(default=None, repr=False)


async def with_code(
    identity: Identity, principal: Principal, given: Given, then: Then[Result]
) -> Result:
    """What `then` does with the account and the proof, in the transaction that spends the code.

    If `then` raises, the code was not used. Raises `CodeRefused`, `TooManyTries`, `SessionOver`.
    """
    account_id, is_code = principal.account_id, given.code is not None
    found = None
    place = await place_of(identity, principal, given.device, given.address)
    if is_code:
        await identity.throttle.guess_code(account_id, place)
    else:
        with identity.hashing.place():
            await identity.throttle.guess_recovery_code(account_id, place)
            found = await _recovery_code(identity, principal, given.recovery_code)
    async with identity.database.transaction(principal.tenant) as connection:
        account = (await lock_accounts(connection, [account_id])).get(account_id)
        if account is None or not account.active:
            raise SessionOver
        proof = (
            await _spend_code(identity, connection, account, given.code)
            if given.code is not None
            else await _spend_recovery_code(identity, connection, principal, account, found)
        )
        result = await then(connection, account, proof) if proof else None
    if proof is None or result is None:
        await _was_wrong(identity, principal, given, place)
        raise CodeRefused("code" if is_code else "recovery_code")
    await identity.throttle.forgive_codes(account_id)
    return result


async def _spend_code(
    identity: Identity, connection: Connection, account: Account, code: str
) -> Proof | None:
    """The authenticator that shows it, if it was taken from none before."""
    now = identity.clock()
    for sealed in await repository.secrets_of(connection, account.account_id):
        secret = identity.sealing.open(sealed.secret, sealed.authenticator_id)
        step = step_of(secret, code, now)
        if step is None:
            continue
        if not await repository.take_step(connection, sealed.authenticator_id, step, now):
            continue
        if identity.sealing.is_old(sealed.secret):
            again = identity.sealing.seal(secret, sealed.authenticator_id)
            await repository.reseal(connection, sealed.authenticator_id, again)
        return Proof(sealed.authenticator_id, sealed.name)
    return None


async def _recovery_code(
    identity: Identity, principal: Principal, given: str | None
) -> RecoveryCode | None:
    """The unused one that was typed. One hash is verified whether or not its label is known."""
    if given is None:
        return None
    async with identity.database.transaction(principal.tenant) as connection:
        found = await repository.find_recovery_code(
            connection, principal.account_id, label_of(given)
        )
    right = await identity.hashing.verify(typed(given), found.code_hash if found else None)
    return found if right else None


async def _spend_recovery_code(
    identity: Identity,
    connection: Connection,
    principal: Principal,
    account: Account,
    found: RecoveryCode | None,
) -> Proof | None:
    now = identity.clock()
    if found is None or not await repository.spend_recovery_code(
        connection, account.account_id, found, now
    ):
        return None
    left = await repository.codes_left(connection, account.account_id)
    entry = about_account(
        now, actor_of(principal), "two_step.recovery_code_used", account, after={"left": left}
    )
    await record(identity.outbox, connection, account.school_id, [entry])
    await letters.recovery_code_used(connection, account, now, left)
    return Proof(None, NAME)


async def _was_wrong(
    identity: Identity, principal: Principal, given: Given, place: str | None
) -> None:
    """Whoever types codes has the password, so the account's holder hears of many wrong ones."""
    if given.code is None or not await identity.throttle.code_was_wrong(
        principal.account_id, place
    ):
        return
    async with identity.database.transaction(principal.tenant) as connection:
        found = await find_accounts(connection, [principal.account_id])
        await letters.codes_guessed(connection, found[principal.account_id], identity.clock())
