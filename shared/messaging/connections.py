"""What messaging needs of a database connection and of the transactions that give one; and how it
connects, to either server, while passwords may be changing."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any, Protocol
from uuid import UUID

import aio_pika
import aiormq.exceptions
import asyncpg
from aio_pika.abc import AbstractConnection

from shared.kept import Lines, first_let_in

__all__ = ["REFUSED", "Connection", "Transactions", "connect_broker", "connect_database"]

REFUSED = aiormq.exceptions.ProbableAuthenticationError
"""What a broker says to a password that is not, or no longer, the user's."""


class Connection(Protocol):
    """The part of an asyncpg connection that is used here."""

    async def execute(self, query: str, *args: Any) -> Any: ...

    async def fetch(self, query: str, *args: Any) -> Sequence[Any]: ...

    async def fetchval(self, query: str, *args: Any) -> Any: ...

    def is_in_transaction(self) -> bool: ...


class Transactions(Protocol):
    """Opens a transaction of one school, or of none (`shared.database.pool.Database`)."""

    def transaction(self, school_id: UUID | None = None) -> AbstractAsyncContextManager[Any]: ...


async def connect_broker(urls: str | Lines, **how: Any) -> AbstractConnection:
    """By the first that the broker lets in. Raises what aio-pika raises."""
    return await first_let_in(urls, lambda url: aio_pika.connect(url, **how), REFUSED)


async def connect_database(dsns: str | Lines, **how: Any) -> asyncpg.Connection[asyncpg.Record]:
    """By the first that the server lets in. Raises what asyncpg raises."""
    return await first_let_in(
        dsns,
        lambda dsn: asyncpg.connect(dsn, **how),
        asyncpg.InvalidAuthorizationSpecificationError,
    )
