"""How the command line shows a snapshot: as lines for people, as JSON for programs."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from services.mis_sync.connectors.messages import Outgoing
from services.mis_sync.connectors.snapshot import AnyRecord, Snapshot
from shared.contracts.envelope import Payload
from shared.contracts.mis import Collection

__all__ = ["as_json", "as_lines", "summary"]

FIRST_RECORDS = 3
_FORMATS = {
    "oneroster-csv": "OneRoster",
    "oneroster-rest": "OneRoster service",
    "ctf": "Common Transfer File",
    "csv": "CSV tables",
    "wonde": "Wonde",
}
_PLURALS = {
    Collection.PUPILS: "pupils",
    Collection.STAFF: "staff",
    Collection.GROUPS: "groups",
    Collection.MEMBERSHIPS: "memberships",
    Collection.TEACHINGS: "teachings",
    Collection.CONTACTS: "contacts",
    Collection.RELATIONSHIPS: "relationships",
}


def summary(snapshot: Snapshot, snapshot_id: UUID, chunks: int) -> dict[str, Any]:
    """What the snapshot is, without its records."""
    return {
        "snapshot_id": str(snapshot_id),
        "taken_at": snapshot.taken_at.isoformat(),
        "source": snapshot.source.model_dump(mode="json"),
        "about": list(snapshot.about),
        "academic_year": snapshot.academic_year,
        "complete": sorted(collection.value for collection in snapshot.complete),
        "counts": {c.value: count for c, count in snapshot.counts().items()},
        "chunks": chunks,
        "remarks": [
            {
                "remark": each.slug,
                "sentence": each.remark.value,
                "count": each.count,
                "examples": list(each.examples),
            }
            for each in snapshot.remarks
        ],
    }


def as_json(
    snapshot: Snapshot,
    snapshot_id: UUID,
    messages: Sequence[Outgoing[Payload]],
    *,
    published: bool,
    whole: bool,
) -> str:
    """The summary, and with `whole` every message as it is published."""
    content = {"published": published, **summary(snapshot, snapshot_id, len(messages) - 2)}
    if whole:
        content["messages"] = [json.loads(message.body) for message in messages]
    return json.dumps(content, ensure_ascii=False, indent=2)


def as_lines(snapshot: Snapshot, *, first_records: bool) -> list[str]:
    """The snapshot as a technician reads it."""
    source = snapshot.source
    system = f" from {source.system_name}" if source.system_name else ""
    year = snapshot.academic_year or "not told by the source"
    title = " ".join(filter(None, (_FORMATS[source.connector], source.format_version)))
    lines = [
        f"{title}{system}, school year {year}",
        *(f"  {sentence}" for sentence in snapshot.about),
        *(_count(snapshot, collection) for collection in Collection),
    ]
    if snapshot.remarks:
        lines += ["", "Worth knowing:", *(f"  {each}" for each in snapshot.remarks)]
    if first_records:
        lines += ["", f"The first {FIRST_RECORDS} records of each kind:", *_first(snapshot)]
    return lines


def _count(snapshot: Snapshot, collection: Collection) -> str:
    count = snapshot.counts()[collection]
    if collection in snapshot.complete:
        what = "all there are"
    else:
        what = "changes only" if count else "nothing is said of any"
    return f"  {count:>7} {_PLURALS[collection]} ({what})"


def _first(snapshot: Snapshot) -> list[str]:
    lines = []
    for collection in Collection:
        records = [record for record in snapshot.records if record.kind == collection.value]
        lines += [f"  {_record(record)}" for record in records[:FIRST_RECORDS]]
    return lines


def _record(record: AnyRecord) -> str:
    return record.model_dump_json(exclude_defaults=True, exclude={"kind"}).join(
        (f"{record.kind} ", "")
    )
