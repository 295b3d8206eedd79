"""Migrations beside a version that runs: nobody waits long behind one, and two never mix."""

from __future__ import annotations

import asyncio
from functools import partial

import asyncpg
import pytest
from alembic.util import CommandError
from sqlalchemy.exc import OperationalError

from shared.database.migrations import Patience, migrate
from shared.database.provision import ServiceDatabase
from tests.eventually import eventually
from tests.servers import DatabaseFactory

ONE_AT_A_TIME = 7263001


@pytest.fixture(scope="module")
async def database(database_factory: DatabaseFactory) -> ServiceDatabase:
    """Migrated already: what is tried is what comes before and around the revisions."""
    return await database_factory("mis_sync")


async def test_a_migration_gives_up_on_a_lock_that_it_does_not_get(
    database: ServiceDatabase,
) -> None:
    """Whoever came after it would wait as long as it does."""
    holder = await asyncpg.connect(database.owner)
    try:
        async with holder.transaction():
            await holder.execute("LOCK TABLE alembic_version IN ACCESS EXCLUSIVE MODE")
            with pytest.raises(OperationalError, match="lock timeout"):
                await asyncio.to_thread(
                    migrate, "mis_sync", database.owner, patience=Patience(lock_seconds=0.1)
                )
    finally:
        await holder.close()
    await asyncio.to_thread(migrate, "mis_sync", database.owner)


async def test_two_migrations_wait_for_each_other_however_long_one_takes(
    database: ServiceDatabase,
) -> None:
    other = await asyncpg.connect(database.owner)
    try:
        await other.execute("SELECT pg_advisory_lock($1)", ONE_AT_A_TIME)
        patience = Patience(lock_seconds=0.1, statement_seconds=0.2)
        run = partial(migrate, "mis_sync", database.owner, patience=patience)
        migration = asyncio.create_task(asyncio.to_thread(run))
        waited = (
            "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() "
            "AND wait_event = 'advisory' AND now() - query_start > interval '400 milliseconds')"
        )
        await eventually(lambda: other.fetchval(waited))
        assert not migration.done()
        await other.execute("SELECT pg_advisory_unlock($1)", ONE_AT_A_TIME)
        await migration
    finally:
        await other.close()


def test_what_runs_meanwhile_is_kept_waiting_for_seconds() -> None:
    """The numbers that `docs/operations` names."""
    assert Patience() == Patience(lock_seconds=10, statement_seconds=300, another_seconds=900)


async def test_what_a_newer_version_has_migrated_is_left_as_it_is(
    database: ServiceDatabase,
) -> None:
    """Else nobody could go back a version: its own migration is the first step of its start."""
    owner = await asyncpg.connect(database.owner)
    ours = await owner.fetchval("SELECT version_num FROM alembic_version")
    try:
        await owner.execute("UPDATE alembic_version SET version_num = '9999'")
        await asyncio.to_thread(migrate, "mis_sync", database.owner)
        assert await owner.fetchval("SELECT version_num FROM alembic_version") == "9999"
        with pytest.raises(CommandError):
            await asyncio.to_thread(migrate, "mis_sync", database.owner, "8888")
    finally:
        await owner.execute("UPDATE alembic_version SET version_num = $1", ours)
        await owner.close()
