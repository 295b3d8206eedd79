"""Who has forgotten a password gets a link by e-mail, and nobody else learns of it (R3, R5).

Asking writes one row, whoever is meant. The row is settled afterwards by a worker, in a time that
nobody who asked can measure.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from services.identity.accounts.account import Account, sign_in_key
from services.identity.accounts.repository import find_in_directory, lock_accounts
from services.identity.activity.service import about_account, record
from services.identity.context import Identity
from services.identity.devices.service import name_by_what_was_typed
from services.identity.forgotten.repository import Door, Forgotten, insert_request, take_request
from services.identity.mail.service import first_password_waits, forgotten_password
from services.identity.parents.invitations import renew_on_request
from services.identity.schools.repository import find_school
from services.identity.sessions.links import make_link
from shared.contracts.activity import Actor
from shared.database.pool import Connection

__all__ = ["LINK_LIFE", "ask", "settle_all"]

LINK_LIFE = timedelta(hours=1)
_OF_USE = timedelta(hours=1)
"""A request that could not be settled for longer is forgotten itself."""
_ACTOR = Actor(kind="system", name="Forgotten password")


async def ask(
    identity: Identity,
    identifier: str,
    door: Door,
    address: str | None,
    device: str | None = None,
) -> None:
    """Note the request. Raises `TooManyTries`, by the address, or by a device it is known in."""
    key = sign_in_key(identifier)
    known_as = await name_by_what_was_typed(identity, key, device)
    await identity.throttle.ask_for_link(known_as or address)
    request = Forgotten(key, door, identity.clock())
    async with identity.database.transaction() as connection:
        await insert_request(connection, request)


async def settle_all(identity: Identity) -> int:
    """Settle what was asked for; how much it was."""
    settled = 0
    while True:
        async with identity.database.transaction() as connection:
            request = await take_request(connection)
            if request is None:
                return settled
            # In a transaction of the school's own; if we die between the two, a second link goes.
            await _settle(identity, request)
        settled += 1


async def _settle(identity: Identity, request: Forgotten) -> None:
    now = identity.clock()
    if now - request.asked_at > _OF_USE:
        return
    async with identity.database.transaction() as connection:
        found = await find_in_directory(connection, [request.identifier])
    entry = found.get(request.identifier)
    if entry is None:
        return
    async with identity.database.transaction(entry.school_id) as connection:
        account = await _meant(connection, entry.account_id, request.door)
        if account is not None and await identity.throttle.may_send_link(account.account_id):
            await _write(identity, connection, account, now)


async def _meant(connection: Connection, account_id: UUID, door: Door) -> Account | None:
    """The account, where it may be written to: active, with an address, and of this door.

    Held until the link is written, so that none goes to an address that is changed meanwhile.
    """
    account = (await lock_accounts(connection, [account_id])).get(account_id)
    if account is None or not account.active or account.email is None:
        return None
    return account if (account.kind == "parent") == (door == "parent") else None


async def _write(
    identity: Identity, connection: Connection, account: Account, now: datetime
) -> None:
    """A link; to who waits for the first password by default or slip, how to get it.

    A parent who waits is invited again: their password is set by a link in any case (R2).
    """
    school = await find_school(connection)
    if account.kind == "user" and account.leadership is None and not account.claimed:
        await first_password_waits(
            connection,
            account.email or "",
            name=account.name,
            school=school.name,
            username=account.username or "",
            works=account.takes_default(now) or account.takes_code(now),
            by_code=account.first_passwords == "starting_codes",
            address=f"{identity.public_url}/sign-in",
            now=now,
        )
        return
    expires_at = now + LINK_LIFE
    if account.kind == "parent" and not account.claimed:
        await renew_on_request(identity, connection, _ACTOR, account, expires_at)
        return
    await forgotten_password(
        connection,
        account.email or "",
        name=account.name,
        school=school.name,
        username=account.username,
        link=await make_link(identity, connection, account, now, expires_at),
        now=now,
        expires_at=expires_at,
    )
    entry = about_account(now, _ACTOR, "user.password_link_sent", account)
    await record(identity.outbox, connection, account.school_id, [entry])
