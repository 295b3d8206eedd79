"""Setting an own password, and the school's default (R2, R3)."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime

from services.identity.accounts.account import Account, sign_in_key
from services.identity.accounts.events import publish_users
from services.identity.accounts.repository import change_accounts, find_accounts, lock_accounts
from services.identity.activity.service import about_account, about_school, actor_of, record
from services.identity.context import Identity
from services.identity.mail.service import password_was_set
from services.identity.parents.events import publish_parents
from services.identity.passwords import repository
from services.identity.passwords.confirming import confirm_password
from services.identity.passwords.default_words import as_default, new_default_password
from services.identity.passwords.strength import PasswordRefused, check_length, check_strength
from services.identity.schools.repository import find_school
from services.identity.schools.school import School
from services.identity.sessions.repository import end_sessions, spend_links
from services.identity.sessions.session import OpenSession, SessionOver, open_session, tell_ended
from services.identity.sessions.steps import scope_after_password, scope_after_two_step
from services.identity.two_step.authenticator import Proof
from services.identity.two_step.repository import proof_of
from shared.database.pool import Connection
from shared.security.principals import Principal, Scope

__all__ = ["make_default", "set_own_password", "when_default_was_made"]

_DEFAULTS_REFUSED = 5


@dataclass(frozen=True)
class _Before:
    """What a new password is checked against."""

    account: Account
    school: School
    defaults: list[str] = field(repr=False)

    @property
    def names(self) -> list[str]:
        account = self.account
        told = (
            self.school.name,
            f"{account.forename or ''}{account.surname or ''}",
            f"{account.surname or ''}{account.forename or ''}",
            account.surname or "",
            account.username or "",
            (account.email or "").partition("@")[0],
        )
        return [name for name in told if name]


async def set_own_password(
    identity: Identity,
    principal: Principal,
    current: str | None,
    new: str,
    address: str | None,
) -> OpenSession:
    """The account is claimed, its links are spent, its sessions end; a new one begins.

    It is for the next step of signing in, and a full one where none is left.

    `current` is asked for where the session is a full one. Raises `PasswordRefused`,
    `CurrentPasswordWrong`, `TooManyTries`, `SessionOver`, or `Busy`.
    """
    check_length(new)
    async with identity.database.transaction(principal.tenant) as connection:
        before = await _before(connection, principal)
    if principal.scope is Scope.FULL:
        await confirm_password(identity, before.account, current)
    await _check_new(identity, before, new)
    hashed = await identity.hashing.hash(new)
    async with identity.database.transaction(principal.tenant) as connection:
        account = await _unchanged_since(connection, before)
        proof = await _proof_kept(connection, principal)
        await _end_all_sessions(identity, connection, principal, account)
        await spend_links(connection, account.account_id, identity.clock())
        account = await _claim(identity, connection, principal, account, hashed)
        opened = await open_session(
            identity,
            connection,
            account,
            before.school,
            scope=await (scope_after_two_step if proof else scope_after_password)(
                connection, account
            ),
            opened_by="password",
            address=address,
            proof=proof,
        )
    await identity.throttle.forgive_account(account.account_id, *_typed(account))
    return opened


async def _proof_kept(connection: Connection, principal: Principal) -> Proof | None:
    """Who did the second step before changing their password does not do it again."""
    if principal.scope is not Scope.FULL or principal.session_id is None:
        return None
    return await proof_of(connection, principal.session_id)


def _typed(account: Account) -> list[str]:
    """What its holder types to sign in."""
    return [sign_in_key(name) for name in (account.username, account.email) if name]


async def _before(connection: Connection, principal: Principal) -> _Before:
    accounts = await find_accounts(connection, [principal.account_id])
    if principal.account_id not in accounts:
        raise SessionOver
    school = await find_school(connection)
    defaults = await repository.recent_defaults(connection, _DEFAULTS_REFUSED)
    return _Before(accounts[principal.account_id], school, defaults)


async def _unchanged_since(connection: Connection, before: _Before) -> Account:
    """The account, locked. Raises `SessionOver` if somebody else set its password meanwhile."""
    account_id = before.account.account_id
    account = (await lock_accounts(connection, [account_id])).get(account_id)
    if account is None or account.password_hash != before.account.password_hash:
        raise SessionOver
    return account


async def _check_new(identity: Identity, before: _Before, new: str) -> None:
    await identity.hashing.work(lambda: check_strength(new, before.names))
    for default in before.defaults:
        if await identity.hashing.verify(as_default(new), default):
            raise PasswordRefused("Please use a password that is not the school's default.")


async def _end_all_sessions(
    identity: Identity, connection: Connection, principal: Principal, account: Account
) -> None:
    """Raises `SessionOver` if the one that asks is not live, or what opened it has lapsed."""
    now = identity.clock()
    ended = await end_sessions(connection, now, account_ids=[account.account_id])
    opened_by = ended.get(principal.session_id) if principal.session_id else None
    if opened_by is None or not account.active:
        raise SessionOver
    if opened_by == "default" and not account.takes_default(now):
        raise SessionOver
    if opened_by == "starting_code" and not account.takes_code(now):
        raise SessionOver
    await tell_ended(identity, connection, account.school_id, ended)


async def _claim(
    identity: Identity,
    connection: Connection,
    principal: Principal,
    account: Account,
    hashed: str,
) -> Account:
    now = identity.clock()
    first = not account.claimed
    by_link = not first and principal.scope is Scope.SET_PASSWORD
    account = replace(
        account,
        password_hash=hashed,
        state="claimed",
        default_until=None,
        code_hash=None,
        code_made_at=None,
        claimed_at=now if first else account.claimed_at,
        reset_at=now if by_link else account.reset_at,
        version=account.version + (1 if first else 0),
    )
    await change_accounts(connection, [account], now)
    if first:
        await publish_users(identity.outbox, connection, [account])
        await publish_parents(identity.outbox, connection, [account])
    action = "user.claimed" if first else "user.password_changed"
    entry = about_account(now, actor_of(principal), action, account)
    await record(identity.outbox, connection, account.school_id, [entry])
    if account.email:
        await password_was_set(connection, account.email, account.name, now, first=first)
    return account


async def make_default(identity: Identity, principal: Principal) -> str:
    """New words, which at once take the place of the old for all who still wait (R2)."""
    words = new_default_password()
    hashed = await identity.hashing.hash(words)
    now = identity.clock()
    async with identity.database.transaction(principal.tenant) as connection:
        school = await find_school(connection)
        await repository.insert_default(connection, school.school_id, hashed, now)
        ended = await end_sessions(connection, now, opened_by="default")
        await tell_ended(identity, connection, school.school_id, ended)
        entry = about_school(
            now, actor_of(principal), "default_password.made", school.school_id, school.name
        )
        await record(identity.outbox, connection, school.school_id, [entry])
    return words


async def when_default_was_made(connection: Connection) -> datetime:
    """When the default that works now was made; the words themselves are known to nobody here."""
    return await repository.default_made_at(connection)
