"""The SQL that lays the two sides of a comparison side by side, without what needs no look.

A mapped record whose two sides stand as they were compared last is settled and never leaves the
database.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Generic, TypeVar
from uuid import UUID

import asyncpg

from services.mis_sync.matching.records import (
    OPTIONAL_FIELDS,
    MisGroup,
    MisPupil,
    MisStaff,
    OwnGroup,
    OwnPupil,
    OwnUser,
)
from services.mis_sync.runs.optional_fields import OPTIONAL_ANSWERED
from shared.database.pool import Connection
from shared.school.upn import normalise_upn

__all__ = [
    "Look",
    "groups_here",
    "groups_to_look_at",
    "pupils_here",
    "pupils_to_look_at",
    "staff_to_look_at",
    "users_here",
]

R = TypeVar("R", MisPupil, MisGroup, MisStaff)


@dataclass(frozen=True)
class Look(Generic[R]):
    """One record that must be looked at. `record_id` and `origin` are its mapping's, if it has one.

    `own_version` is 0 where nothing here has that id: it is new and was not made yet.
    """

    record: R
    hash: str
    gone: bool
    record_id: UUID | None
    origin: str | None
    accepted_upn: str | None
    accepted_email: str | None
    own_version: int
    compared_before: bool


def _to_look_at(kind: str, own: str, extra: str = "") -> str:
    return f"""
        SELECT r.mis_id, r.record, r.hash, r.gone, m.record_id, m.origin, m.accepted_upn,
            m.accepted_email,
            coalesce(o.version, 0) AS own_version,
            m.settled_hash IS NOT NULL AS compared_before {extra}
        FROM mis_records r
        LEFT JOIN mapping m USING (school_id, kind, mis_id)
        LEFT JOIN {own} o ON o.school_id = r.school_id AND o.id = m.record_id
        WHERE r.school_id = $1 AND r.kind = '{kind}' AND CASE
            WHEN m.mis_id IS NULL THEN r.missing_since IS NULL AND NOT EXISTS (
                SELECT 1 FROM taken_apart a WHERE a.school_id = r.school_id
                    AND a.kind = r.kind AND a.mis_id = r.mis_id)
            ELSE (r.missing_since IS NULL OR r.gone)
                AND (m.settled_hash, m.settled_version)
                    IS DISTINCT FROM (r.hash, coalesce(o.version, 0)) END
        ORDER BY r.mis_id COLLATE "C"
    """  # noqa: S608 - names of this module only


_PUPILS = _to_look_at(
    "pupil",
    "own_pupils",
    f""",
    CASE WHEN o.id IS NULL THEN (
        SELECT array_agg(g.record ->> 'name' ORDER BY g.mis_id)
        FROM mis_relations k
        JOIN mis_records g ON g.school_id = k.school_id AND g.kind = 'group'
            AND g.mis_id = k.group_mis_id AND g.missing_since IS NULL
        WHERE k.school_id = r.school_id AND k.kind = 'member' AND k.person_mis_id = r.mis_id
            AND g.record ->> 'name' IS NOT NULL
    ) END AS class_names, {OPTIONAL_ANSWERED} AS optional_answered""",  # noqa: S608
)
_GROUPS = _to_look_at("group", "own_groups")
_STAFF = _to_look_at(
    "staff",
    "own_users",
    """, taught.teaches, taught.teaches_mapped""",
).replace(
    "WHERE r.school_id",
    """CROSS JOIN LATERAL (
            SELECT count(*) AS teaches, count(gm.mis_id) AS teaches_mapped
            FROM mis_relations k
            JOIN mis_records g ON g.school_id = k.school_id AND g.kind = 'group'
                AND g.mis_id = k.group_mis_id AND g.missing_since IS NULL
            LEFT JOIN mapping gm ON gm.school_id = g.school_id AND gm.kind = 'group'
                AND gm.mis_id = g.mis_id
            WHERE k.school_id = r.school_id AND k.kind = 'teacher' AND k.person_mis_id = r.mis_id
        ) AS taught
        WHERE r.school_id""",
    1,
)
# What a person took apart is kept for them to decide: meanwhile nobody else is it by themselves.
_MAPPED_TO = """(
    SELECT min(m.mis_id) FROM (
        SELECT school_id, kind, mis_id FROM mapping
        WHERE school_id = o.school_id AND kind = '{kind}' AND record_id = o.id
        UNION ALL SELECT school_id, kind, mis_id FROM taken_apart
        WHERE school_id = o.school_id AND kind = '{kind}' AND record_id = o.id
    ) AS m JOIN mis_records r USING (school_id, kind, mis_id)
    WHERE r.missing_since IS NULL) AS mapped_to"""


async def pupils_to_look_at(connection: Connection, school_id: UUID) -> list[Look[MisPupil]]:
    rows = await connection.fetch(_PUPILS, school_id)
    return [_look(row, _mis_pupil(row)) for row in rows]


async def groups_to_look_at(connection: Connection, school_id: UUID) -> list[Look[MisGroup]]:
    rows = await connection.fetch(_GROUPS, school_id)
    return [_look(row, _mis_group(row)) for row in rows]


async def staff_to_look_at(connection: Connection, school_id: UUID) -> list[Look[MisStaff]]:
    rows = await connection.fetch(_STAFF, school_id)
    return [_look(row, _mis_staff(row)) for row in rows]


async def pupils_here(
    connection: Connection, school_id: UUID, looks: Sequence[Look[MisPupil]]
) -> list[OwnPupil]:
    """The pupils who may be meant: mapped, or with the UPNs or the birthday of those looked at."""
    records = [look.record for look in looks]
    upns = {normalise_upn(upn) for r in records for upn in (r.upn, *r.former_upns) if upn}
    rows = await connection.fetch(
        f"""
        SELECT o.id, o.version, o.active, o.upn, o.former_upns, o.legal_forename, o.legal_surname,
            o.preferred_forename, o.preferred_surname, o.middle_names, o.date_of_birth, o.sex,
            o.year_group, o.origin, o.overrides, {_MAPPED_TO.format(kind="pupil")}
        FROM own_pupils o
        WHERE o.school_id = $1 AND (o.id = ANY($2::uuid[]) OR o.upn = ANY($3::text[])
            OR o.former_upns && $3::text[] OR o.date_of_birth = ANY($4::date[]))
        """,  # noqa: S608
        school_id,
        [look.record_id for look in looks if look.record_id],
        sorted(upns),
        sorted({r.date_of_birth for r in records if r.date_of_birth}),
    )
    return [
        OwnPupil(
            **{
                **row,
                "former_upns": tuple(row["former_upns"]),
                "overrides": frozenset(row["overrides"]),
            }
        )
        for row in map(dict, rows)
    ]


async def groups_here(connection: Connection, school_id: UUID) -> list[OwnGroup]:
    rows = await connection.fetch(
        f"""
        SELECT o.id, o.version, o.active, o.name, o.kind, o.year_group, o.origin, o.overrides,
            {_MAPPED_TO.format(kind="group")}
        FROM own_groups o WHERE o.school_id = $1 ORDER BY o.id
        """,  # noqa: S608
        school_id,
    )
    return [
        OwnGroup(**{**row, "overrides": frozenset(row["overrides"])}) for row in map(dict, rows)
    ]


async def users_here(connection: Connection, school_id: UUID) -> list[OwnUser]:
    rows = await connection.fetch(
        f"""
        SELECT o.id, o.version, o.active, o.forename, o.surname, o.email, o.staff_code,
            o.title, o.overrides, {_MAPPED_TO.format(kind="staff")}
        FROM own_users o WHERE o.school_id = $1 ORDER BY o.id
        """,  # noqa: S608
        school_id,
    )
    return [OwnUser(**{**row, "overrides": frozenset(row["overrides"])}) for row in map(dict, rows)]


def _look(row: asyncpg.Record, record: R) -> Look[R]:
    return Look(
        record,
        row["hash"],
        row["gone"],
        row["record_id"],
        row["origin"],
        row["accepted_upn"],
        row["accepted_email"],
        row["own_version"],
        row["compared_before"],
    )


def _mis_pupil(row: asyncpg.Record) -> MisPupil:
    told = json.loads(row["record"])
    born = told.get("date_of_birth")
    return MisPupil(
        mis_id=row["mis_id"],
        upn=told.get("upn"),
        former_upns=tuple(told.get("former_upns", ())),
        legal_forename=told.get("legal_forename"),
        legal_surname=told.get("legal_surname"),
        preferred_forename=told.get("preferred_forename"),
        preferred_surname=told.get("preferred_surname"),
        middle_names=told.get("middle_names"),
        date_of_birth=date.fromisoformat(born) if born else None,
        sex=told.get("sex"),
        year_group=told.get("year_group"),
        class_names=tuple(row["class_names"] or ()),
        optional={}
        if row["optional_answered"]
        else {name: told[name] for name in OPTIONAL_FIELDS if name in told},
    )


def _mis_group(row: asyncpg.Record) -> MisGroup:
    told = json.loads(row["record"])
    return MisGroup(
        mis_id=row["mis_id"],
        name=told.get("name"),
        kind=told.get("group_kind"),
        year_group=told.get("year_group"),
    )


def _mis_staff(row: asyncpg.Record) -> MisStaff:
    told = json.loads(row["record"])
    return MisStaff(
        mis_id=row["mis_id"],
        staff_code=told.get("staff_code"),
        title=told.get("title"),
        forename=told.get("forename"),
        surname=told.get("surname"),
        email=told.get("email"),
        teaches=row["teaches"],
        teaches_mapped=row["teaches_mapped"],
    )
