"""The SQL of who would be gone after a snapshot that is held, as a person reads it (R18)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from shared.database.pool import Connection

__all__ = ["Gone", "groups_named", "parents_named", "pupils_named"]


@dataclass(frozen=True)
class Gone:
    """A record here that the snapshot does not have, or a parent who would lose a child.

    `groups`: the classes and sets of a pupil; of a parent, the children whom the MIS gave them.
    """

    kind: str
    id: UUID
    label: str
    year_group: str | None
    groups: Sequence[str]


async def pupils_named(connection: Connection, school_id: UUID, ids: Sequence[UUID]) -> list[Gone]:
    """By year group's name, then by name."""
    rows = await connection.fetch(
        """
        SELECT 'pupil' AS kind, p.id, p.year_group,
            concat_ws(' ', coalesce(p.preferred_forename, p.legal_forename),
                coalesce(p.preferred_surname, p.legal_surname)) AS label,
            ARRAY(SELECT g.name FROM own_links l
                JOIN own_groups g ON g.school_id = l.school_id AND g.id = l.group_id AND g.active
                WHERE l.school_id = p.school_id AND l.kind = 'member' AND l.person_id = p.id
                    AND l.present ORDER BY g.kind, g.name) AS groups
        FROM own_pupils p
        WHERE p.school_id = $1 AND p.id = ANY($2::uuid[])
        ORDER BY coalesce(p.preferred_surname, p.legal_surname),
            coalesce(p.preferred_forename, p.legal_forename), p.id
        """,
        school_id,
        list(ids),
    )
    return [Gone(**row) for row in rows]


async def groups_named(connection: Connection, school_id: UUID, ids: Sequence[UUID]) -> list[Gone]:
    rows = await connection.fetch(
        """
        SELECT 'group' AS kind, id, name AS label, year_group, ARRAY[]::text[] AS groups
        FROM own_groups WHERE school_id = $1 AND id = ANY($2::uuid[]) ORDER BY name, id
        """,
        school_id,
        list(ids),
    )
    return [Gone(**row) for row in rows]


async def parents_named(connection: Connection, school_id: UUID, ids: Sequence[UUID]) -> list[Gone]:
    rows = await connection.fetch(
        """
        SELECT 'parent' AS kind, o.id, concat_ws(' ', o.forename, o.surname) AS label,
            NULL AS year_group,
            ARRAY(SELECT concat_ws(' ', coalesce(p.preferred_forename, p.legal_forename),
                    coalesce(p.preferred_surname, p.legal_surname))
                FROM own_pupils p WHERE p.school_id = o.school_id AND p.id = ANY(o.mis_children)
                ORDER BY 1) AS groups
        FROM own_parents o WHERE o.school_id = $1 AND o.id = ANY($2::uuid[])
        ORDER BY o.surname, o.forename, o.id
        """,
        school_id,
        list(ids),
    )
    return [Gone(**row) for row in rows]
