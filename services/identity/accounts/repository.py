"""All SQL about accounts and the directory that people sign in by."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from services.identity.accounts.account import Account, Leadership, sign_in_key
from shared.contracts.vocabulary import Origin, StaffRole
from shared.database.pool import Connection
from shared.school.names import search_key

__all__ = [
    "DirectoryEntry",
    "UserFilter",
    "all_accounts",
    "change_accounts",
    "count_users",
    "find_accounts",
    "find_in_directory",
    "ids_of_users",
    "insert_accounts",
    "list_users",
    "lock_accounts",
    "lock_usernames",
    "taken_usernames",
    "users_after",
]

_COLUMNS = """account_id, school_id, kind, role, leadership, title, forename, surname, username,
    email, staff_code, origin, overrides, state, password_hash, default_until, starting_code_hash,
    starting_code_made_at, claimed_at, reset_at, leader_since, active, version, created_at"""
_READ = f"""{_COLUMNS}, coalesce((SELECT first_passwords FROM school_settings), 'default')
    AS first_passwords"""
_KEYS = "surname_key, forename_key, search_key"


@dataclass(frozen=True)
class DirectoryEntry:
    """Whose a username or e-mail address is, in whatever school."""

    account_id: UUID
    school_id: UUID


@dataclass(frozen=True)
class UserFilter:
    """Which users a list shows; `None` is all of them."""

    active: bool | None = None
    role: StaffRole | None = None
    claimed: bool | None = None
    default_password: bool | None = None
    """Waits with the default or a code, lapsed or not; heads and deputies wait with a link (R2)."""
    search: str | None = None
    leadership: Leadership | None = None
    no_class: bool | None = None
    """Linked to no active class, by the copy of what roster tells (R13)."""


async def find_in_directory(
    connection: Connection, keys: Sequence[str]
) -> dict[str, DirectoryEntry]:
    """By `sign_in_key`; of all schools and kinds, inactive accounts included (R7, R8)."""
    rows = await connection.fetch("SELECT * FROM directory_find($1::text[])", list(keys))
    return {row["identifier"]: DirectoryEntry(row["account_id"], row["school_id"]) for row in rows}


async def lock_usernames(connection: Connection, postcode: str) -> None:
    """Until the transaction ends, nobody else makes usernames for this postcode."""
    await connection.execute(
        "SELECT pg_advisory_xact_lock(hashtextextended('usernames of ' || $1, 0))", postcode
    )


async def taken_usernames(connection: Connection, bases: Sequence[str]) -> list[str]:
    """Those that are one of the bases, or one with a number."""
    rows = await connection.fetch(
        "SELECT u FROM directory_usernames($1::text[]) AS u", sorted(set(bases))
    )
    return [row["u"] for row in rows]


async def find_accounts(connection: Connection, ids: Sequence[UUID]) -> dict[UUID, Account]:
    """Those of this school, by id."""
    rows = await connection.fetch(
        f"SELECT {_READ} FROM accounts WHERE account_id = ANY ($1::uuid[])",
        list(ids),
    )
    return {row["account_id"]: _account(row) for row in rows}


async def all_accounts(connection: Connection) -> list[Account]:
    """Of this school and of any kind, in the order of their ids."""
    rows = await connection.fetch(f"SELECT {_COLUMNS} FROM accounts ORDER BY account_id")
    return [_account(row) for row in rows]


async def lock_accounts(connection: Connection, ids: Sequence[UUID]) -> dict[UUID, Account]:
    """Those of this school, by id, kept as they are until the transaction ends."""
    rows = await connection.fetch(
        f"SELECT {_READ} FROM accounts WHERE account_id = ANY ($1::uuid[]) "
        "ORDER BY account_id FOR UPDATE",
        list(ids),
    )
    return {row["account_id"]: _account(row) for row in rows}


async def insert_accounts(connection: Connection, accounts: Sequence[Account]) -> None:
    """New accounts, in the directory too. A taken identifier is a `UniqueViolationError`."""
    await connection.execute(
        f"INSERT INTO accounts ({_COLUMNS}, {_KEYS}, changed_at) "
        f"SELECT {_COLUMNS}, {_KEYS}, created_at "
        "FROM jsonb_populate_recordset(NULL::accounts, $1::jsonb)",
        json.dumps([_stored(account) for account in accounts]),
    )
    await _enter_in_directory(connection, accounts)


async def change_accounts(
    connection: Connection, accounts: Sequence[Account], changed_at: datetime
) -> None:
    """Write accounts back as they are now; what never changes (R7) is left."""
    await connection.execute(
        """
        UPDATE accounts SET role = a.role, leadership = a.leadership, title = a.title,
            forename = a.forename, surname = a.surname, email = a.email,
            staff_code = a.staff_code, overrides = a.overrides, state = a.state,
            password_hash = a.password_hash, default_until = a.default_until,
            starting_code_hash = a.starting_code_hash,
            starting_code_made_at = a.starting_code_made_at, claimed_at = a.claimed_at,
            reset_at = a.reset_at, active = a.active,
            version = a.version, surname_key = a.surname_key, forename_key = a.forename_key,
            search_key = a.search_key, changed_at = $2
        FROM jsonb_populate_recordset(NULL::accounts, $1::jsonb) AS a
        WHERE accounts.account_id = a.account_id
        """,
        json.dumps([_stored(account) for account in accounts]),
        changed_at,
    )
    await _enter_in_directory(connection, accounts)


async def list_users(
    connection: Connection,
    wanted: UserFilter,
    *,
    descending: bool,
    after: tuple[str, str, UUID] | None,
    limit: int,
) -> list[Account]:
    """By surname, forename and id, from the one after `after` on."""
    beyond, order = ("<", "DESC") if descending else (">", "ASC")
    rows = await connection.fetch(
        f"SELECT {_READ} FROM accounts WHERE {_FILTER} "
        f"AND ($8::text IS NULL OR (surname_key, forename_key, account_id) {beyond} ($8, $9, $10)) "
        f"ORDER BY surname_key {order}, forename_key {order}, account_id {order} LIMIT $11",
        *_filter_values(wanted),
        *(after or (None, None, None)),
        limit,
    )
    return [_account(row) for row in rows]


async def count_users(connection: Connection, wanted: UserFilter) -> int:
    count = await connection.fetchval(
        f"SELECT count(*) FROM accounts WHERE {_FILTER}",
        *_filter_values(wanted),
    )
    return int(count)


async def ids_of_users(connection: Connection, wanted: UserFilter, limit: int) -> list[UUID]:
    """In the order of the list."""
    rows = await connection.fetch(
        f"SELECT account_id FROM accounts WHERE {_FILTER} "
        "ORDER BY surname_key, forename_key, account_id LIMIT $8",
        *_filter_values(wanted),
        limit,
    )
    return [row["account_id"] for row in rows]


async def users_after(connection: Connection, after: UUID | None, limit: int) -> list[Account]:
    """The school's users in the order of their ids, for who reads them all."""
    rows = await connection.fetch(
        f"SELECT {_READ} FROM accounts WHERE kind = 'user' "
        "AND ($1::uuid IS NULL OR account_id > $1) ORDER BY account_id LIMIT $2",
        after,
        limit,
    )
    return [_account(row) for row in rows]


_FILTER = """kind = 'user'
    AND ($1::boolean IS NULL OR active = $1)
    AND ($2::text IS NULL OR role = $2)
    AND ($3::boolean IS NULL OR (state = 'claimed') = $3)
    AND search_key LIKE ALL ($4::text[])
    AND ($5::boolean IS NULL
         OR (state = 'awaiting_first_password' AND leadership IS NULL) = $5)
    AND ($6::text IS NULL OR leadership = $6)
    AND ($7::boolean IS NULL OR NOT EXISTS (
        SELECT FROM teacher_links l JOIN groups g ON (g.school_id, g.id) = (l.school_id, l.group_id)
        WHERE l.person_id = account_id AND l.present AND g.active AND g.kind = 'class') = $7)"""


def _filter_values(wanted: UserFilter) -> tuple[Any, ...]:
    # The folded search holds letters, digits and spaces only, so nothing in it is a wildcard.
    words = search_key(wanted.search or "").split()
    patterns = [f"%{word}%" for word in words]
    role = wanted.role.value if wanted.role else None
    return (
        wanted.active,
        role,
        wanted.claimed,
        patterns,
        wanted.default_password,
        wanted.leadership,
        wanted.no_class,
    )


async def _enter_in_directory(connection: Connection, accounts: Sequence[Account]) -> None:
    await connection.execute(
        "SELECT directory_enter($1::uuid[], $2::text[], $3::text[])",
        [account.account_id for account in accounts],
        [sign_in_key(account.username) if account.username else None for account in accounts],
        [sign_in_key(account.email) if account.email else None for account in accounts],
    )


def _stored(account: Account) -> dict[str, Any]:
    said = (account.forename, account.surname, account.username, account.email, account.staff_code)
    return {
        "account_id": str(account.account_id),
        "school_id": str(account.school_id),
        "kind": account.kind,
        "role": account.role,
        "leadership": account.leadership,
        "title": account.title,
        "forename": account.forename,
        "surname": account.surname,
        "username": account.username,
        "email": account.email,
        "staff_code": account.staff_code,
        "origin": account.origin,
        "overrides": sorted(account.overrides),
        "state": account.state,
        "password_hash": account.password_hash,
        "default_until": _moment(account.default_until),
        "starting_code_hash": account.code_hash,
        "starting_code_made_at": _moment(account.code_made_at),
        "claimed_at": _moment(account.claimed_at),
        "reset_at": _moment(account.reset_at),
        "leader_since": _moment(account.leader_since),
        "active": account.active,
        "version": account.version,
        "created_at": account.created_at.isoformat(),
        "surname_key": search_key(account.surname or ""),
        "forename_key": search_key(account.forename or ""),
        "search_key": search_key(" ".join(part for part in said if part)),
    }


def _moment(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def _account(row: Any) -> Account:
    values = dict(row)
    values["code_hash"] = values.pop("starting_code_hash")
    values["code_made_at"] = values.pop("starting_code_made_at")
    values["role"] = StaffRole(row["role"]) if row["role"] else None
    values["origin"] = Origin(row["origin"])
    values["overrides"] = frozenset(row["overrides"])
    return Account(**values)
