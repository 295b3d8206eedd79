"""What the links in the two mails do: show the request, confirm it, or cancel it (R5).

Nobody is signed in here. Whoever has the new address confirms; whoever has the old one cancels.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime

from asyncpg import UniqueViolationError

from services.identity.accounts.account import Account
from services.identity.accounts.problems import EmailTaken
from services.identity.accounts.repository import change_accounts, find_accounts
from services.identity.accounts.service import refuse_taken_address
from services.identity.activity.service import about_account, record
from services.identity.admin_email import letters, repository
from services.identity.admin_email.problems import AddressTakenMeanwhile, LinkIsOver
from services.identity.admin_email.request import LinkDoes, Request, stands
from services.identity.admin_email.service import cancelled, locked_admin
from services.identity.context import Identity
from services.identity.schools.repository import find_school
from services.identity.schools.school import School
from services.identity.sessions.repository import spend_links
from services.identity.sessions.session import end_forms
from services.identity.sessions.tokens import token_hash
from shared.contracts.activity import Actor
from shared.database.pool import Connection

__all__ = ["Shown", "cancel_by_link", "confirm_by_link", "show"]

_NEW_ADDRESS = Actor(kind="system", name="Link sent to the new address")
_OLD_ADDRESS = Actor(kind="system", name="Link sent to the old address")


@dataclass(frozen=True)
class Shown:
    """What a link is about."""

    school: School
    request: Request
    asked_by: str


@dataclass(frozen=True)
class _Opened:
    connection: Connection
    admin: Account
    asker: Account
    shown: Shown


async def show(identity: Identity, token: str, does: LinkDoes) -> Shown:
    """Changes nothing, so that a program that looks into mail does neither. Raises `LinkIsOver`."""
    async with _opened(identity, token, does) as opened:
        return opened.shown


async def confirm_by_link(identity: Identity, token: str) -> Shown:
    """The new address is the admin account's from now on.

    Links for a password that were sent to the old one die with it; sessions stay, since the account
    is shared and nobody in them did anything wrong. Raises `LinkIsOver` or `AddressTakenMeanwhile`.
    """
    try:
        async with _opened(identity, token, "confirm") as opened:
            request = opened.shown.request
            await refuse_taken_address(opened.connection, opened.admin.school_id, request.new_email)
            await _confirm(identity, opened)
    except (EmailTaken, UniqueViolationError):
        raise AddressTakenMeanwhile from None
    return opened.shown


async def cancel_by_link(identity: Identity, token: str) -> Shown:
    """Raises `LinkIsOver`."""
    async with _opened(identity, token, "cancel") as opened:
        await cancelled(
            identity, opened.connection, opened.admin, opened.shown.request, _OLD_ADDRESS
        )
    return opened.shown


@asynccontextmanager
async def _opened(identity: Identity, token: str, does: LinkDoes) -> AsyncIterator[_Opened]:
    """The transaction of the link's school, in which nobody else settles the request."""
    async with identity.database.transaction() as connection:
        found = await repository.find_by_link(connection, token_hash(token), does)
    if found is None:
        raise LinkIsOver
    school_id, request_id = found
    async with identity.database.transaction(school_id) as connection:
        admin = await locked_admin(connection)
        request = await repository.find_request(connection, request_id)
        if request is None:
            raise LinkIsOver
        asker = (await find_accounts(connection, [request.asked_by])).get(request.asked_by)
        if asker is None or not stands(request, asker, identity.clock()):
            raise LinkIsOver
        shown = Shown(await find_school(connection), request, asker.name)
        yield _Opened(connection, admin, asker, shown)


async def _confirm(identity: Identity, opened: _Opened) -> None:
    connection, request, now = opened.connection, opened.shown.request, identity.clock()
    before = opened.admin
    after = replace(before, email=request.new_email, version=before.version + 1)
    await change_accounts(connection, [after], now)
    await repository.settle(connection, request, "confirmed", now)
    await spend_links(connection, after.account_id, now)
    await end_forms(identity, connection, after, now)
    await _tell(identity, opened, before, after, now)


async def _tell(
    identity: Identity, opened: _Opened, before: Account, after: Account, now: datetime
) -> None:
    shown, connection = opened.shown, opened.connection
    await letters.changed(connection, shown.school, opened.asker, shown.request, now)
    entry = about_account(
        now,
        _NEW_ADDRESS,
        "admin_email.changed",
        after,
        before={"email": before.email},
        after={"email": after.email, "as_asked_by": shown.asked_by},
    )
    await record(identity.outbox, connection, after.school_id, [entry])
