"""A copy of another service's records, kept by version: repeats and latecomers change nothing."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from operator import attrgetter
from typing import Any
from uuid import UUID

import orjson
from asyncpg import UniqueViolationError

from shared.database.pool import Connection, savepoint

__all__ = ["ReadModel"]

_MANY = 20
"""So many that have just begun are most likely not here yet. That is found by trying: to look at
each row first takes a third longer (benchmark B2)."""


class ReadModel:
    """A table with a `school_id`, a `version` and the columns that are copied, named as the states
    name them; `key` names those that tell the records of a school apart.

    A column is `name`, or `name type` where it is no text. Both come from code, never from outside.
    """

    def __init__(self, table: str, *, key: Sequence[str], columns: Sequence[str]) -> None:
        typed = [_typed(column) for column in (*key, "version integer", *columns)]
        self._names = [name for name, _ in typed]
        keys = ", ".join(("school_id", *(name for name, _ in map(_typed, key))))
        names = ", ".join(self._names)
        values = ", ".join(
            f"(said ->> {place})::{kind} AS {name}" for place, (name, kind) in enumerate(typed)
        )
        updated = ", ".join(f"{name} = excluded.{name}" for name in self._names[len(key) :])
        told = (
            f"SELECT $1::uuid AS school_id, {values} "  # noqa: S608 - names come from code
            "FROM jsonb_array_elements($2::text::jsonb) AS said"
        )
        begin = f"INSERT INTO {table} AS known (school_id, {names}) "
        self._insert = begin + told
        self._upsert = (
            f"{begin}SELECT DISTINCT ON ({keys}) * FROM ({told}) AS told "  # noqa: S608 - the same
            f"ORDER BY {keys}, version DESC "
            f"ON CONFLICT ({keys}) DO UPDATE SET {updated} WHERE excluded.version > known.version"
        )

    async def take(
        self,
        connection: Connection,
        school_id: UUID,
        states: Collection[Any],
        besides: Mapping[str, Sequence[Any]] | None = None,
    ) -> int:
        """Take over the states that are newer than what is here; how many were.

        `besides` are the values of columns that no state has, in the order of the states.
        """
        if not states:
            return 0
        given = besides or {}
        values = [given.get(name) or map(attrgetter(name), states) for name in self._names]
        # Rows without names: neither side has to write and read them 500 times.
        rows = orjson.dumps(list(zip(*values, strict=True)), default=str).decode()
        if len(states) >= _MANY and all(state.version == 1 for state in states):
            with suppress(UniqueViolationError):
                async with savepoint(connection):
                    await connection.execute(self._insert, school_id, rows)
                return len(states)
        done = await connection.execute(self._upsert, school_id, rows)
        return int(done.rpartition(" ")[2])


def _typed(column: str) -> tuple[str, str]:
    name, _, kind = column.partition(" ")
    return name, kind or "text"
