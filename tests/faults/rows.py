"""All rows of one school in all services, with ids, times and secrets taken out, to be compared."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

import asyncpg

from shared.database.provision import SERVICES
from shared.database.untenanted import UNTENANTED
from tests.stack import Stack

__all__ = ["SchoolRows", "rows_of"]

SchoolRows = dict[str, Counter[str]]
"""`service.table` → how often each row is there."""

LEFT_OUT = {
    "mis_sync.connectors": "nothing but ids, times and secrets",
    "mis_sync.runs": "how often a run was looked at again says how it went, not what came of it",
    "mis_sync.run_batches": "as the runs",
    "mis_sync.snapshots": "as the runs",
    "mis_sync.snapshot_chunks": "as the runs",
}
COLUMNS_LEFT_OUT = {
    "identity.activity_log.position": "where an entry stood in the event that brought it",
    "identity.activity_log.search_key": "the entry's names once more, folded",
    "roster.schools.roll_version": "statements are counted, and who comes back finds more waiting",
    "roster.links.version": "a link that came before its person waited, and counts one more",
    "identity.teacher_links.version": "as roster's",
    "mis_sync.own_links.version": "as roster's",
    "reports.links.version": "as roster's",
}
SECRET = re.compile(r"password|hash|token|secret|csrf")
BROKER_USER = re.compile(r"c_[0-9a-f]{32}")
UUID_TEXT = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")
TIME_TEXT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d[.\d]*(?:Z|\+\d\d:?\d\d)?")
TABLES = """
SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') ORDER BY 1
"""


async def rows_of(stack: Stack, school_id: str, names: Mapping[str, str]) -> SchoolRows:
    """The school's rows. `names` are the school's own words, each with what stands for it."""
    found: SchoolRows = {}
    connections = {service: await stack.database(service) for service in SERVICES}
    labels = await _labels(connections["roster"], connections["identity"], school_id)
    for service, connection in connections.items():
        for table in await connection.fetch(TABLES):
            place = f"{service}.{table['relname']}"
            if table["relname"] in UNTENANTED[service] or place in LEFT_OUT:
                continue
            rows = await connection.fetch(
                f'SELECT * FROM "{table["relname"]}" WHERE school_id = $1',  # noqa: S608
                UUID(school_id),
            )
            found[place] = Counter(_plain(place, row.items(), labels, names) for row in rows)
        await connection.close()
    return found


async def _labels(
    roster: asyncpg.Connection[asyncpg.Record],
    identity: asyncpg.Connection[asyncpg.Record],
    school_id: str,
) -> dict[str, str]:
    """What an id stands for, so that a link to the wrong pupil is seen as one."""
    pupils = await roster.fetch(
        "SELECT id, concat_ws(' ', 'pupil', upn, legal_forename, legal_surname) AS label"
        " FROM pupils WHERE school_id = $1",
        UUID(school_id),
    )
    groups = await roster.fetch(
        "SELECT id, 'group ' || name AS label FROM groups WHERE school_id = $1", UUID(school_id)
    )
    users = await identity.fetch(
        "SELECT account_id AS id,"
        " concat_ws(' ', 'user', forename, surname, split_part(email, '@', 1)) AS label"
        " FROM accounts WHERE school_id = $1",
        UUID(school_id),
    )
    return {str(row["id"]): row["label"] for row in [*pupils, *groups, *users]}


def _plain(
    place: str, row: Iterable[tuple[str, Any]], labels: Mapping[str, str], names: Mapping[str, str]
) -> str:
    kept = {
        column: "<time>" if isinstance(value, datetime | date) and column.endswith("_at") else value
        for column, value in row
        if not SECRET.search(column) and f"{place}.{column}" not in COLUMNS_LEFT_OUT
    }
    text = json.dumps(kept, default=str, ensure_ascii=False, sort_keys=True)
    text = UUID_TEXT.sub(lambda found: labels.get(found.group(), "<id>"), text)
    text = TIME_TEXT.sub("<time>", BROKER_USER.sub("<broker user>", text))
    for name, stand_in in names.items():
        text = text.replace(name, stand_in)
    return text
