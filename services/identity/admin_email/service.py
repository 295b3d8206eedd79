"""The admin account's address: seen, another one asked for, and that cancelled (R5)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from uuid_utils.compat import uuid7

from services.identity.accounts.account import Account, sign_in_key
from services.identity.accounts.repository import find_accounts, lock_accounts
from services.identity.accounts.service import refuse_taken_address
from services.identity.activity.service import about_account, actor_of, record
from services.identity.admin_email import letters, repository
from services.identity.admin_email.problems import (
    NoSuchRequest,
    NotALeader,
    NotYet,
    SameAddress,
)
from services.identity.admin_email.request import (
    LIFE,
    LinkDoes,
    Request,
    leads,
    may_ask_from,
    stands,
)
from services.identity.context import Identity
from services.identity.passwords.confirming import confirm_password
from services.identity.schools.repository import find_school
from services.identity.sessions.session import SessionOver
from services.identity.sessions.tokens import new_token, token_hash
from services.identity.two_step.authenticator import Proof
from services.identity.two_step.problems import CodeRefused
from services.identity.two_step.proving import Given, with_code
from services.identity.two_step.repository import admin_of_school, has_authenticator
from shared.contracts.activity import Actor
from shared.database.pool import Connection
from shared.security.principals import Kind, Principal

__all__ = ["AdminEmail", "ask", "cancel", "cancelled", "locked_admin", "seen"]

_PAGES: dict[LinkDoes, str] = {"confirm": "/confirm-address", "cancel": "/stop-address-change"}


@dataclass(frozen=True)
class AdminEmail:
    """The address as it is, the request that waits with who asked, and who may ask."""

    email: str | None
    waiting: Request | None
    asked_by: str | None
    leaders: list[Account]
    own: Account


async def seen(connection: Connection, principal: Principal, now: datetime) -> AdminEmail:
    """For the admin account, heads and deputies. Raises `NotALeader`."""
    own = await _may_see(connection, principal)
    admin = await _admin(connection)
    request = await repository.waiting(connection)
    asker = await _asker(connection, request) if request else None
    if request and not stands(request, asker, now):
        request = None
    return AdminEmail(
        email=admin.email,
        waiting=request,
        asked_by=asker.name if request and asker else None,
        leaders=await repository.leaders(connection),
        own=own,
    )


async def ask(
    identity: Identity, principal: Principal, email: str, password: str | None, given: Given
) -> None:
    """Both addresses are told, and the new one is sent the link that confirms it.

    Confirmed as adding an authenticator is: by the password, and by a code where the asker has one.
    Raises `NotALeader`, `NotYet`, `CurrentPasswordWrong`, `CodeRefused`, `TooManyTries`,
    `SameAddress` or `EmailTaken`.
    """
    async with identity.database.transaction(principal.tenant) as connection:
        account = await _own(connection, principal)
        _refuse_if_not_allowed(account, identity.clock())
        has_one = await has_authenticator(connection, account.account_id)
    await confirm_password(identity, account, password)
    if has_one:
        if given.code is None and given.recovery_code is None:
            raise CodeRefused("code")

        async def proved(connection: Connection, asker: Account, _: Proof) -> bool:
            await _ask(identity, connection, principal, asker, email)
            return True

        await with_code(identity, principal, given, proved)
        return
    async with identity.database.transaction(principal.tenant) as connection:
        asker = (await lock_accounts(connection, [account.account_id]))[account.account_id]
        if await has_authenticator(connection, asker.account_id):
            raise CodeRefused("code")
        if asker.password_hash != account.password_hash:
            raise SessionOver
        await _ask(identity, connection, principal, asker, email)


async def _ask(
    identity: Identity, connection: Connection, principal: Principal, asker: Account, email: str
) -> None:
    now = identity.clock()
    _refuse_if_not_allowed(asker, now)
    with identity.throttle.within(connection):
        await identity.throttle.ask_for_admin_email(asker.school_id)
    admin = await locked_admin(connection)
    if sign_in_key(email) == sign_in_key(admin.email or ""):
        raise SameAddress
    await refuse_taken_address(connection, asker.school_id, email)
    former = await repository.waiting(connection)
    if former:
        await repository.settle(connection, former, "superseded", now)
    request = Request(uuid7(), asker.account_id, admin.email, email, now, now + LIFE)
    await repository.insert_request(connection, asker.school_id, request)
    await letters.asked(
        connection,
        await find_school(connection),
        asker,
        request,
        confirm=await _link(identity, connection, request, "confirm"),
        cancel=await _link(identity, connection, request, "cancel"),
    )
    entry = about_account(
        now,
        actor_of(principal),
        "admin_email.asked_for",
        admin,
        before={"email": admin.email},
        after={"email": email},
    )
    await record(identity.outbox, connection, asker.school_id, [entry])


async def _link(
    identity: Identity, connection: Connection, request: Request, does: LinkDoes
) -> str:
    """The secret stands after `#`, so that it is in no server's log."""
    token = new_token()
    await repository.insert_link(connection, token_hash(token), request.request_id, does)
    return f"{identity.public_url}{_PAGES[does]}#{token}"


async def cancel(
    identity: Identity, connection: Connection, principal: Principal, request_id: UUID
) -> None:
    """By the admin account, or any head or deputy. Raises `NoSuchRequest` or `NotALeader`."""
    await _may_see(connection, principal)
    admin = await locked_admin(connection)
    request = await repository.find_request(connection, request_id)
    asker = await _asker(connection, request) if request else None
    if request is None or not stands(request, asker, identity.clock()):
        raise NoSuchRequest
    await cancelled(
        identity, connection, admin, request, actor_of(principal), by=principal.account_id
    )


async def cancelled(
    identity: Identity,
    connection: Connection,
    admin: Account,
    request: Request,
    actor: Actor,
    *,
    by: UUID | None = None,
) -> None:
    """Its links do nothing any more, and all who were told of it are told of this."""
    now = identity.clock()
    await repository.settle(connection, request, "cancelled", now, by)
    asker = await _asker(connection, request)
    await letters.cancelled(connection, await find_school(connection), asker, request, now)
    entry = about_account(
        now, actor, "admin_email.cancelled", admin, before={"asked_for": request.new_email}
    )
    await record(identity.outbox, connection, admin.school_id, [entry])


async def locked_admin(connection: Connection) -> Account:
    """The school's one admin account (R1). Whoever changes a request holds it until the end."""
    admin = await _admin(connection)
    return (await lock_accounts(connection, [admin.account_id]))[admin.account_id]


def _refuse_if_not_allowed(account: Account, now: datetime) -> None:
    since = may_ask_from(account)
    if since is None:
        raise NotALeader
    if now < since:
        raise NotYet(since)


async def _may_see(connection: Connection, principal: Principal) -> Account:
    account = await _own(connection, principal)
    if principal.kind is not Kind.ADMIN and not leads(account):
        raise NotALeader
    return account


async def _own(connection: Connection, principal: Principal) -> Account:
    found = await find_accounts(connection, [principal.account_id])
    if principal.account_id not in found:
        raise SessionOver
    return found[principal.account_id]


async def _admin(connection: Connection) -> Account:
    admin_id = await admin_of_school(connection)
    if admin_id is None:
        raise LookupError("a school has an admin account")
    return (await find_accounts(connection, [admin_id]))[admin_id]


async def _asker(connection: Connection, request: Request) -> Account | None:
    return (await find_accounts(connection, [request.asked_by])).get(request.asked_by)
