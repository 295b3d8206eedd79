"""All SQL about marks and general comments. Row-level security keeps it to the school."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from services.reports.markbook.mark import CommentKind, Effort, GeneralComment, Mark, MarkValues
from services.reports.terms.term import Term
from shared.contracts.vocabulary import YearGroup
from shared.database.pool import Connection

__all__ = [
    "CommentToKeep",
    "MarkToKeep",
    "find_comments",
    "find_marks",
    "find_term",
    "keep_comment",
    "keep_marks",
    "terms_with_marks",
]

_TERM = "t.id, t.name, t.active, t.first_day, t.last_day, t.proposed, t.academic_year"
_NAME = "nullif(concat_ws(' ', u.title, u.forename, u.surname), '') AS recorded_by"


@dataclass(frozen=True)
class MarkToKeep:
    """`expected` is the version that it takes the place of; 0 where there is none."""

    pupil_id: UUID
    expected: int
    values: MarkValues
    year_group: YearGroup | None


@dataclass(frozen=True)
class CommentToKeep:
    pupil_id: UUID
    kind: CommentKind
    expected: int
    comment: str


async def find_term(connection: Connection, term_id: UUID) -> tuple[Term, str] | None:
    """With its academic year."""
    row = await connection.fetchrow(f"SELECT {_TERM} FROM terms t WHERE t.id = $1", term_id)
    return _term(row) if row else None


async def terms_with_marks(connection: Connection, but_of: str) -> list[tuple[Term, str]]:
    """Of other academic years, the newest first."""
    rows = await connection.fetch(
        f"SELECT {_TERM} FROM terms t WHERE t.academic_year <> $1 AND ("
        "EXISTS (SELECT FROM marks m WHERE m.term_id = t.id) "
        "OR EXISTS (SELECT FROM general_comments c WHERE c.term_id = t.id)) "
        "ORDER BY t.first_day DESC, t.id",
        but_of,
    )
    return [_term(row) for row in rows]


async def find_marks(
    connection: Connection,
    subject_id: UUID,
    term_id: UUID,
    pupils: Collection[UUID],
    *,
    to_change: bool = False,
) -> dict[UUID, Mark]:
    """Those that are there. `to_change`: they stay as they are until the transaction ends."""
    rows = await connection.fetch(
        f"SELECT m.pupil_id, m.version, m.band_id, m.effort, m.comment, m.recorded_at, {_NAME} "
        "FROM marks m LEFT JOIN users u ON u.id = m.recorded_by "
        "WHERE m.subject_id = $1 AND m.term_id = $2 AND m.pupil_id = ANY($3::uuid[]) "
        f"ORDER BY m.pupil_id {'FOR NO KEY UPDATE OF m' if to_change else ''}",
        subject_id,
        term_id,
        list(pupils),
    )
    return {row["pupil_id"]: _mark(row) for row in rows}


async def keep_marks(
    connection: Connection,
    school_id: UUID,
    subject_id: UUID,
    term_id: UUID,
    marks: Sequence[MarkToKeep],
    by: UUID,
    at: datetime,
) -> int:
    """How many were kept: those that are at another version by now were not.

    With the name of each pupil's class of now, of several the first by name.
    """
    status = await connection.execute(
        """
        INSERT INTO marks AS known (school_id, pupil_id, subject_id, term_id, version, band_id,
            effort, comment, year_group, class_name, recorded_at, recorded_by)
        SELECT $1, m.pupil_id, $2, $3, m.expected + 1, m.band_id, m.effort, m.comment,
            m.year_group, (
                SELECT g.name FROM links l JOIN groups g ON g.id = l.group_id
                WHERE l.kind = 'member' AND l.person_id = m.pupil_id AND l.present
                    AND g.active AND g.kind = 'class'
                ORDER BY g.name, g.id LIMIT 1
            ), $4, $5
        FROM unnest($6::uuid[], $7::integer[], $8::uuid[], $9::text[], $10::text[], $11::text[])
            AS m (pupil_id, expected, band_id, effort, comment, year_group)
        ORDER BY m.pupil_id
        ON CONFLICT (school_id, pupil_id, subject_id, term_id) DO UPDATE
        SET version = excluded.version, band_id = excluded.band_id, effort = excluded.effort,
            comment = excluded.comment, year_group = excluded.year_group,
            class_name = coalesce(excluded.class_name, known.class_name),
            recorded_at = excluded.recorded_at, recorded_by = excluded.recorded_by
        WHERE known.version = excluded.version - 1
        """,
        school_id,
        subject_id,
        term_id,
        at,
        by,
        [mark.pupil_id for mark in marks],
        [mark.expected for mark in marks],
        [mark.values.band_id for mark in marks],
        [mark.values.effort for mark in marks],
        [mark.values.comment for mark in marks],
        [mark.year_group for mark in marks],
    )
    return _count(status)


async def find_comments(
    connection: Connection,
    term_id: UUID,
    pupils: Collection[UUID],
    *,
    to_change: bool = False,
) -> dict[tuple[UUID, CommentKind], GeneralComment]:
    rows = await connection.fetch(
        f"SELECT c.pupil_id, c.kind, c.version, c.comment, c.recorded_at, {_NAME} "
        "FROM general_comments c LEFT JOIN users u ON u.id = c.recorded_by "
        "WHERE c.term_id = $1 AND c.pupil_id = ANY($2::uuid[]) "
        f"ORDER BY c.pupil_id, c.kind {'FOR NO KEY UPDATE OF c' if to_change else ''}",
        term_id,
        list(pupils),
    )
    found = [_comment(row) for row in rows]
    return {(one.pupil_id, one.kind): one for one in found}


async def keep_comment(
    connection: Connection,
    school_id: UUID,
    term_id: UUID,
    comment: CommentToKeep,
    by: UUID,
    at: datetime,
) -> int:
    """As `keep_marks`."""
    status = await connection.execute(
        """
        INSERT INTO general_comments AS known
            (school_id, pupil_id, term_id, kind, version, comment, recorded_at, recorded_by)
        VALUES ($1, $2, $3, $4, $5 + 1, $6, $7, $8)
        ON CONFLICT (school_id, pupil_id, term_id, kind) DO UPDATE
        SET version = excluded.version, comment = excluded.comment,
            recorded_at = excluded.recorded_at, recorded_by = excluded.recorded_by
        WHERE known.version = excluded.version - 1
        """,
        school_id,
        comment.pupil_id,
        term_id,
        comment.kind,
        comment.expected,
        comment.comment,
        at,
        by,
    )
    return _count(status)


def _count(status: str) -> int:
    return int(status.rpartition(" ")[2])


def _term(row: Any) -> tuple[Term, str]:
    said = dict(row)
    year: str = said.pop("academic_year")
    return Term(**said), year


def _mark(row: Any) -> Mark:
    effort = Effort(row["effort"]) if row["effort"] else None
    return Mark(
        pupil_id=row["pupil_id"],
        version=row["version"],
        values=MarkValues(row["band_id"], effort, row["comment"]),
        recorded_at=row["recorded_at"],
        recorded_by=row["recorded_by"],
    )


def _comment(row: Any) -> GeneralComment:
    return GeneralComment(**{**dict(row), "kind": CommentKind(row["kind"])})
