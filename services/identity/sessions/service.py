"""Signing in, by password or by link, being signed in, and signing out (R1–R3, R6)."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from uuid import UUID

from services.identity.accounts.account import NOBODY, Account, sign_in_key
from services.identity.accounts.repository import (
    change_accounts,
    find_accounts,
    find_in_directory,
    lock_accounts,
)
from services.identity.context import Identity
from services.identity.measures.figures import signing_in
from services.identity.passwords.hashing import MAX_LENGTH, Busy
from services.identity.passwords.repository import hold_default, newest_default
from services.identity.schools.repository import find_school
from services.identity.sessions import repository
from services.identity.sessions.repository import OpenedBy, Scope
from services.identity.sessions.session import (
    IDLE,
    OpenSession,
    SessionOver,
    end_forms,
    open_session,
    tell_ended,
)
from services.identity.sessions.steps import scope_after_password
from services.identity.sessions.tokens import token_hash
from services.identity.starting_codes.codes import as_typed
from services.identity.two_step.repository import proof_of
from shared.database.pool import Connection
from shared.security.principals import Principal
from shared.web.problems import Unauthenticated

__all__ = ["LinkRefused", "SignInRefused", "look_up", "redeem_link", "sign_in", "sign_out"]


class SignInRefused(Unauthenticated):
    """One answer for whatever was not right, so that nothing is learnt from it (R3)."""

    slug, title = "sign-in-refused", "You could not be signed in"

    def __init__(self) -> None:
        super().__init__(
            "The username or e-mail address and the password do not match an account that can "
            "sign in."
        )


class LinkRefused(Unauthenticated):
    slug, title = "link-refused", "This link cannot be used"

    def __init__(self) -> None:
        super().__init__(
            "The link was used before, is too old, or a newer one was sent. Please ask for a new "
            "one."
        )


async def sign_in(
    identity: Identity,
    identifier: str,
    password: str,
    address: str | None,
    device: str | None = None,
) -> OpenSession:
    """A session for the next step of signing in, which is a full one where none is left (R2).

    The default and a starting code open only the form for a first password. A code is its one
    account's, so the brakes on that account's name are enough, and no spray pauses codes.

    Every path looks into the directory, reads an account and verifies one hash, found or not.
    A `device` that the account is known in is counted by itself, and not by name or address.
    Raises `SignInRefused`, `TooManyTries`, or `Busy` where too many wait to be verified; who is
    sent away so has guessed nothing.
    """
    with signing_in("password"):
        if len(password) > MAX_LENGTH:
            raise SignInRefused
        with identity.hashing.place():
            return await _sign_in(identity, sign_in_key(identifier), password, address, device)


async def _sign_in(
    identity: Identity, key: str, password: str, address: str | None, device: str | None
) -> OpenSession:
    async with identity.database.transaction() as connection:
        account_id, school_id = await _whose(connection, key)
    async with identity.database.transaction(school_id) as connection:
        account = (await find_accounts(connection, [account_id])).get(account_id)
        known_as = identity.devices.name_for(device, account)
        named = account_id if account_id != NOBODY else None
        with identity.throttle.within(connection):
            may_be_right = await identity.throttle.guess_to_sign_in(key, named, address, known_as)
            paused = await identity.throttle.default_paused(school_id)
        secret, opens = await _what_opens(identity, connection, account)
    typed = as_typed(password) if opens == "starting_code" else password
    fits = await identity.hashing.verify(typed, secret)
    fits = fits and may_be_right
    if not fits or secret is None or opens is None or (opens == "default" and paused):
        # The right default during its pause is one miss more, or its time would tell it (R3).
        missed = school_id if opens == "default" else None
        await identity.throttle.failed(key, known_as or address, missed)
        raise SignInRefused
    renewed = None
    if opens == "password" and identity.hashing.is_outdated(secret):
        with suppress(Busy):  # then it is made anew the next time
            renewed = await identity.hashing.hash(password)
    async with identity.database.transaction(school_id) as connection:
        if opens in ("default", "starting_code"):
            await hold_default(connection)
        account = (await lock_accounts(connection, [account_id])).get(account_id)
        now_opens = await _what_opens(identity, connection, account)
        if now_opens != (secret, opens):
            # Perhaps the same password hashed anew, by whoever signed in at the same moment.
            renewed = None
            same = now_opens[1] == opens == "password"
            if not same or not await identity.hashing.verify(password, now_opens[0]):
                raise SignInRefused
        if account is None:
            raise SignInRefused
        if renewed:
            account = replace(account, password_hash=renewed)
            await change_accounts(connection, [account], identity.clock())
        with identity.throttle.within(connection):
            if known_as:
                await identity.throttle.forgive(known_as)
            else:
                await identity.throttle.forgive_account(account_id, key)
        if opens == "starting_code":
            # It opens one form at a time, as a link does.
            await end_forms(identity, connection, account, identity.clock(), opens)
        return await _admit(identity, connection, account, opens, address)


async def _whose(connection: Connection, key: str) -> tuple[UUID, UUID]:
    """The account and school of an identifier; nobody's where it is unknown."""
    entry = (await find_in_directory(connection, [key])).get(key)
    return (entry.account_id, entry.school_id) if entry else (NOBODY, NOBODY)


async def _admit(
    identity: Identity,
    connection: Connection,
    account: Account,
    opens: OpenedBy,
    address: str | None,
) -> OpenSession:
    scope: Scope = "set_password"
    if opens == "password":
        scope = await scope_after_password(connection, account)
    school = await find_school(connection)
    return await open_session(
        identity, connection, account, school, scope=scope, opened_by=opens, address=address
    )


async def _what_opens(
    identity: Identity, connection: Connection, account: Account | None
) -> tuple[str | None, OpenedBy | None]:
    """The hash that a password must fit, and what it would be, by R2."""
    default = await newest_default(connection)
    if account is None:
        return None, None
    if account.claimed:
        return account.password_hash, "password" if account.active else None
    if account.takes_default(identity.clock()):
        return default, "default"
    if account.takes_code(identity.clock()):
        return account.code_hash, "starting_code"
    return None, None


async def redeem_link(identity: Identity, token: str, address: str | None) -> OpenSession:
    """A session to set a password with; the one that the link opened before ends.

    The link is spent when the password is set, which ends all other sessions too (R3).
    """
    with signing_in("link"):
        return await _redeem_link(identity, token, address)


async def _redeem_link(identity: Identity, token: str, address: str | None) -> OpenSession:
    now = identity.clock()
    hashed = token_hash(token)
    async with identity.database.transaction() as connection:
        found = await repository.find_link(connection, hashed, now)
    if found is None:
        raise LinkRefused
    account_id, school_id = found
    async with identity.database.transaction(school_id) as connection:
        account = (await lock_accounts(connection, [account_id])).get(account_id)
        if account is None or not account.active:
            raise LinkRefused
        if await repository.find_link(connection, hashed, now) is None:
            raise LinkRefused
        await end_forms(identity, connection, account, now)
        return await _admit(identity, connection, account, "link", address)


async def look_up(identity: Identity, token: str) -> OpenSession:
    """The live session of a token, kept from idling out by this. Raises `SessionOver`."""
    async with identity.database.transaction() as connection:
        stored = await repository.find_session(
            connection, token_hash(token), identity.clock(), IDLE
        )
    if stored is None:
        raise SessionOver
    async with identity.database.transaction(stored.school_id) as connection:
        account = (await find_accounts(connection, [stored.account_id])).get(stored.account_id)
        if account is None or not account.active:
            raise SessionOver
        school = await find_school(connection)
        proof = await proof_of(connection, stored.session_id)
    return OpenSession(stored, account, school, token, proof.name if proof else None)


async def sign_out(identity: Identity, connection: Connection, principal: Principal) -> None:
    """End the principal's session; nothing happens where it is over already."""
    if principal.session_id is None:
        return
    ended = await repository.end_sessions(
        connection, identity.clock(), session_id=principal.session_id
    )
    await tell_ended(identity, connection, principal.tenant, ended)
