"""All SQL about which online reports parents see, and who was told of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from shared.database.pool import Connection

__all__ = [
    "call_off",
    "keep_mail",
    "lock_publication",
    "mails_of",
    "never_sent",
    "parents_of",
    "published_pupils",
    "take",
]


async def lock_publication(connection: Connection, publication_id: UUID) -> None:
    """Whatever is heard of one publication is settled one after the other."""
    await connection.execute(
        "SELECT pg_advisory_xact_lock(hashtextextended('online_reports ' || $1, 0))",
        str(publication_id),
    )


async def take(
    connection: Connection,
    school_id: UUID,
    publication_id: UUID,
    version: int,
    pupils: Sequence[UUID],
    *,
    published: bool,
) -> bool:
    """Whether that was newer than what is known, of any of them."""
    rows = await connection.fetch(
        "INSERT INTO online_reports AS known (school_id, publication_id, pupil_id, version, "
        "published) SELECT $1, $2, pupil_id, $3, $5 FROM unnest($4::uuid[]) AS p (pupil_id) "
        "ON CONFLICT (school_id, publication_id, pupil_id) DO UPDATE "
        "SET version = excluded.version, published = excluded.published "
        "WHERE excluded.version > known.version RETURNING pupil_id",
        school_id,
        publication_id,
        version,
        list(pupils),
        published,
    )
    return bool(rows)


async def published_pupils(connection: Connection, publication_id: UUID) -> set[UUID]:
    rows = await connection.fetch(
        "SELECT pupil_id FROM online_reports WHERE publication_id = $1 AND published",
        publication_id,
    )
    return {row["pupil_id"] for row in rows}


async def parents_of(connection: Connection, pupils: Sequence[UUID]) -> list[UUID]:
    """Accounts that are linked to one of them; what they see is not said yet."""
    rows = await connection.fetch(
        "SELECT DISTINCT account_id FROM parent_children "
        "WHERE pupil_id = ANY ($1::uuid[]) AND present ORDER BY account_id",
        list(pupils),
    )
    return [row["account_id"] for row in rows]


async def mails_of(connection: Connection, publication_id: UUID) -> dict[UUID, UUID]:
    """Which mail told whom of it."""
    rows = await connection.fetch(
        "SELECT account_id, mail_id FROM online_report_mails WHERE publication_id = $1",
        publication_id,
    )
    return {row["account_id"]: row["mail_id"] for row in rows}


async def keep_mail(
    connection: Connection, school_id: UUID, publication_id: UUID, parent: UUID, mail_id: UUID
) -> None:
    await connection.execute(
        "INSERT INTO online_report_mails (school_id, publication_id, account_id, mail_id) "
        "VALUES ($1, $2, $3, $4) ON CONFLICT (school_id, publication_id, account_id) "
        "DO UPDATE SET mail_id = excluded.mail_id",
        school_id,
        publication_id,
        parent,
        mail_id,
    )


async def call_off(connection: Connection, mails: Sequence[UUID], now: datetime) -> None:
    """Those that have not gone yet never will."""
    await connection.execute(
        "SELECT mails_call_off($1, $2, $3)",
        list(mails),
        "the reports that it tells of were withdrawn",
        now,
    )


async def never_sent(connection: Connection, mails: Sequence[UUID]) -> set[UUID]:
    rows = await connection.fetch("SELECT mails_never_sent($1) AS mail_id", list(mails))
    return {row["mail_id"] for row in rows}
