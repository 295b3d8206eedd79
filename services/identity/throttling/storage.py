"""Where `limits` keeps its counts: PostgreSQL, shared by all processes, by the clock we are given.

`limits` itself knows Redis, Memcached and MongoDB only.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta

import asyncpg
from limits.aio.storage import Storage

from shared.database.pool import Database

__all__ = ["PostgresStorage"]


class PostgresStorage(Storage):
    """Counts per key, each for a window that begins with the first try."""

    STORAGE_SCHEME = None

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        super().__init__()
        self._database = database
        self._clock = clock

    @property
    def base_exceptions(self) -> type[Exception]:
        return asyncpg.PostgresError

    async def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        now = self._clock()
        until = now + timedelta(seconds=expiry)
        async with self._database.transaction() as connection:
            hits = await connection.fetchval(
                "SELECT throttle_hit($1, $2, $3, $4)", _hashed(key), amount, now, until
            )
        return int(hits)

    async def get(self, key: str) -> int:
        return (await self._read(key))[0]

    async def get_expiry(self, key: str) -> float:
        return (await self._read(key))[1].timestamp()

    async def check(self) -> bool:
        return await self._database.ready()

    async def reset(self) -> int | None:
        raise NotImplementedError("counts end by themselves, and one by one")

    async def clear(self, key: str) -> None:
        async with self._database.transaction() as connection:
            await connection.execute("SELECT throttle_clear($1)", _hashed(key))

    async def _read(self, key: str) -> tuple[int, datetime]:
        now = self._clock()
        async with self._database.transaction() as connection:
            rows = await connection.fetch("SELECT * FROM throttle_read($1, $2)", _hashed(key), now)
        return (rows[0]["hits"], rows[0]["expires_at"]) if rows else (0, now)


def _hashed(key: str) -> bytes:
    return hashlib.sha256(key.encode()).digest()
