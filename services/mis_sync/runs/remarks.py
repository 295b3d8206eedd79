"""Lines of the sync history that tell of something that changed nothing (R16)."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from uuid_utils.compat import uuid7

from services.mis_sync.measures import figures
from shared.database.pool import Connection

__all__ = ["note_refusal", "note_repeated"]

_SAME_REFUSAL_WITHIN = timedelta(hours=1)


async def note_repeated(
    connection: Connection, school_id: UUID, snapshot_id: UUID, at: datetime
) -> None:
    """The line that R16 asks for when a snapshot is sent again."""
    await connection.execute(
        """
        INSERT INTO runs (school_id, id, cause, snapshot_id, state, note, created_at, ended_at)
        VALUES ($1, $2, 'snapshot', $3, 'ignored', $4, $5, $5)
        """,
        school_id,
        uuid7(),
        snapshot_id,
        "The same snapshot was sent again; it changed nothing.",
        at,
    )
    figures.snapshot("ignored")


async def note_refusal(connection: Connection, school_id: UUID, note: str, at: datetime) -> None:
    """One line an hour for one reason, with how often it was, whatever a connector sends."""
    counted = await connection.execute(
        """
        UPDATE runs SET repeats = repeats + 1, ended_at = $4
        WHERE school_id = $1 AND cause = 'refused' AND note = $2 AND created_at > $3
        """,
        school_id,
        note,
        at - _SAME_REFUSAL_WITHIN,
        at,
    )
    if counted == "UPDATE 0":
        await connection.execute(
            """
            INSERT INTO runs (school_id, id, cause, state, note, created_at, ended_at)
            VALUES ($1, $2, 'refused', 'refused', $3, $4, $4)
            """,
            school_id,
            uuid7(),
            note,
            at,
        )
        figures.snapshot("refused")
