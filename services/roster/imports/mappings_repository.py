"""All SQL about what schools said of files with the same headings (R10)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import NamedTuple
from uuid import UUID

from services.roster.imports.pupil_import import How
from shared.database.pool import Connection

__all__ = ["KeptMapping", "MappingRepository"]


class KeptMapping(NamedTuple):
    """Heading → field, by the headings' keys, and how such a file was meant."""

    columns: Mapping[str, str | None]
    how: How


class MappingRepository:
    """`headings` is a digest of all headings of a file."""

    async def find(self, connection: Connection, headings: str) -> KeptMapping:
        """Empty where no such file was looked through before."""
        row = await connection.fetchrow(
            "SELECT columns, how FROM pupil_import_mappings WHERE headings = $1", headings
        )
        if row is None:
            return KeptMapping({}, How())
        return KeptMapping(json.loads(row["columns"]), How(**json.loads(row["how"])))

    async def keep(
        self, connection: Connection, school_id: UUID, headings: str, kept: KeptMapping
    ) -> None:
        await connection.execute(
            "INSERT INTO pupil_import_mappings (school_id, headings, columns, how) "
            "VALUES ($1, $2, $3, $4) ON CONFLICT (school_id, headings) "
            "DO UPDATE SET (columns, how) = (excluded.columns, excluded.how)",
            school_id,
            headings,
            json.dumps(kept.columns),
            json.dumps(asdict(kept.how)),
        )
