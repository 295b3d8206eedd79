"""All SQL about who asked for a link, through the functions that guard the table."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from uuid_utils.compat import uuid7

from shared.database.pool import Connection

__all__ = ["Door", "Forgotten", "insert_request", "take_request"]

Door = Literal["staff", "parent"]


@dataclass(frozen=True)
class Forgotten:
    """What somebody typed who has forgotten a password; `door` is the page they did it on."""

    identifier: str = field(repr=False)
    door: Door
    asked_at: datetime


async def insert_request(connection: Connection, request: Forgotten) -> None:
    await connection.execute(
        "SELECT forgotten_ask($1, $2, $3, $4)",
        uuid7(),
        request.identifier,
        request.door,
        request.asked_at,
    )


async def take_request(connection: Connection) -> Forgotten | None:
    """The oldest, which is settled when the transaction commits."""
    rows = await connection.fetch("SELECT * FROM forgotten_take()")
    return Forgotten(**dict(rows[0])) if rows else None
