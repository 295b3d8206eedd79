"""The SQL of the activity log, which can be added to and read, by database rights (R9)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from services.identity.activity.entry import ActorFound, Entry, Place, Wanted
from shared.contracts.activity import ActivityEntry, ActivityRecorded, Subject
from shared.contracts.envelope import Event
from shared.database.pool import Connection
from shared.school.names import search_key

__all__ = [
    "actions",
    "actors",
    "append",
    "count_entries",
    "count_lines",
    "entries_after",
    "lines_after",
]

_COLUMNS = """at, event_id, position, service, actor_kind, actor_account_id, actor_name,
    actor_authenticator, action,
    subject_kind, subject_id, subject_label, before, after"""


def _filter(log: str) -> str:
    return f"""($1::timestamptz IS NULL OR {log}.at >= $1)
    AND ($2::timestamptz IS NULL OR {log}.at < $2)
    AND ($3::text IS NULL OR {log}.actor_kind = $3)
    AND ($4::uuid IS NULL OR {log}.actor_account_id = $4)
    AND ($5::text IS NULL OR {log}.subject_kind = $5)
    AND ($6::text IS NULL OR {log}.action = $6)
    AND ($7::uuid IS NULL OR {log}.event_id = $7)
    AND ($8::text[] = '{{}}'
        OR {log}.search_key LIKE ALL ($8))
    AND ($9::uuid IS NULL OR {log}.subject_id = $9
        OR ({log}.subject_kind = 'link' AND {log}.after ->> 'person_id' = $9::text))"""


_FILTER = _filter("log")
_BEYOND = """($10::timestamptz IS NULL
    OR (log.at, log.event_id, log.position) < ($10, $11::uuid, $12::integer))"""
_ORDER = "ORDER BY log.at DESC, log.event_id DESC, log.position DESC LIMIT $13"
_FIRST_OF_ITS_LINE = f"""NOT EXISTS (
    SELECT FROM activity_log AS other
    WHERE other.event_id = log.event_id AND other.action = log.action
        AND (other.at, other.position) > (log.at, log.position) AND {_filter("other")})"""
_ALIKE = f"""(SELECT count(*) FROM activity_log AS other
    WHERE other.event_id = log.event_id AND other.action = log.action AND {_filter("other")})"""


async def append(
    connection: Connection, school_id: UUID, events: Sequence[Event[ActivityRecorded]]
) -> None:
    """The entries of these events, each under its event's id and its place in it."""
    rows = [
        _row(school_id, event, position, entry, subject)
        for event in events
        for position, (entry, subject) in enumerate(
            (entry, one) for entry in event.data.entries for one in (entry.subject, *entry.also)
        )
    ]
    await connection.execute(
        "INSERT INTO activity_log SELECT * "
        "FROM jsonb_populate_recordset(NULL::activity_log, $1::jsonb)",
        json.dumps(rows, default=str),
    )


def _row(
    school_id: UUID,
    event: Event[ActivityRecorded],
    position: int,
    entry: ActivityEntry,
    subject: Subject,
) -> dict[str, Any]:
    return {
        "school_id": school_id,
        "event_id": event.id,
        "position": position,
        "service": event.data.service,
        "at": entry.at,
        "actor_kind": entry.actor.kind,
        "actor_account_id": entry.actor.account_id,
        "actor_name": entry.actor.name,
        "actor_authenticator": entry.actor.authenticator,
        "action": entry.action,
        "subject_kind": subject.kind,
        "subject_id": subject.id,
        "subject_label": subject.label,
        "before": entry.before,
        "after": entry.after,
    }


async def entries_after(
    connection: Connection, wanted: Wanted, after: Place | None, limit: int
) -> list[Entry]:
    """From the one after `after` on, each by itself."""
    rows = await connection.fetch(
        f"SELECT {_COLUMNS}, 1 AS alike FROM activity_log AS log "
        f"WHERE {_FILTER} AND {_BEYOND} {_ORDER}",
        *_values(wanted),
        *_place(after),
        limit,
    )
    return [_entry(row) for row in rows]


async def lines_after(
    connection: Connection, wanted: Wanted, after: Place | None, limit: int
) -> list[Entry]:
    """As `entries_after`, where those of one event with the same action are one line."""
    rows = await connection.fetch(
        f"SELECT {_COLUMNS}, {_ALIKE} AS alike FROM activity_log AS log "
        f"WHERE {_FILTER} AND {_BEYOND} AND {_FIRST_OF_ITS_LINE} {_ORDER}",
        *_values(wanted),
        *_place(after),
        limit,
    )
    return [_entry(row) for row in rows]


async def count_entries(connection: Connection, wanted: Wanted) -> int:
    query = f"SELECT count(*) FROM activity_log AS log WHERE {_FILTER}"
    return int(await connection.fetchval(query, *_values(wanted)))


async def count_lines(connection: Connection, wanted: Wanted) -> int:
    query = (
        "SELECT count(*) FROM (SELECT DISTINCT event_id, action FROM activity_log AS log "
        f"WHERE {_FILTER}) AS lines"
    )
    return int(await connection.fetchval(query, *_values(wanted)))


_ACTORS = """
WITH RECURSIVE found AS (
    (SELECT actor_kind, actor_account_id, actor_name FROM activity_log
     ORDER BY actor_kind, actor_account_id, at DESC LIMIT 1)
    UNION ALL
    SELECT next.actor_kind, next.actor_account_id, next.actor_name
    FROM found CROSS JOIN LATERAL (
        (SELECT 1 AS step, log.actor_kind, log.actor_account_id, log.actor_name
         FROM activity_log AS log
         WHERE log.actor_kind = found.actor_kind AND log.actor_account_id > found.actor_account_id
         ORDER BY log.actor_kind, log.actor_account_id, log.at DESC LIMIT 1)
        UNION ALL
        (SELECT 2, log.actor_kind, log.actor_account_id, log.actor_name
         FROM activity_log AS log
         WHERE log.actor_kind = found.actor_kind AND log.actor_account_id IS NULL
            AND found.actor_account_id IS NOT NULL
         ORDER BY log.actor_kind, log.actor_account_id, log.at DESC LIMIT 1)
        UNION ALL
        (SELECT 3, log.actor_kind, log.actor_account_id, log.actor_name
         FROM activity_log AS log
         WHERE log.actor_kind > found.actor_kind
         ORDER BY log.actor_kind, log.actor_account_id, log.at DESC LIMIT 1)
        ORDER BY step LIMIT 1
    ) AS next
)
SELECT actor_kind, actor_account_id, actor_name FROM found
"""
_ACTIONS = """
WITH RECURSIVE found AS (
    (SELECT action FROM activity_log ORDER BY action LIMIT 1)
    UNION ALL
    SELECT next.action FROM found CROSS JOIN LATERAL (
        SELECT log.action FROM activity_log AS log
        WHERE log.action > found.action ORDER BY log.action LIMIT 1
    ) AS next
)
SELECT action FROM found ORDER BY action
"""
"""PostgreSQL has no skip scan for DISTINCT: each step looks the next one up in the index, so what a
list costs is how many it has, and not how long the log is."""


async def actors(connection: Connection) -> list[ActorFound]:
    """Everyone who stands in the school's log, by their newest name."""
    return [ActorFound(*row) for row in await connection.fetch(_ACTORS)]


async def actions(connection: Connection) -> list[str]:
    """Everything that was ever done in the school."""
    return [row["action"] for row in await connection.fetch(_ACTIONS)]


def _values(wanted: Wanted) -> tuple[Any, ...]:
    # The folded search holds letters, digits and spaces only, so nothing in it is a wildcard.
    words = search_key(wanted.search or "").split()
    return (
        wanted.since,
        wanted.until,
        wanted.actor_kind,
        wanted.actor_account_id,
        wanted.subject_kind,
        wanted.action,
        wanted.event_id,
        [f"%{word}%" for word in words],
        wanted.about,
    )


def _place(after: Place | None) -> tuple[Any, ...]:
    return (after.at, after.event_id, after.position) if after else (None, None, None)


def _entry(row: Any) -> Entry:
    values = dict(row)
    place = Place(values.pop("at"), values.pop("event_id"), values.pop("position"))
    before, after = (json.loads(values.pop(name) or "null") or {} for name in ("before", "after"))
    return Entry(place=place, before=before, after=after, **values)
