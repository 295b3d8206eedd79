"""A copy of another service's records, kept by version: repeats and latecomers change nothing."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from shared.database.pool import Connection

__all__ = ["ReadModel"]


class ReadModel:
    """A table with a `version` and the columns that are copied, named as the states name them.

    `key` names the columns of its primary key. Names come from code, never from outside.
    """

    def __init__(self, table: str, *, key: Sequence[str], columns: Sequence[str]) -> None:
        keys, names = ", ".join(key), ", ".join((*key, "version", *columns))
        updated = ", ".join(f"{name} = excluded.{name}" for name in ("version", *columns))
        self._upsert = (
            f"INSERT INTO {table} AS known ({names}) "  # noqa: S608 - names come from code
            f"SELECT DISTINCT ON ({keys}) {names} "
            f"FROM jsonb_populate_recordset(NULL::{table}, $1::text::jsonb) "
            f"ORDER BY {keys}, version DESC "
            f"ON CONFLICT ({keys}) DO UPDATE SET {updated} WHERE excluded.version > known.version"
        )

    async def take(self, connection: Connection, states: Sequence[Mapping[str, Any]]) -> int:
        """Take over the states that are newer than what is here; how many were.

        `states` are JSON-ready (`model_dump(mode="json")`), with their `school_id`.
        """
        if not states:
            return 0
        text = json.dumps([dict(state) for state in states], ensure_ascii=False)
        return int((await connection.execute(self._upsert, text)).rpartition(" ")[2])
