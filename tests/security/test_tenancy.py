"""Every table of every service is under forced row-level security, or says why it cannot be."""

from __future__ import annotations

import asyncio
from uuid import uuid4

import asyncpg
import pytest

from shared.database.faults import DATABASE_AWAY
from shared.database.pool import Database, savepoint
from shared.database.provision import SERVICES
from shared.database.untenanted import UNTENANTED
from tests.servers import DatabaseFactory, Servers, with_database

TABLES = """
SELECT c.relname AS name, c.relrowsecurity AND c.relforcerowsecurity AS forced,
    pg_get_userbyid(c.relowner) AS owner,
    EXISTS (SELECT 1 FROM pg_attribute a
            WHERE a.attrelid = c.oid AND a.attname = 'school_id' AND a.attnotnull) AS of_a_school,
    (SELECT array_agg(pg_get_expr(p.polqual, c.oid)) FROM pg_policy p
     WHERE p.polrelid = c.oid) AS readable,
    (SELECT array_agg(coalesce(pg_get_expr(p.polwithcheck, c.oid), pg_get_expr(p.polqual, c.oid)))
     FROM pg_policy p WHERE p.polrelid = c.oid) AS writable,
    has_any_column_privilege($1, c.oid, 'SELECT, INSERT, UPDATE')
        OR has_table_privilege($1, c.oid, 'DELETE, TRUNCATE') AS service_may
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p', 'v', 'm')
"""
OWNED = """
SELECT count(*) FROM pg_class c JOIN pg_roles r ON r.oid = c.relowner WHERE r.rolname = ANY($1)
"""
POWERS = """
SELECT rolname FROM pg_roles
WHERE rolname = ANY($1) AND (rolsuper OR rolbypassrls OR rolcreatedb OR rolcreaterole)
"""
READ_THROUGH = """
SELECT c.relname AS name FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
WHERE a.attname = 'school_id' AND NOT a.attisdropped AND c.relkind IN ('r', 'p')
    AND NOT c.relispartition AND c.relnamespace = 'public'::regnamespace
    AND NOT EXISTS (SELECT FROM pg_index i WHERE i.indrelid = c.oid AND i.indkey[0] = a.attnum)
"""
NOT_ASKED_BY_SCHOOL = {
    "admin_email_links": "few, and found by their tokens",
    "awaited_requests": "looked for over all schools",
    "connector_registry": "found by who sent a message",
    "dead_letters": "few, and the operator's over all schools",
    "mails": "sent over all schools; by school only where one is erased",
    "messages_put_off": "found by their queue first, then by school",
    "outbox": "sent over all schools; by school only where one is erased",
    "refused_messages": "the operator's over all schools",
    "sign_in_directory": "found by what was typed; by school only where one is erased",
    "user_imports_due": "looked for over all schools",
}
OPEN_FUNCTIONS = """
SELECT p.proname FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
WHERE n.nspname = 'public' AND p.prosecdef
    AND (has_function_privilege('public', p.oid, 'EXECUTE')
         OR NOT coalesce(p.proconfig::text LIKE '%search_path=%', false))
"""


@pytest.fixture(params=SERVICES)
async def catalogue(
    request: pytest.FixtureRequest, servers: Servers, database_factory: DatabaseFactory
) -> tuple[str, asyncpg.Connection[asyncpg.Record]]:
    service: str = request.param
    await database_factory(service)
    dsn = with_database(servers.database_url, f"{servers.worker}_{service}")
    return service, await asyncpg.connect(dsn)


Catalogue = tuple[str, "asyncpg.Connection[asyncpg.Record]"]


async def test_every_table_is_forced_to_its_tenant_or_is_on_the_list(catalogue: Catalogue) -> None:
    service, connection = catalogue
    tables = await connection.fetch(TABLES, f"{service}_service")
    listed = UNTENANTED[service]
    assert tables
    for table in tables:
        if table["name"] in listed:
            assert not table["service_may"], f"{service} may touch {table['name']} itself"
            continue
        assert table["of_a_school"], f"{table['name']} has no school_id and no reason"
        assert table["forced"], f"{table['name']} does not force its policy"
        for clauses in (table["readable"], table["writable"]):
            assert clauses, f"{table['name']} has no policy"
            assert all("app.school_id" in clause for clause in clauses), table["name"]
    assert set(listed) <= {table["name"] for table in tables}
    await connection.close()


async def test_what_a_school_asks_for_is_found_without_reading_of_others(
    catalogue: Catalogue,
) -> None:
    """Of 20,000 schools; `links_open_until` took ten seconds of them, on the admin's home page."""
    _, connection = catalogue
    found = {row["name"] for row in await connection.fetch(READ_THROUGH)}
    assert found <= NOT_ASKED_BY_SCHOOL.keys()
    await connection.close()


async def test_the_service_s_roles_own_nothing_and_have_no_powers(catalogue: Catalogue) -> None:
    service, connection = catalogue
    roles = [f"{service}_service", f"{service}_relay"]
    assert await connection.fetchval(OWNED, roles) == 0
    assert await connection.fetch(POWERS, [*roles, f"{service}_owner"]) == []
    await connection.close()


async def test_functions_that_run_as_their_owner_are_open_to_nobody_by_default(
    catalogue: Catalogue,
) -> None:
    _, connection = catalogue
    assert await connection.fetch(OPEN_FUNCTIONS) == []
    await connection.close()


async def test_a_tenant_ends_with_its_transaction_however_that_ends(
    servers: Servers, database_factory: DatabaseFactory
) -> None:
    """All of it on one connection, which the next transaction has again, or a new one."""
    database = Database((await database_factory("roster")).service, name="test", max_size=1)
    await database.open()
    admin = await asyncpg.connect(servers.database_url)
    school = uuid4()

    async def commits() -> None:
        async with database.transaction(school) as connection:
            found = await connection.fetchval("SELECT current_setting('app.school_id')::uuid")
            assert found == school
        raise ValueError

    async def fails() -> None:
        async with database.transaction(school) as connection:
            await connection.execute("SELECT 1/0")

    async def is_cancelled() -> None:
        async with asyncio.timeout(0.1), database.transaction(school) as connection:
            await connection.execute("SELECT pg_sleep(60)")

    async def loses_its_connection() -> None:
        async with database.transaction(school) as connection:
            pid = await connection.fetchval("SELECT pg_backend_pid()")
            await admin.fetchval("SELECT pg_terminate_backend($1, 10000)", pid)
            await connection.execute("SELECT 1")

    async def takes_a_part_back() -> None:
        async with database.transaction(school) as connection:
            with pytest.raises(asyncpg.DivisionByZeroError):
                async with savepoint(connection):
                    await connection.execute("SELECT 1/0")
            assert connection.is_in_transaction()
            raise ValueError

    for ends, error in (
        (commits, ValueError),
        (fails, asyncpg.DivisionByZeroError),
        (is_cancelled, TimeoutError),
        (loses_its_connection, DATABASE_AWAY),
        (takes_a_part_back, ValueError),
    ):
        with pytest.raises(error):
            await ends()
        async with database.transaction() as connection:
            assert not await connection.fetchval("SELECT current_setting('app.school_id', true)")
    await admin.close()
    await database.close()
