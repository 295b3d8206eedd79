"""What messaging needs of a database connection and of the transactions that give one."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any, Protocol
from uuid import UUID

__all__ = ["Connection", "Transactions"]


class Connection(Protocol):
    """The part of an asyncpg connection that is used here."""

    async def execute(self, query: str, *args: Any) -> Any: ...

    async def fetch(self, query: str, *args: Any) -> Sequence[Any]: ...

    async def fetchval(self, query: str, *args: Any) -> Any: ...

    def is_in_transaction(self) -> bool: ...


class Transactions(Protocol):
    """Opens a transaction of one school, or of none (`shared.database.pool.Database`)."""

    def transaction(self, school_id: UUID | None = None) -> AbstractAsyncContextManager[Any]: ...
