"""Printing slips: new codes for exactly those printed, in place of their older ones (R2).

A code is known for as long as its sheet is being made; what stays is its keyed hash. Where the
school uses the default, a slip holds no secret: the default is a hash, and is on no paper of ours.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from services.identity.accounts.account import Account
from services.identity.accounts.password_state import PasswordState, password_state, slip_for
from services.identity.accounts.problems import NoSuchUser
from services.identity.accounts.repository import (
    UserFilter,
    change_accounts,
    find_accounts,
    list_users,
    lock_accounts,
)
from services.identity.activity.service import about_account, actor_of, record
from services.identity.context import Identity
from services.identity.mail.writing import at_school
from services.identity.passwords.repository import hold_default
from services.identity.schools.repository import find_school
from services.identity.schools.school import School
from services.identity.sessions.repository import end_sessions
from services.identity.sessions.session import tell_ended
from services.identity.starting_codes.codes import as_kept, new_code
from services.identity.starting_codes.press import MOST_SLIPS, Sheet, SlipText
from services.identity.starting_codes.problems import (
    NobodyToPrintFor,
    NoSlipFor,
    PrintedMeanwhile,
    TooManySlips,
)
from shared.database.pool import Connection
from shared.school.names import search_key
from shared.security.principals import Principal

__all__ = ["SlipsWanted", "print_slips"]

_WITH_CODE = (
    "Capitals, spaces and dashes make no difference. The code works once: you then choose a "
    "password of your own. Keep this slip to yourself, and tear it up afterwards."
)
_PLAIN = (
    "The school’s office tells you the default password. You then choose a password of your own, "
    "which you sign in with from then on."
)


@dataclass(frozen=True)
class SlipsWanted:
    """For these users, or for all who wait in one of these ways; heads and deputies by id only."""

    user_ids: Sequence[UUID] | None = None
    waiting: Sequence[PasswordState] = ()


async def print_slips(identity: Identity, principal: Principal, wanted: SlipsWanted) -> bytes:
    """The sheet as a PDF.

    Raises `NoSuchUser`, `NoSlipFor`, `NobodyToPrintFor`, `TooManySlips`, `PrintedMeanwhile`, or
    `Busy` and `PressBusy` where too much is being computed.
    """
    now = identity.clock()
    async with identity.database.transaction(principal.tenant) as connection:
        school = await find_school(connection)
        users = await _wanted(connection, wanted, now)
    if users[0].first_passwords == "default":
        return await identity.press.press(_sheet(identity, school, users, None))
    codes = [new_code() for _ in users]
    hashes = await as_kept(identity.hashing, codes)
    given = [
        replace(user, code_hash=kept, code_made_at=now)
        for user, kept in zip(users, hashes, strict=True)
    ]
    # Made before anything is written: where it cannot be, the slips from before still work.
    made = await identity.press.press(_sheet(identity, school, given, codes))
    async with identity.database.transaction(principal.tenant) as connection:
        await _keep(identity, connection, principal, users, given)
    return made


async def _wanted(connection: Connection, wanted: SlipsWanted, now: datetime) -> list[Account]:
    """By surname. Of those asked for by id, all must be ones for whom there is a slip."""
    if wanted.user_ids is not None:
        found = await find_accounts(connection, wanted.user_ids)
        users = [account for account in found.values() if account.kind == "user"]
        if len(users) < len(set(wanted.user_ids)):
            raise NoSuchUser
        if without := [user for user in users if slip_for(user, now) is None]:
            raise NoSlipFor(without)
    else:
        waiting = UserFilter(active=True, claimed=False)
        everyone = await list_users(
            connection, waiting, descending=False, after=None, limit=_MOST_READ
        )
        users = [
            user
            for user in everyone
            if password_state(user, now) in wanted.waiting
            and user.leadership is None
            and slip_for(user, now)
        ]
    if not users:
        raise NobodyToPrintFor
    if len(users) > MOST_SLIPS:
        raise TooManySlips
    return sorted(users, key=_by_name)


_MOST_READ = 10_000


def _by_name(user: Account) -> tuple[str, str, UUID]:
    return search_key(user.surname or ""), search_key(user.forename or ""), user.account_id


async def _keep(
    identity: Identity,
    connection: Connection,
    principal: Principal,
    users: Sequence[Account],
    given: Sequence[Account],
) -> None:
    """The new codes take the place of the old, whose forms end. Raises `PrintedMeanwhile`."""
    now = identity.clock()
    await hold_default(connection)
    ids = [user.account_id for user in users]
    if await lock_accounts(connection, ids) != {user.account_id: user for user in users}:
        raise PrintedMeanwhile
    await change_accounts(connection, given, now)
    ended = await end_sessions(connection, now, account_ids=ids, opened_by="starting_code")
    await tell_ended(identity, connection, principal.tenant, ended)
    actor = actor_of(principal)
    entries = [about_account(now, actor, "starting_code.printed", user) for user in given]
    await record(identity.outbox, connection, principal.tenant, entries)


def _sheet(
    identity: Identity, school: School, users: Sequence[Account], codes: Sequence[str] | None
) -> Sheet:
    return Sheet(
        title=f"Signing in for the first time: {school.name}",
        school=school.name,
        address=f"{identity.public_url}/sign-in",
        slips=[_slip(user, codes[number] if codes else None) for number, user in enumerate(users)],
    )


def _slip(user: Account, code: str | None) -> SlipText:
    until = user.code_until
    return SlipText(
        name=user.name,
        username=user.username or "",
        label="Starting code" if code else "Password",
        secret=code or "the school’s default password",
        is_code=code is not None,
        until=at_school(until) if until else "",
        hint=_WITH_CODE if code else _PLAIN,
    )
