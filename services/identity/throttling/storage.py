"""Where `limits` keeps its counts: PostgreSQL, shared by all processes, by the clock we are given.

`limits` itself knows Redis, Memcached and MongoDB only.
"""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from contextvars import ContextVar
from datetime import datetime, timedelta

import asyncpg
from limits import RateLimitItem
from limits.aio.storage import Storage

from shared.database.pool import Connection, Database

__all__ = ["PostgresStorage"]

_transaction: ContextVar[Connection | None] = ContextVar("throttle_transaction", default=None)


class PostgresStorage(Storage):
    """Counts per key, each for a window that begins with the first try."""

    STORAGE_SCHEME = None

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        super().__init__()
        self._database = database
        self._clock = clock

    @contextmanager
    def within(self, connection: Connection) -> Iterator[None]:
        """What is read and counted in the block is part of the connection's transaction."""
        token = _transaction.set(connection)
        try:
            yield
        finally:
            _transaction.reset(token)

    @asynccontextmanager
    async def together(self) -> AsyncIterator[None]:
        """One transaction, which counts nothing if the block raises."""
        if _transaction.get() is not None:
            yield
            return
        async with self._database.transaction() as connection:
            with self.within(connection):
                yield

    @asynccontextmanager
    async def _connection(self) -> AsyncIterator[Connection]:
        connection = _transaction.get()
        if connection is not None:
            yield connection
            return
        async with self._database.transaction() as connection:
            yield connection

    @property
    def base_exceptions(self) -> type[Exception]:
        return asyncpg.PostgresError

    async def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        now = self._clock()
        async with self._connection() as connection:
            return int(
                await connection.fetchval(
                    "SELECT throttle_hit($1, $2, $3, $4)",
                    _hashed(key),
                    amount,
                    now,
                    now + timedelta(seconds=expiry),
                )
            )

    async def guess(self, windows: Sequence[RateLimitItem], *whose: str) -> list[datetime | None]:
        """Count a guess at each in all of the windows, or in none where one of them is spent.

        Until when that is so; `None` where it was counted. One round trip for all.
        """
        now = self._clock()
        counts = ", ".join(f"throttle_guess(${n}, $1, $2, $3)" for n in range(4, 4 + len(whose)))
        async with self._connection() as connection:
            row = await connection.fetchrow(
                f"SELECT {counts}",
                [item.amount for item in windows],
                [now + timedelta(seconds=item.get_expiry()) for item in windows],
                now,
                *([_hashed(item.key_for(one)) for item in windows] for one in whose),
            )
        return list(row or ())

    async def get(self, key: str) -> int:
        return (await self._read(key))[0]

    async def get_expiry(self, key: str) -> float:
        return (await self._read(key))[1].timestamp()

    async def check(self) -> bool:
        return await self._database.ready()

    async def reset(self) -> int | None:
        raise NotImplementedError("counts end by themselves, and one by one")

    async def clear(self, key: str) -> None:
        await self.clear_all([key])

    async def clear_all(self, keys: Iterable[str]) -> None:
        async with self._connection() as connection:
            await connection.execute(
                "SELECT throttle_clear(key) FROM unnest($1::bytea[]) AS t (key)",
                [_hashed(key) for key in keys],
            )

    async def _read(self, key: str) -> tuple[int, datetime]:
        now = self._clock()
        async with self._connection() as connection:
            rows = await connection.fetch("SELECT * FROM throttle_read($1, $2)", _hashed(key), now)
        return (rows[0]["hits"], rows[0]["expires_at"]) if rows else (0, now)


def _hashed(key: str) -> bytes:
    return hashlib.sha256(key.encode()).digest()
