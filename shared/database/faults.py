"""The faults that mean that the database is away or too busy: over HTTP a 503, never a 500."""

from __future__ import annotations

import asyncpg

__all__ = ["DATABASE_AWAY"]

DATABASE_AWAY: tuple[type[Exception], ...] = (
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,  # cut off, and asked before it knows that it is
    asyncpg.OperatorInterventionError,  # shutting down, starting up, statement timed out
    asyncpg.InsufficientResourcesError,
    asyncpg.LockNotAvailableError,
    asyncpg.TransactionRollbackError,  # of two who waited for each other, the one sent back
)
