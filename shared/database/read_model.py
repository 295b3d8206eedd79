"""A copy of another service's records, kept by version: repeats and latecomers change nothing."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from operator import attrgetter
from typing import Any
from uuid import UUID

import orjson

from shared.database.pool import Connection

__all__ = ["ReadModel"]


class ReadModel:
    """A table with a `school_id`, a `version` and the columns that are copied, named as the states
    name them; `key` names those that tell the records of a school apart.

    A column is `name`, or `name type` where it is no text. Both come from code, never from outside.
    """

    def __init__(self, table: str, *, key: Sequence[str], columns: Sequence[str]) -> None:
        told = [_typed(column) for column in (*key, "version integer", *columns)]
        self._names = [name for name, _ in told]
        keys = ", ".join(("school_id", *(name for name, _ in map(_typed, key))))
        names = ", ".join(self._names)
        values = ", ".join(
            f"(said ->> {place})::{kind} AS {name}" for place, (name, kind) in enumerate(told)
        )
        updated = ", ".join(f"{name} = excluded.{name}" for name in self._names[len(key) :])
        self._upsert = (
            f"INSERT INTO {table} AS known (school_id, {names}) "  # noqa: S608 - names come from code
            f"SELECT DISTINCT ON ({keys}) * FROM (SELECT $1::uuid AS school_id, {values} "
            "FROM jsonb_array_elements($2::text::jsonb) AS said) AS told "
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
        done = await connection.execute(self._upsert, school_id, rows)
        return int(done.rpartition(" ")[2])


def _typed(column: str) -> tuple[str, str]:
    name, _, kind = column.partition(" ")
    return name, kind or "text"
