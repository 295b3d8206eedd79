"""Users: made by hand, listed and looked up (R2, R7, R8, R14)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from asyncpg import UniqueViolationError
from uuid_utils.compat import uuid7

from services.identity.accounts import repository
from services.identity.accounts.account import (
    DEFAULT_PASSWORD_LIFE,
    Account,
    Leadership,
    sign_in_key,
)
from services.identity.accounts.events import publish_users
from services.identity.accounts.problems import EmailTaken, LinkNeedsAddress, NoSuchUser
from services.identity.accounts.repository import UserFilter
from services.identity.accounts.usernames import first_free, user_base
from services.identity.activity.service import about_account, actor_of, record
from services.identity.context import Identity
from services.identity.mail.service import first_link
from services.identity.school_settings.repository import find_settings
from services.identity.school_settings.school_settings import FirstPasswords
from services.identity.schools.repository import find_school
from services.identity.schools.school import School
from services.identity.sessions.links import make_link
from shared.contracts.vocabulary import Origin, StaffRole
from shared.database.pool import Connection
from shared.school.names import search_key
from shared.security.principals import Kind, Principal
from shared.web.paging import PageRequest, decode_cursor, encode_cursor
from shared.web.problems import BadRequest, Forbidden

__all__ = [
    "DETAILS_BY_HAND",
    "FIRST_LINK_LIFE",
    "NewUser",
    "UserPage",
    "create_user",
    "create_users",
    "free_usernames",
    "get_user",
    "insert_new",
    "list_users",
    "look_up_users",
    "place_by_name",
    "place_in_names",
    "refuse_taken_address",
    "send_first_link",
]

DETAILS_BY_HAND = frozenset({"title", "forename", "surname", "email", "staff_code"})
"""What the sync would keep up to date, and leaves where it was set by hand (R13)."""
FIRST_LINK_LIFE = timedelta(days=7)
"""Of the link that an admin, a head or a deputy signs in with first; other links live an hour."""


@dataclass(frozen=True)
class NewUser:
    """What the admin tells of a new user."""

    forename: str
    surname: str
    role: StaffRole
    title: str | None = None
    email: str | None = None
    staff_code: str | None = None
    leadership: Leadership | None = None


@dataclass(frozen=True)
class UserPage:
    users: list[Account]
    next_cursor: str | None
    total: int


async def create_user(
    identity: Identity, connection: Connection, principal: Principal, new: NewUser
) -> Account:
    """A user who waits for their first password. Raises `EmailTaken` or `LinkNeedsAddress`."""
    if new.email:
        await refuse_taken_address(connection, principal.tenant, new.email)
    [account] = await create_users(identity, connection, principal, [new])
    return account


async def create_users(
    identity: Identity,
    connection: Connection,
    principal: Principal,
    new_users: Sequence[NewUser],
    *,
    origin: Origin = Origin.HAND,
    kept: bool = True,
) -> list[Account]:
    """Users who wait for their first password, in the order given.

    `kept`: what was given is marked as set by hand, and the sync leaves it (R13). Raises
    `EmailTaken` where an address is another account's, or `LinkNeedsAddress`.
    """
    if any(new.leadership and not new.email for new in new_users):
        raise LinkNeedsAddress
    now = identity.clock()
    school = await find_school(connection)
    first_passwords = (await find_settings(connection)).first_passwords
    bases = [user_base(school.postcode, new.surname) for new in new_users]
    usernames = await free_usernames(connection, school.postcode, bases)
    accounts = [
        _waiting(school, first_passwords, new, username, now, origin, kept)
        for new, username in zip(new_users, usernames, strict=True)
    ]
    await insert_new(connection, accounts)
    await publish_users(identity.outbox, connection, accounts)
    actor = actor_of(principal)
    entries = [
        about_account(now, actor, "user.created", account, after=account.for_the_log())
        for account in accounts
    ]
    await record(identity.outbox, connection, school.school_id, entries)
    for account in accounts:
        if account.leadership:
            await send_first_link(identity, connection, account, school, now)
    return accounts


def _waiting(
    school: School,
    first_passwords: FirstPasswords,
    new: NewUser,
    username: str,
    now: datetime,
    origin: Origin,
    kept: bool,
) -> Account:
    given = frozenset(name for name in DETAILS_BY_HAND if getattr(new, name) is not None)
    return Account(
        account_id=uuid7(),
        school_id=school.school_id,
        kind="user",
        role=new.role,
        leadership=new.leadership,
        title=new.title,
        forename=new.forename,
        surname=new.surname,
        username=username,
        email=new.email,
        staff_code=new.staff_code,
        origin=origin,
        overrides=given if kept else frozenset(),
        default_until=None if new.leadership else now + DEFAULT_PASSWORD_LIFE,
        created_at=now,
        first_passwords=first_passwords,
    )


async def insert_new(connection: Connection, accounts: Sequence[Account]) -> None:
    """Raises `EmailTaken` where somebody else was quicker with the same address."""
    try:
        await repository.insert_accounts(connection, accounts)
    except UniqueViolationError as taken:
        raise EmailTaken from taken


async def refuse_taken_address(connection: Connection, school_id: UUID, email: str) -> None:
    """R8: over all kinds and schools, inactive accounts included. Raises `EmailTaken`."""
    key = sign_in_key(email)
    holder = (await repository.find_in_directory(connection, [key])).get(key)
    if holder is None:
        return
    known = await repository.find_accounts(connection, [holder.account_id])
    raise EmailTaken(known.get(holder.account_id) if holder.school_id == school_id else None)


async def free_usernames(connection: Connection, postcode: str, bases: Sequence[str]) -> list[str]:
    """A free username for each base, in turn; nobody else can take one before the end (R7)."""
    await repository.lock_usernames(connection, postcode)
    return first_free(bases, await repository.taken_usernames(connection, bases))


async def send_first_link(
    identity: Identity, connection: Connection, account: Account, school: School, now: datetime
) -> str:
    """The address of the link with which the account's first password is set, mailed as well."""
    expires_at = now + FIRST_LINK_LIFE
    link = await make_link(identity, connection, account, now, expires_at)
    if account.email and account.username:
        await first_link(
            connection,
            account.email,
            school=school.name,
            username=account.username,
            link=link,
            now=now,
            expires_at=expires_at,
        )
    return link


async def list_users(
    connection: Connection, principal: Principal, wanted: UserFilter, page: PageRequest
) -> UserPage:
    """For the admin and SLT. Sorted by `surname` or `-surname`."""
    _refuse_teachers(principal)
    if page.sort not in (None, "surname", "-surname"):
        raise BadRequest("Users can be sorted by surname only.")
    found = await repository.list_users(
        connection,
        wanted,
        descending=page.sort == "-surname",
        after=place_in_names(page.cursor),
        limit=page.limit + 1,
    )
    total = await repository.count_users(connection, wanted)
    users = found[: page.limit]
    more = len(found) > page.limit
    return UserPage(users, place_by_name(users[-1]) if more else None, total)


async def get_user(connection: Connection, principal: Principal, user_id: UUID) -> Account:
    """For the admin and SLT; a teacher reaches their own account only (R14)."""
    if user_id != principal.account_id:
        _refuse_teachers(principal)
    account = (await repository.find_accounts(connection, [user_id])).get(user_id)
    if account is None or account.kind != "user":
        raise NoSuchUser
    return account


async def look_up_users(
    connection: Connection, principal: Principal, ids: Sequence[UUID]
) -> list[Account]:
    """Those of these ids that are users of this school, in no order."""
    if set(ids) != {principal.account_id}:
        _refuse_teachers(principal)
    found = await repository.find_accounts(connection, ids)
    return [account for account in found.values() if account.kind == "user"]


def _refuse_teachers(principal: Principal) -> None:
    if principal.kind is Kind.USER and principal.role != StaffRole.SLT:
        raise Forbidden("Teachers see their own account only.")


def place_in_names(cursor: str | None) -> tuple[str, str, UUID] | None:
    """Where a list by surname, forename and id goes on. Raises `BadRequest`."""
    if cursor is None:
        return None
    surname, forename, text = decode_cursor(cursor, 3, (str, str, str))
    try:
        return str(surname), str(forename), UUID(str(text))
    except ValueError:
        raise BadRequest(
            "The list has changed its form. Please start from its first page."
        ) from None


def place_by_name(account: Account) -> str:
    """The cursor of an account in such a list."""
    return encode_cursor(
        [
            search_key(account.surname or ""),
            search_key(account.forename or ""),
            str(account.account_id),
        ]
    )
