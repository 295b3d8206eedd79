"""The SQL that lays contacts of the MIS beside parents here, without what needs no look (R20).

What a contact says is its record and whose parent it makes them: both are in the hash by which it
is settled.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import asyncpg

from services.mis_sync.matching.contacts import PARENTAL, MisContact, OwnParent
from shared.database.pool import Connection

__all__ = [
    "ContactLook",
    "contacts_of",
    "contacts_to_look_at",
    "leavers_among",
    "name_children",
    "orphans",
    "parents_here",
    "settle_answered",
]


@dataclass(frozen=True)
class ContactLook:
    """A contact that must be looked at; `parent_id` and `origin` are its mapping's, if it has one.

    `missing`: not in the last complete snapshot, for the first time or (`gone`) for good.
    """

    record: MisContact
    hash: str
    missing: bool
    gone: bool
    parent_id: UUID | None
    origin: str | None
    accepted_email: str | None


_CHILDREN = """
of_pupils AS MATERIALIZED (
    SELECT k.contact_mis_id AS mis_id,
        coalesce(array_agg(DISTINCT p.record_id ORDER BY p.record_id) FILTER (
            WHERE k.relationship = ANY($2::text[]) OR k.responsibility), '{}') AS children,
        array_agg(DISTINCT concat_ws(' ',
            coalesce(pr.record ->> 'preferred_forename', pr.record ->> 'legal_forename'),
            coalesce(pr.record ->> 'preferred_surname', pr.record ->> 'legal_surname'))) AS pupils
    FROM mis_relationships k
    JOIN mapping p ON p.school_id = k.school_id AND p.kind = 'pupil' AND p.mis_id = k.pupil_mis_id
    JOIN mis_records pr ON pr.school_id = p.school_id AND pr.kind = 'pupil'
        AND pr.mis_id = p.mis_id AND pr.missing_since IS NULL
    LEFT JOIN own_pupils o ON o.school_id = p.school_id AND o.id = p.record_id
    WHERE k.school_id = $1 AND (o.id IS NOT NULL OR p.record_id = ANY($3::uuid[]))
    GROUP BY k.contact_mis_id
)"""
_STATE = """md5(concat_ws(' ', r.hash, r.missing_since IS NULL, r.gone,
    array_to_string(f.children, ',')))"""
_CONTACTS = f"""
WITH {_CHILDREN},
contacts AS (
    SELECT r.mis_id, r.record, {_STATE} AS state, r.missing_since IS NOT NULL AS missing, r.gone,
        m.record_id AS parent_id, m.origin, m.accepted_email, m.mis_id IS NOT NULL AS mapped,
        f.mis_id IS NOT NULL AS of_pupils, coalesce(f.children, '{{}}') AS children,
        f.pupils,
        bool_or((m.settled_hash, m.settled_version) IS DISTINCT FROM
            ({_STATE}, coalesce(o.version, 0))) OVER (PARTITION BY m.record_id) AS unsettled
    FROM mis_records r
    LEFT JOIN of_pupils f USING (mis_id)
    LEFT JOIN mapping m ON m.school_id = r.school_id AND m.kind = 'contact' AND m.mis_id = r.mis_id
    LEFT JOIN own_parents o ON o.school_id = r.school_id AND o.id = m.record_id
    WHERE r.school_id = $1 AND r.kind = 'contact'
)
SELECT mis_id, record, state, missing, gone, parent_id, origin, accepted_email, children, pupils
FROM contacts
WHERE CASE WHEN $4::uuid[] IS NOT NULL THEN parent_id = ANY($4::uuid[])
    WHEN mapped THEN unsettled
    ELSE of_pupils AND NOT missing END
ORDER BY mis_id COLLATE "C"
"""  # noqa: S608 - text of this module only


async def contacts_to_look_at(
    connection: Connection, school_id: UUID, arriving: Sequence[UUID]
) -> list[ContactLook]:
    """Those who are nobody here yet, and all of each parent of whom one has changed.

    `arriving` are pupils who are made, or made active again, by the same run.
    """
    rows = await connection.fetch(_CONTACTS, school_id, _PARENTAL, list(arriving), None)
    return [_look(row) for row in rows]


async def contacts_of(
    connection: Connection, school_id: UUID, parents: Collection[UUID], arriving: Sequence[UUID]
) -> list[ContactLook]:
    """All contacts that are mapped to one of these."""
    rows = await connection.fetch(_CONTACTS, school_id, _PARENTAL, list(arriving), list(parents))
    return [_look(row) for row in rows]


async def parents_here(connection: Connection, school_id: UUID) -> list[OwnParent]:
    rows = await connection.fetch(
        """
        SELECT o.id, o.version, o.active, o.email, o.title, o.forename, o.surname, o.children,
            o.mis_children, o.kept_apart, o.overrides, c.mapped_to, c.mis_emails
        FROM own_parents o
        LEFT JOIN (
            SELECT m.record_id, min(m.mis_id COLLATE "C") AS mapped_to,
                array_agg(lower(r.record ->> 'email')) FILTER (
                    WHERE r.record ->> 'email' IS NOT NULL) AS mis_emails
            FROM mapping m JOIN mis_records r USING (school_id, kind, mis_id)
            WHERE m.school_id = $1 AND m.kind = 'contact' AND r.missing_since IS NULL
            GROUP BY m.record_id
        ) AS c ON c.record_id = o.id
        WHERE o.school_id = $1 ORDER BY o.id
        """,
        school_id,
    )
    return [_parent(row) for row in rows]


async def leavers_among(
    connection: Connection, school_id: UUID, pupils: Collection[UUID]
) -> set[UUID]:
    """Those whom the MIS had and has no longer; their parents stay theirs."""
    rows = await connection.fetch(
        """
        SELECT m.record_id FROM mapping m JOIN mis_records r USING (school_id, kind, mis_id)
        WHERE m.school_id = $1 AND m.kind = 'pupil' AND m.record_id = ANY($2::uuid[])
        GROUP BY m.record_id HAVING bool_and(r.missing_since IS NOT NULL)
        """,
        school_id,
        list(pupils),
    )
    return {row["record_id"] for row in rows}


async def orphans(connection: Connection, school_id: UUID) -> set[UUID]:
    """Parents with children of the MIS's and no contact there, once it has told of all."""
    rows = await connection.fetch(
        """
        SELECT o.id FROM own_parents o JOIN mis_link l ON l.school_id = o.school_id
        WHERE o.school_id = $1 AND l.contacts_whole AND o.mis_children <> '{}'
            AND NOT EXISTS (
                SELECT 1 FROM mapping m JOIN mis_records r USING (school_id, kind, mis_id)
                WHERE m.school_id = o.school_id AND m.kind = 'contact' AND m.record_id = o.id)
        """,
        school_id,
    )
    return {row["id"] for row in rows}


async def settle_answered(
    connection: Connection, school_id: UUID, answered: Sequence[tuple[UUID, int | None]]
) -> None:
    """(parent, version by the answer): our copy is awaited, and then there is nothing to do."""
    await connection.execute(
        f"""
        WITH {_CHILDREN}
        UPDATE mapping m SET
            awaited_version = greatest(m.awaited_version, coalesce(t.version, 0)),
            settled_hash = {_STATE},
            settled_version = coalesce(t.version, (
                SELECT o.version FROM own_parents o
                WHERE o.school_id = m.school_id AND o.id = m.record_id), 0)
        FROM unnest($4::uuid[], $5::int[]) AS t(parent_id, version), mis_records r
        LEFT JOIN of_pupils f USING (mis_id)
        WHERE m.school_id = $1 AND m.kind = 'contact' AND m.record_id = t.parent_id
            AND r.school_id = m.school_id AND r.kind = m.kind AND r.mis_id = m.mis_id
        """,  # noqa: S608
        school_id,
        _PARENTAL,
        [],
        [parent_id for parent_id, _ in answered],
        [version for _, version in answered],
    )


async def name_children(
    connection: Connection,
    school_id: UUID,
    proposals: Sequence[Mapping[str, Any]],
    here: Mapping[str, dict[str, Any]],
) -> None:
    """Tells of each parent, for the run's record, what those who come and go are called."""
    pupils = {p for one in proposals for p in (*one["link"], *one["unlink"])}
    rows = await connection.fetch(
        """
        SELECT id, concat_ws(' ', coalesce(preferred_forename, legal_forename),
            coalesce(preferred_surname, legal_surname)) AS name
        FROM own_pupils WHERE school_id = $1 AND id = ANY($2::uuid[])
        """,
        school_id,
        sorted(pupils),
    )
    names = {str(row["id"]): row["name"] for row in rows}
    for one in proposals:
        known = here.get(one["parent_id"])
        if known is not None:
            for change in ("link", "unlink"):
                known[change] = sorted(names.get(p, "a new pupil") for p in one[change])


_PARENTAL = sorted(PARENTAL)


def _look(row: asyncpg.Record) -> ContactLook:
    told: dict[str, Any] = json.loads(row["record"])
    return ContactLook(
        record=MisContact(
            mis_id=row["mis_id"],
            title=told.get("title"),
            forename=told.get("forename"),
            surname=told.get("surname"),
            email=told.get("email"),
            children=frozenset(row["children"]),
            pupils=tuple(row["pupils"] or ()),
            said_new=row["origin"] == "person",
        ),
        hash=row["state"],
        missing=row["missing"],
        gone=row["gone"],
        parent_id=row["parent_id"],
        origin=row["origin"],
        accepted_email=row["accepted_email"],
    )


def _parent(row: asyncpg.Record) -> OwnParent:
    known = dict(row)
    for name in ("children", "mis_children", "kept_apart", "overrides"):
        known[name] = frozenset(known[name])
    known["mis_emails"] = frozenset(known["mis_emails"] or ())
    return OwnParent(**known)
