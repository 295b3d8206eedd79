"""The SQL of what a person does to the mapping: keep, move, take apart, ask again (R19, R20)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.mis_sync.mapping.repository import Mapped, keep
from shared.database.pool import Connection

__all__ = [
    "MappedRow",
    "ask_again",
    "holder_label",
    "keep_by_hand",
    "known_here",
    "lock_mapped",
    "mapped_label",
    "record_label",
    "take_apart",
]

_NAMES = {
    "pupil": (
        "own_pupils",
        "concat_ws(' ', coalesce(o.preferred_forename, o.legal_forename),"
        " coalesce(o.preferred_surname, o.legal_surname))",
    ),
    "group": ("own_groups", "o.name"),
    "staff": ("own_users", "concat_ws(' ', o.forename, o.surname)"),
    "contact": ("own_parents", "concat_ws(' ', o.forename, o.surname)"),
}
MIS_LABEL = """
coalesce(
    nullif(concat_ws(' ',
        coalesce(r.record ->> 'preferred_forename', r.record ->> 'legal_forename',
                 r.record ->> 'forename', r.record ->> 'name'),
        coalesce(r.record ->> 'preferred_surname', r.record ->> 'legal_surname',
                 r.record ->> 'surname')), ''),
    r.mis_id)"""


@dataclass(frozen=True)
class MappedRow:
    """One record of the MIS and the record here that it is, locked for a change."""

    kind: str
    mis_id: str
    label: str
    record_id: UUID
    origin: str
    reason: str
    version: int
    made_by: str | None
    made_at: datetime
    here_label: str | None


async def lock_mapped(
    connection: Connection, school_id: UUID, keys: list[tuple[str, str]]
) -> dict[tuple[str, str], MappedRow]:
    """By (kind, MIS id). What is not mapped is left out."""
    rows = await connection.fetch(
        f"""
        SELECT m.kind, m.mis_id, {MIS_LABEL} AS label, m.record_id, m.origin, m.reason, m.version,
            m.made_by, m.made_at, CASE m.kind
                {
            "".join(
                f"WHEN '{kind}' THEN (SELECT {name} FROM {own} o"
                " WHERE o.school_id = m.school_id AND o.id = m.record_id) "
                for kind, (own, name) in _NAMES.items()
            )
        } END AS here_label
        FROM mapping m JOIN mis_records r USING (school_id, kind, mis_id)
        WHERE m.school_id = $1 AND (m.kind, m.mis_id) IN (
            SELECT * FROM unnest($2::text[], $3::text[]))
        ORDER BY m.kind, m.mis_id FOR UPDATE OF m
        """,  # noqa: S608 - names of this module only
        school_id,
        [kind for kind, _ in keys],
        [mis_id for _, mis_id in keys],
    )
    return {(row["kind"], row["mis_id"]): MappedRow(**dict(row)) for row in rows}


async def keep_by_hand(
    connection: Connection,
    school_id: UUID,
    key: tuple[str, str],
    record_id: UUID,
    by: str,
    at: datetime,
) -> None:
    """A person said that it is this record; whatever was taken apart before is decided now."""
    kind, mis_id = key
    mapped = Mapped(kind, mis_id, record_id, "person", "a person's decision", made_by=by)
    await keep(connection, school_id, [mapped], at)
    await connection.execute(
        "DELETE FROM taken_apart WHERE school_id = $1 AND kind = $2 AND mis_id = $3",
        school_id,
        kind,
        mis_id,
    )


async def take_apart(
    connection: Connection, school_id: UUID, mapped: MappedRow, by: str, at: datetime
) -> None:
    """It is not that record: nothing matches it by itself again until somebody has decided."""
    await connection.execute(
        "DELETE FROM mapping WHERE school_id = $1 AND kind = $2 AND mis_id = $3",
        school_id,
        mapped.kind,
        mapped.mis_id,
    )
    await connection.execute(
        """
        INSERT INTO taken_apart (school_id, kind, mis_id, record_id, taken_by, taken_at)
        VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT (school_id, kind, mis_id) DO UPDATE SET record_id = excluded.record_id,
            taken_by = excluded.taken_by, taken_at = excluded.taken_at
        """,
        school_id,
        mapped.kind,
        mapped.mis_id,
        mapped.record_id,
        by,
        at,
    )


async def ask_again(connection: Connection, school_id: UUID, at: datetime) -> None:
    """What was taken apart, was gone from the MIS and is back is still to be decided."""
    await connection.execute(
        """
        UPDATE differences d SET state = 'open', version = version + 1, created_at = $2,
            changed_at = $2
        FROM taken_apart a JOIN mis_records r USING (school_id, kind, mis_id)
        WHERE d.school_id = $1 AND a.school_id = d.school_id AND a.kind = d.mis_kind
            AND a.mis_id = d.key AND d.state = 'resolved' AND d.reason_code = 'taken_apart'
            AND r.missing_since IS NULL
        """,
        school_id,
        at,
    )


async def record_label(
    connection: Connection, school_id: UUID, kind: str, record_id: UUID
) -> str | None:
    """What a record here is called; `None` where there is none of that kind."""
    own, name = _NAMES[kind]
    label: str | None = await connection.fetchval(
        f"SELECT {name} FROM {own} o WHERE o.school_id = $1 AND o.id = $2",  # noqa: S608
        school_id,
        record_id,
    )
    return label


async def mapped_label(
    connection: Connection, school_id: UUID, kind: str, mis_id: str
) -> str | None:
    """What the record is called that a record of the MIS is mapped to, if it is and it is here."""
    record_id = await connection.fetchval(
        "SELECT record_id FROM mapping WHERE school_id = $1 AND kind = $2 AND mis_id = $3",
        school_id,
        kind,
        mis_id,
    )
    return await record_label(connection, school_id, kind, record_id) if record_id else None


async def holder_label(connection: Connection, school_id: UUID, kind: str, mis_id: str) -> str:
    """What a record of the MIS is called there."""
    label: str | None = await connection.fetchval(
        f"""
        SELECT {MIS_LABEL} FROM mis_records r
        WHERE r.school_id = $1 AND r.kind = $2 AND r.mis_id = $3
        """,  # noqa: S608
        school_id,
        kind,
        mis_id,
    )
    return label or mis_id


_THEIRS_ALONE = {
    "pupil": """
        upper(regexp_replace(r.record ->> 'upn', '\\s', '', 'g'))
            = ANY(array_append(o.former_upns, o.upn))
        OR r.record -> 'former_upns' ? o.upn""",
    "staff": """
        lower(btrim(r.record ->> 'email')) = lower(btrim(o.email))
        OR $4 AND lower(btrim(r.record ->> 'staff_code')) = lower(btrim(o.staff_code))""",
}


async def known_here(
    connection: Connection, school_id: UUID, kind: str, mis_id: str, *, by_code: bool
) -> str | None:
    """Who here has the UPN or the e-mail address (`by_code`: or the staff code) of a MIS record.

    A second record with the same one is refused by its owner, or would be matched to the first.
    """
    fits = _THEIRS_ALONE.get(kind)
    if fits is None:
        return None
    own, name = _NAMES[kind]
    label: str | None = await connection.fetchval(
        f"""
        SELECT {name} FROM mis_records r JOIN {own} o ON o.school_id = r.school_id AND ({fits})
        WHERE r.school_id = $1 AND r.kind = $2 AND r.mis_id = $3 AND $4::bool IS NOT NULL
        ORDER BY o.id LIMIT 1
        """,  # noqa: S608
        school_id,
        kind,
        mis_id,
        by_code,
    )
    return label
