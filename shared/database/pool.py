"""The pool of database connections of one service, and its transactions, each of one tenant.

A tenant's rows are seen only in a transaction that was opened for that school: forced row-level
security compares `school_id` with the setting `app.school_id`, which ends with the transaction.
"""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager, suppress
from typing import TYPE_CHECKING, Any, TypeAlias
from uuid import UUID

import asyncpg

from shared.database.traces import watch
from shared.kept import Lines, first_let_in, lines_of
from shared.observability.metrics import database as figures
from shared.observability.metrics.asked import Answer, read
from shared.observability.metrics.committed import Tally

if TYPE_CHECKING:
    from asyncpg.pool import PoolConnectionProxy

    Connection: TypeAlias = asyncpg.Connection[asyncpg.Record] | PoolConnectionProxy[asyncpg.Record]
else:
    Connection: TypeAlias = asyncpg.Connection

__all__ = ["Connection", "Database", "connect", "savepoint"]

_STATEMENT_TIMEOUT_SECONDS = 30.0
_ACQUIRE_TIMEOUT_SECONDS = 10.0
_LOCK_TIMEOUT_SECONDS = 10.0


class Database:
    """One service's PostgreSQL, as the role that owns nothing. `max_size` counts connections."""

    def __init__(self, dsn: str | Lines, *, name: str, max_size: int = 8) -> None:
        self._dsns = lines_of(dsn)
        self._name = name
        self._max_size = max_size
        self._pool: asyncpg.Pool[asyncpg.Record] | None = None
        self._waiting = 0
        self._measured = ExitStack()

    async def open(self) -> None:
        """Connect. Raises what asyncpg raises if the server is not there."""
        self._pool = await asyncpg.create_pool(
            connect=self._connect,
            min_size=1,
            max_size=self._max_size,
            max_inactive_connection_lifetime=300.0,
            timeout=_ACQUIRE_TIMEOUT_SECONDS,
            init=watch,
            reset=_nothing_to_reset,
            command_timeout=_STATEMENT_TIMEOUT_SECONDS,
            server_settings={
                "application_name": self._name,
                "statement_timeout": str(int(_STATEMENT_TIMEOUT_SECONDS * 1000)),
                "lock_timeout": str(int(_LOCK_TIMEOUT_SECONDS * 1000)),
                "idle_in_transaction_session_timeout": "60000",
                "timezone": "UTC",
            },
        )
        self._measured.enter_context(read(self._measures))

    async def _connect(self, *_: Any, **how: Any) -> asyncpg.Connection[asyncpg.Record]:
        return await connect(self._dsns, **how)

    async def close(self) -> None:
        self._measured.close()
        if self._pool is not None:
            await self._pool.close()
            self._pool = None

    @asynccontextmanager
    async def transaction(self, school_id: UUID | None = None) -> AsyncIterator[Connection]:
        """A transaction that sees the rows of `school_id` only; of no school where it is `None`.

        Commits at the end of the block, rolls back if it raises.
        """
        async with self._begun(school_id) as connection:
            yield connection

    @asynccontextmanager
    async def snapshot(self, school_id: UUID) -> AsyncIterator[Connection]:
        """The rows of `school_id`, all as they were at one moment; it can change nothing.

        For pages that put several questions together: they wait for nobody's lock.
        """
        async with self._begun(
            school_id, " ISOLATION LEVEL REPEATABLE READ READ ONLY"
        ) as connection:
            yield connection

    @asynccontextmanager
    async def _begun(self, school_id: UUID | None, how: str = "") -> AsyncIterator[Connection]:
        if self._pool is None:
            raise RuntimeError(f"the database of {self._name} is not open")
        connection = await self._take(self._pool)
        tally, committed = Tally(), False
        try:
            try:
                await connection.execute(f"BEGIN{how}{_as_tenant(school_id)}")
                yield connection
            except BaseException:
                await _roll_back(connection)
                raise
            await connection.execute("COMMIT")
            committed = True
        finally:
            tally.end(committed=committed)
            await self._pool.release(connection)

    async def _take(
        self, pool: asyncpg.Pool[asyncpg.Record]
    ) -> PoolConnectionProxy[asyncpg.Record]:
        began = time.perf_counter()
        self._waiting += 1
        try:
            return await pool.acquire(timeout=_ACQUIRE_TIMEOUT_SECONDS)
        finally:
            self._waiting -= 1
            figures.WAITED.observe(time.perf_counter() - began)

    def _measures(self) -> list[Answer]:
        if self._pool is None:
            return []
        idle = self._pool.get_idle_size()
        return [
            figures.CONNECTIONS.of(self._pool.get_size() - idle, "used"),
            figures.CONNECTIONS.of(idle, "idle"),
            figures.CONNECTIONS_MAX.of(self._pool.get_max_size()),
            figures.WAITING.of(self._waiting),
        ]

    async def value(self, query: str, *args: object) -> Any:
        """What one question gives that is of no school: by itself, with no transaction around."""
        if self._pool is None:
            raise RuntimeError(f"the database of {self._name} is not open")
        return await self._pool.fetchval(query, *args)

    async def ready(self) -> bool:
        """Whether a connection can be had and answers."""
        try:
            async with self.transaction() as connection:
                await connection.fetchval("SELECT 1")
        except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError, RuntimeError):
            return False
        return True


async def connect(dsns: str | Lines, **how: Any) -> asyncpg.Connection[asyncpg.Record]:
    """By the first that the server lets in: while a password is changed there are two.

    Raises what asyncpg raises.
    """
    return await first_let_in(
        dsns,
        lambda dsn: asyncpg.connect(dsn, **how),
        asyncpg.InvalidAuthorizationSpecificationError,
    )


@asynccontextmanager
async def savepoint(connection: Connection) -> AsyncIterator[None]:
    """Takes back what was done within the block, and only that, if it raises. Not to be nested."""
    await connection.execute("SAVEPOINT within")
    try:
        yield
    except BaseException:
        await connection.execute("ROLLBACK TO SAVEPOINT within; RELEASE SAVEPOINT within")
        raise
    await connection.execute("RELEASE SAVEPOINT within")


def _as_tenant(school_id: UUID | None) -> str:
    """In the same message as `BEGIN`: each answer that is waited for takes its time."""
    # In 32 digits, which nothing but a UUID has to give.
    return f"; SELECT set_config('app.school_id', '{school_id.hex}', true)" if school_id else ""


async def _roll_back(connection: Connection) -> None:
    """What went wrong before is told, and not what this comes to: where it fails, the pool sees a
    transaction that is open, or no connection, and gives it to nobody."""
    with suppress(Exception):
        await connection.execute("ROLLBACK")


async def _nothing_to_reset(_: Connection) -> None:
    """Whatever a transaction sets is set for itself (`SET LOCAL`), so that nothing outlives it.

    asyncpg would ask the server to reset the session after each, a round trip as long as a query.
    """
