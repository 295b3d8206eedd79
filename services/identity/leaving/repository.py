"""All SQL about schools that have left, through the functions that guard their table."""

from __future__ import annotations

import json
from datetime import datetime

from asyncpg import Record

from services.identity.leaving.left_school import LeftSchool
from shared.database.pool import Connection

__all__ = [
    "all_left",
    "confirm",
    "erase",
    "find_left",
    "mark",
    "say_erasing",
    "spend_links",
    "unmark",
]


async def mark(connection: Connection, name: str, at: datetime, until: datetime) -> bool:
    """Whether it is new."""
    return bool(await connection.fetchval("SELECT left_school_mark($1, $2, $3)", name, at, until))


async def unmark(connection: Connection) -> bool:
    """Whether it was marked, and nothing of it is erased yet."""
    return bool(await connection.fetchval("SELECT left_school_unmark()"))


async def say_erasing(connection: Connection, at: datetime) -> None:
    await connection.execute("SELECT left_school_erasing($1)", at)


async def confirm(connection: Connection, service: str, rows: int, at: datetime) -> None:
    """The first word of each service counts."""
    await connection.execute("SELECT left_school_confirm($1, $2, $3)", service, rows, at)


async def erase(connection: Connection) -> int:
    """All that identity keeps of the school whose transaction this is; how many rows."""
    return int(await connection.fetchval("SELECT erase_school()"))


async def find_left(connection: Connection) -> LeftSchool | None:
    """Of the school whose transaction this is."""
    row = await connection.fetchrow("SELECT * FROM left_school_find()")
    return _left(row) if row else None


async def all_left(connection: Connection) -> list[LeftSchool]:
    """Of all tenants. For operators."""
    return [_left(row) for row in await connection.fetch("SELECT * FROM left_schools_all()")]


async def spend_links(connection: Connection) -> None:
    """Links that wait in somebody's mailbox open nothing any more."""
    await connection.execute("SELECT links_spend(account_id, now()) FROM accounts")


def _left(row: Record) -> LeftSchool:
    values = dict(row)
    said = json.loads(values.pop("erased"))
    return LeftSchool(**values, erased={service: each["rows"] for service, each in said.items()})
