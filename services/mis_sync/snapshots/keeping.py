"""What a school keeps of a snapshot, and forgetting what it keeps no longer (R20, R29).

Optional fields of pupils that are switched off, and contacts where parents do not come from the
MIS, are dropped before anything is written down.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from services.mis_sync.matching.records import OPTIONAL_FIELDS
from shared.contracts.mis import Collection
from shared.database.pool import Connection

__all__ = ["Keeping", "forget_contacts", "forget_fields", "kept_of", "what_is_kept"]


_OF_CONTACTS = (Collection.CONTACTS, Collection.RELATIONSHIPS)


@dataclass(frozen=True)
class Keeping:
    """`fields` are the optional fields of pupils that are kept; `contacts`: whether parents come
    from the MIS."""

    fields: frozenset[str] = frozenset()
    contacts: bool = False


async def what_is_kept(connection: Connection, school_id: UUID) -> Keeping:
    """Nothing of it until roster, and the school's admin, have said so."""
    row = await connection.fetchrow(
        """
        SELECT coalesce((SELECT kept_fields FROM own_schools WHERE school_id = $1), '{}') AS fields,
            coalesce((SELECT parents FROM sync_settings WHERE school_id = $1), false) AS contacts
        """,
        school_id,
    )
    return Keeping(frozenset(row["fields"]), row["contacts"]) if row else Keeping()


def kept_of(records: Sequence[dict[str, Any]], keeping: Keeping) -> list[dict[str, Any]]:
    """The records, JSON-ready, as they are staged. A field that is not kept is as if not said."""
    unkept = {name for name in OPTIONAL_FIELDS if name not in keeping.fields}
    staged = []
    for told in records:
        if told["kind"] in _OF_CONTACTS and not keeping.contacts:
            continue
        said = unkept & told.keys() if told["kind"] == Collection.PUPILS else None
        staged.append({n: v for n, v in told.items() if n not in said} if said else told)
    return staged


async def forget_fields(connection: Connection, school_id: UUID, fields: Iterable[str]) -> None:
    """What the MIS said of these optional fields; who had one is compared anew."""
    names = sorted(fields)
    await connection.execute(
        """
        UPDATE mis_records SET record = record - $2::text[], hash = 'forgotten'
        WHERE school_id = $1 AND kind = 'pupil' AND record ?| $2::text[]
        """,
        school_id,
        names,
    )
    await connection.execute(
        "UPDATE mapping SET optional_hash = NULL, optional_version = NULL "
        "WHERE school_id = $1 AND kind = 'pupil' AND optional_hash IS NOT NULL",
        school_id,
    )
    await connection.execute(
        """
        UPDATE snapshot_chunks SET records = (
            SELECT jsonb_agg(CASE r ->> 'kind' WHEN 'pupil' THEN r - $2::text[] ELSE r END
                ORDER BY place)
            FROM jsonb_array_elements(records) WITH ORDINALITY AS e(r, place))
        WHERE school_id = $1 AND records @? '$[*] ? (@.kind == "pupil")'
        """,
        school_id,
        names,
    )


async def forget_contacts(connection: Connection, school_id: UUID, at: datetime) -> None:
    """All that the MIS said of contacts. The parents whom it made, and their links, stay."""
    await connection.execute("DELETE FROM mis_relationships WHERE school_id = $1", school_id)
    await connection.execute(
        "DELETE FROM mis_records WHERE school_id = $1 AND kind = 'contact'", school_id
    )
    await connection.execute(
        "UPDATE mis_link SET contacts_whole = false WHERE school_id = $1", school_id
    )
    await connection.execute(
        """
        UPDATE differences SET state = 'resolved', version = version + 1, changed_at = $2,
            label = 'A contact in the MIS'
        WHERE school_id = $1 AND mis_kind = 'contact'
        """,
        school_id,
        at,
    )
    await connection.execute(
        """
        UPDATE snapshot_chunks SET records = (
            SELECT coalesce(jsonb_agg(r ORDER BY place), '[]')
            FROM jsonb_array_elements(records) WITH ORDINALITY AS e(r, place)
            WHERE r ->> 'kind' NOT IN ('contact', 'relationship'))
        WHERE school_id = $1
            AND records @? '$[*] ? (@.kind == "contact" || @.kind == "relationship")'
        """,
        school_id,
    )
