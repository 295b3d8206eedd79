"""The SQL of which logo a school has, and which it had."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shared.database.pool import Connection

__all__ = ["Logo", "add", "current", "of_version"]


@dataclass(frozen=True)
class Logo:
    """A logo, or with `digest` `None` that there is none from here on. Sizes are in pixels."""

    version: int
    digest: str | None
    width: int
    height: int
    bytes: int
    uploaded_at: datetime
    uploaded_by: str


_FIND = """
    SELECT version, digest, width, height, bytes, uploaded_at, uploaded_by FROM logos
"""


async def current(connection: Connection) -> Logo | None:
    """The newest of the tenant's; `None` where there never was one."""
    row = await connection.fetchrow(f"{_FIND} ORDER BY version DESC LIMIT 1")
    return Logo(**row) if row else None


async def of_version(connection: Connection, version: int) -> Logo | None:
    """Also one that is no longer in use."""
    row = await connection.fetchrow(f"{_FIND} WHERE version = $1", version)
    return Logo(**row) if row else None


async def add(connection: Connection, school_id: UUID, logo: Logo) -> bool:
    """Whether it is the next one: of two that come at once, one is."""
    done = await connection.execute(
        """
        INSERT INTO logos
            (school_id, version, digest, width, height, bytes, uploaded_at, uploaded_by)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING
        """,
        school_id,
        logo.version,
        logo.digest,
        logo.width,
        logo.height,
        logo.bytes,
        logo.uploaded_at,
        logo.uploaded_by,
    )
    return bool(done == "INSERT 0 1")
