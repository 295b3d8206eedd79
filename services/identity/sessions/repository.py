"""All SQL about sessions and single-use links, through the functions that guard their tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

import asyncpg

from services.identity.leaving.problems import SchoolHasLeft
from shared.database.pool import Connection

__all__ = [
    "OpenedBy",
    "OwnSession",
    "Scope",
    "StoredSession",
    "end_sessions",
    "find_link",
    "find_session",
    "insert_link",
    "insert_session",
    "sessions_of",
    "signed_in",
    "spend_links",
    "spend_links_of_all",
]

_HAS_LEFT = "CM001"

Scope = Literal["full", "set_password", "confirm_children", "two_step", "set_up_two_step"]
OpenedBy = Literal["password", "default", "starting_code", "link"]


@dataclass(frozen=True)
class StoredSession:
    """A live session, without its secret."""

    session_id: UUID
    account_id: UUID
    school_id: UUID
    scope: Scope
    opened_by: OpenedBy
    created_at: datetime
    expires_at: datetime


@dataclass(frozen=True)
class OwnSession:
    """A live session as its account sees it; `seen_at` is right to the minute or two."""

    session_id: UUID
    created_at: datetime
    seen_at: datetime
    authenticator: str | None = None


async def insert_session(
    connection: Connection, session: StoredSession, hashed: bytes, address: str | None
) -> None:
    """Raises `SchoolHasLeft`."""
    try:
        await connection.execute(
            "SELECT session_open($1, $2, $3, $4, $5, $6, $7, $8)",
            session.session_id,
            hashed,
            session.account_id,
            session.scope,
            session.opened_by,
            address,
            session.created_at,
            session.expires_at,
        )
    except asyncpg.PostgresError as error:
        if error.sqlstate == _HAS_LEFT:
            raise SchoolHasLeft from None
        raise


async def find_session(
    connection: Connection, hashed: bytes, now: datetime, idle: timedelta
) -> StoredSession | None:
    """The live session of a token, which counts as used by this."""
    rows = await connection.fetch("SELECT * FROM session_find($1, $2, $3)", hashed, now, idle)
    return StoredSession(**dict(rows[0])) if rows else None


async def sessions_of(
    connection: Connection, account_id: UUID, now: datetime, idle: timedelta
) -> list[OwnSession]:
    """Live sessions of an account of this school, the newest first."""
    rows = await connection.fetch("SELECT * FROM sessions_of($1, $2, $3)", account_id, now, idle)
    return [OwnSession(**dict(row)) for row in rows]


async def end_sessions(
    connection: Connection,
    now: datetime,
    *,
    session_id: UUID | None = None,
    account_ids: Sequence[UUID] | None = None,
    opened_by: OpenedBy | None = None,
) -> dict[UUID, OpenedBy]:
    """End live sessions of this school that fit all that is given; what had opened each."""
    rows = await connection.fetch(
        "SELECT * FROM sessions_end($1, $2::uuid[], $3, $4)",
        session_id,
        list(account_ids) if account_ids is not None else None,
        opened_by,
        now,
    )
    return {row["session_id"]: row["opened_by"] for row in rows}


async def insert_link(
    connection: Connection, hashed: bytes, account_id: UUID, now: datetime, expires_at: datetime
) -> None:
    """A link that takes the place of any other that the account still has."""
    await connection.execute(
        "SELECT link_make($1, $2, $3, $4)", hashed, account_id, now, expires_at
    )


async def find_link(
    connection: Connection, hashed: bytes, now: datetime
) -> tuple[UUID, UUID] | None:
    """The account and school of a link that can still be used."""
    rows = await connection.fetch("SELECT * FROM link_find($1, $2)", hashed, now)
    return (rows[0]["account_id"], rows[0]["school_id"]) if rows else None


async def spend_links(connection: Connection, account_id: UUID, now: datetime) -> None:
    """What links the account still has open nothing any more."""
    await spend_links_of_all(connection, [account_id], now)


async def spend_links_of_all(
    connection: Connection, account_ids: Sequence[UUID], now: datetime
) -> None:
    await connection.execute(
        "SELECT links_spend(id, $2) FROM unnest($1::uuid[]) AS id", list(account_ids), now
    )


async def signed_in(
    connection: Connection, account_ids: Sequence[UUID], now: datetime, idle: timedelta
) -> set[UUID]:
    """Those of these accounts of this school that have a live session."""
    rows = await connection.fetch(
        "SELECT id FROM accounts_signed_in($1::uuid[], $2, $3) AS id", list(account_ids), now, idle
    )
    return {row["id"] for row in rows}
