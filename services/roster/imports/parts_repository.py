"""All SQL about what an import changes: kept with its preview, written when it is confirmed."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from uuid import UUID

import orjson
from uuid_utils.compat import uuid7

from services.roster.groups.repository import GROUP_COLUMNS
from services.roster.imports.effects import effect_of_added
from services.roster.imports.prepared import STARTS_AN_ENTRY, Kind, Part
from services.roster.imports.pupil_import import PupilImport
from services.roster.imports.shapes import YES_OR_NO
from services.roster.imports.usual import BETWEEN, NOTHING
from services.roster.links.repository import LINK_COLUMNS
from services.roster.pupils.repository import PUPIL_COLUMNS
from shared.database.pool import Connection

__all__ = ["Addresses", "KeptPart", "PartRepository"]

_TABLES: dict[Kind, tuple[str, str, Sequence[str]]] = {
    "group": ("groups", GROUP_COLUMNS, ("id",)),
    "pupil": ("pupils", PUPIL_COLUMNS, ("id",)),
    "link": ("links", LINK_COLUMNS, ("kind", "group_id", "person_id")),
}
"""Kind → table, its columns but the school, and its key within the school."""


@lru_cache
def _write(kind: Kind) -> str:
    """New ones and known ones, and all told in two events. Those have ids from here rather than
    from `outbox_tell`, so that they come in the order of what was done.

    Known ones are found by their key. The way of a join would depend on how large PostgreSQL
    supposes the table to be, and it does not know while the first schools come.
    """
    table, columns, key = _TABLES[kind]
    names = [name.strip() for name in columns.split(",")]
    return f"""
    WITH part AS MATERIALIZED (
        SELECT school_id, rows, states, entries FROM pupil_import_parts
        WHERE import_id = $1 AND place = $2
    ), written AS (
        INSERT INTO {table} AS t (school_id, {columns})
        SELECT part.school_id, {", ".join(f"w.{name}" for name in names)}
        FROM part, json_populate_recordset(NULL::{table}, part.rows) AS w
        ON CONFLICT (school_id, {", ".join(key)}) DO UPDATE
        SET ({columns}) = ROW ({", ".join(f"excluded.{name}" for name in names)})
    )
    {_tell(kind)}
    """


def _tell(kind: str) -> str:
    return f"""
    SELECT outbox_append(
        part.school_id, array_agg(e.id), array_agg(e.address ->> 'exchange'),
        array_agg(e.address ->> 'routing_key'), array_agg((e.address ->> 'mandatory')::boolean),
        array_agg('{{"id":"' || e.id || '","data":' || e.payload || ',' ||
            substr(e.address ->> 'event', 2))
    )
    FROM part, LATERAL (VALUES
        ($3::uuid, $4::text::jsonb, '{{"{kind}s":' || part.states || '}}'),
        ($5::uuid, $6::text::jsonb, CASE WHEN part.entries <> '[]' THEN
            '{{"service":"roster","entries":' || replace(part.entries, $7, $8) || '}}' END)
    ) AS e (id, address, payload)
    WHERE e.payload IS NOT NULL
    GROUP BY part.school_id
    """


_BETWEEN, _NOTHING = (f"chr({ord(mark)})" for mark in (BETWEEN, NOTHING))
_TYPES = {
    "id": "uuid",
    "version": "integer",
    "date_of_birth": "date",
    "overrides": "text[]",
    **dict.fromkeys(YES_OR_NO, "boolean"),
}
"""Of the columns that are not text."""


@lru_cache(maxsize=100)
def _write_columns(kind: Kind, carried: tuple[str, ...]) -> str:
    """As `_write`, of pupils that are kept by the column."""
    columns = ", ".join(
        f"string_to_array(part.cells[{place}], {_BETWEEN}, {_NOTHING})"
        for place in range(1, len(carried) + 1)
    )
    values = [f"w.{name}::{_TYPES[name]}" if name in _TYPES else f"w.{name}" for name in carried]
    source = f"part, unnest({columns}) AS w ({', '.join(carried)})"
    if kind == "new_pupil":
        fixed = {name: value for name, value in _OF_NEW.items() if name not in carried}
        change = f"""
        INSERT INTO pupils (school_id, {", ".join((*fixed, *carried))})
        SELECT part.school_id, {", ".join((*fixed.values(), *values))} FROM {source}
        """
    else:
        change = f"""
        UPDATE pupils AS t SET ({", ".join(carried[1:])}) = ROW ({", ".join(values[1:])})
        FROM {source} WHERE (t.school_id, t.id) = (part.school_id, w.id::uuid)
        """
    return f"""
    WITH part AS MATERIALIZED (
        SELECT school_id, size, cells, states, entries FROM pupil_import_parts
        WHERE import_id = $1 AND place = $2
    ), written AS ({change})
    {_tell("pupil")}
    """


_OF_NEW = {
    "version": "1",
    "active": "true",
    "former_upns": "'{}'",
    "year_offset": "0",
    "origin": "'import'",
    "overrides": "'{}'",
    "seen_in_mis": "false",
}
"""What all new pupils of an import have."""


@dataclass(frozen=True)
class KeptPart:
    place: int
    kind: Kind
    size: int
    carried: tuple[str, ...]


@dataclass(frozen=True)
class Addresses:
    """Where states of a kind and entries are told (`Announcements.address`), and what says in each
    entry by whom and when."""

    states: str
    entries: str
    entry_start: str


class PartRepository:
    """The parts of imports of the school whose transaction `connection` is in."""

    async def keep(self, connection: Connection, of: PupilImport, parts: Collection[Part]) -> None:
        """Where there are none yet."""
        await connection.executemany(
            "INSERT INTO pupil_import_parts "
            "(school_id, import_id, place, kind, size, rows, states, entries, effects, carried, "
            "cells) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
            [
                (
                    *(of.school_id, of.import_id, place, part.kind, part.size),
                    *(part.rows, part.states, part.entries, part.effects),
                    *(part.carried, part.cells),
                )
                for place, part in enumerate(parts)
            ],
        )

    async def forget(self, connection: Connection, import_id: UUID) -> None:
        await connection.execute("DELETE FROM pupil_import_parts WHERE import_id = $1", import_id)

    async def kept(self, connection: Connection, import_id: UUID) -> list[KeptPart]:
        """In the order in which they are to be written."""
        rows = await connection.fetch(
            "SELECT place, kind, size, carried FROM pupil_import_parts "
            "WHERE import_id = $1 ORDER BY place",
            import_id,
        )
        return [
            KeptPart(row["place"], row["kind"], row["size"], tuple(row["carried"])) for row in rows
        ]

    async def write(
        self, connection: Connection, import_id: UUID, part: KeptPart, to: Addresses
    ) -> None:
        """Into the tables that it is for, and told, in one statement."""
        if part.kind == "changed_pupil":
            # By their key, whatever PostgreSQL supposes of the table.
            await connection.execute("SET LOCAL enable_seqscan = off")
        await connection.execute(
            _write_columns(part.kind, part.carried) if part.carried else _write(part.kind),
            import_id,
            part.place,
            uuid7(),
            to.states,
            uuid7(),
            to.entries,
            STARTS_AN_ENTRY,
            to.entry_start,
        )

    async def effects(self, connection: Connection, import_id: UUID) -> dict[str, list[Any]]:
        """What was done, by kind, in the order in which it was done."""
        rows = await connection.fetch(
            "SELECT kind, carried, cells, effects FROM pupil_import_parts WHERE import_id = $1 "
            "ORDER BY place",
            import_id,
        )
        found: dict[str, list[Any]] = {"pupil": [], "group": [], "link": []}
        for row in rows:
            if row["kind"] == "new_pupil":
                ids = row["cells"][row["carried"].index("id")].split(BETWEEN)
                found["pupil"] += map(effect_of_added, ids)
            else:
                found[row["kind"].rpartition("_")[2]] += orjson.loads(row["effects"])
        return found
