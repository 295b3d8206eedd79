"""The preview of an import, held against the roll as it is, and kept row by row."""

from __future__ import annotations

from services.roster.imports.pupil_import import PupilImport
from services.roster.schools.repository import School
from shared.database.pool import Connection

__all__ = ["Preview"]


class Preview:
    async def kept_fields(self, connection: Connection) -> frozenset[str]:
        return frozenset()

    async def look_through(
        self, connection: Connection, school: School, wanted: PupilImport
    ) -> PupilImport:
        raise NotImplementedError
