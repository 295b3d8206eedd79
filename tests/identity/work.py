"""What the service does for a request: its statements, transactions and computed passwords."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field, replace
from uuid import UUID

from asyncpg.connection import LoggedQuery

from services.identity.context import Identity
from services.identity.passwords.hashing import PasswordHashing, T
from services.identity.settings import Settings
from services.identity.throttling.service import Throttle
from services.identity.throttling.storage import PostgresStorage
from shared.database.pool import Connection, Database
from tests.identity.door import Door

__all__ = ["Work", "watched"]


_ABOUT_TYPES = ("typeinfo", "set_config('jit'")
"""What marks the driver's questions about types, and its keeping the compiler out of them."""


@dataclass
class Work:
    """In its order; `statements` are without what they are given."""

    statements: list[str] = field(default_factory=list)
    transactions: int = 0
    computed: int = 0


class _WatchedDatabase(Database):
    def __init__(self, watched: Database, work: Work) -> None:
        self._watched = watched
        self._work = work

    @asynccontextmanager
    async def transaction(self, school_id: UUID | None = None) -> AsyncIterator[Connection]:
        self._work.transactions += 1
        async with self._watched.transaction(school_id) as connection:
            with connection.query_logger(self._note):
                yield connection

    def _note(self, record: LoggedQuery) -> None:
        # What the driver asks about types, once for each of its connections, is nobody's doing.
        if not any(mark in record.query for mark in _ABOUT_TYPES):
            self._work.statements.append(record.query)


class _CountingHashing(PasswordHashing):
    def count(self, work: Work) -> None:
        self._work = work

    async def work(self, job: Callable[[], T]) -> T:
        self._work.computed += 1
        return await super().work(job)


@contextmanager
def watched(door: Door, settings: Settings) -> Iterator[Work]:
    """What the routes do, for as long as the block lasts; the workers beside are not counted."""
    wired: Identity = door.app.state.identity
    work = Work()
    database = _WatchedDatabase(wired.database, work)
    hashing = _CountingHashing(settings.peppers, memory_kib=8, passes=1)
    hashing.count(work)
    throttle = Throttle(PostgresStorage(database, door.clock), door.clock)
    door.app.state.identity = replace(wired, database=database, hashing=hashing, throttle=throttle)
    try:
        yield work
    finally:
        door.app.state.identity = wired
        hashing.close()
