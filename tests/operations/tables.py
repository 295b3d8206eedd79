"""How many rows each table of each service has of a school, whoever it would be told to."""

from __future__ import annotations

from uuid import UUID

from shared.database.provision import SERVICES
from tests.stack import Stack

__all__ = ["NOT_OF_ONE_SCHOOL", "rows_by_table", "tables_without_a_school"]

_WITH = """
SELECT c.relname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
WHERE a.attname = 'school_id' AND c.relkind IN ('r', 'p') AND NOT c.relispartition
    AND c.relnamespace = 'public'::regnamespace ORDER BY c.relname
"""
_WITHOUT = """
SELECT c.relname FROM pg_class c WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition
    AND c.relnamespace = 'public'::regnamespace AND NOT EXISTS (
        SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'school_id')
ORDER BY c.relname
"""

NOT_OF_ONE_SCHOOL = {
    "alembic_version": "no data",
    "inbox": "ids of messages, for 30 days",
    "message_attempts": "ids of messages, and what went wrong, for 30 days",
    "throttle_counts": "hashed, gone when its span is over",
    "forgotten_passwords": "what was typed, until it is settled a second later",
}
"""Tables that name no school, with what is in them."""


async def rows_by_table(stack: Stack, school_id: str) -> dict[str, int]:
    """`service.table` → rows of the school, of every table that has a `school_id`."""
    found = {}
    for service in SERVICES:
        connection = await stack.database(service)
        for row in await connection.fetch(_WITH):
            name = row["relname"]
            found[f"{service}.{name}"] = await connection.fetchval(
                f'SELECT count(*) FROM "{name}" WHERE school_id = $1',  # noqa: S608
                UUID(school_id),
            )
        await connection.close()
    return found


async def tables_without_a_school(stack: Stack) -> set[str]:
    found = set()
    for service in SERVICES:
        connection = await stack.database(service)
        found |= {row["relname"] for row in await connection.fetch(_WITHOUT)}
        await connection.close()
    return found
