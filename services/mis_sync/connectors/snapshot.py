"""A snapshot as a connector holds it between reading a MIS and publishing it.

Records stand in one stable order, so that the same export always gives the same snapshot.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from services.mis_sync.connectors.findings import Remarked
from shared.contracts.mis import (
    Collection,
    ContactRecord,
    GroupRecord,
    MembershipRecord,
    PupilRecord,
    RelationshipRecord,
    Source,
    StaffRecord,
    TeachingRecord,
)

__all__ = ["MAX_RECORDS", "AnyRecord", "Snapshot", "day_in_london", "in_stable_order"]

MAX_RECORDS = 200_000
"""What mis_sync takes of one snapshot (R16)."""
_LONDON = ZoneInfo("Europe/London")

AnyRecord = (
    PupilRecord
    | StaffRecord
    | GroupRecord
    | MembershipRecord
    | TeachingRecord
    | ContactRecord
    | RelationshipRecord
)

_ORDER = {collection: place for place, collection in enumerate(Collection)}


@dataclass(frozen=True)
class Snapshot:
    """What a MIS held at `taken_at`; absence means 'gone' only in the `complete` collections."""

    source: Source
    taken_at: datetime
    academic_year: str | None
    complete: frozenset[Collection]
    records: tuple[AnyRecord, ...]
    remarks: tuple[Remarked, ...] = ()
    about: tuple[str, ...] = ()
    """What the source says that it is, a sentence each, for whoever looks before publishing."""

    def counts(self) -> dict[Collection, int]:
        """How many records there are of each kind, the kinds without any included."""
        found = Counter(record.kind for record in self.records)
        return {collection: found[collection.value] for collection in Collection}


def in_stable_order(records: Iterable[AnyRecord]) -> tuple[AnyRecord, ...]:
    """People before groups before their links, each by the MIS's own ids."""
    return tuple(sorted(records, key=_place))


def _place(record: AnyRecord) -> tuple[int, str, str]:
    first = _ORDER[Collection(record.kind)]
    if isinstance(record, MembershipRecord):
        return first, record.group_mis_id, record.pupil_mis_id
    if isinstance(record, TeachingRecord):
        return first, record.group_mis_id, record.staff_mis_id
    if isinstance(record, RelationshipRecord):
        return first, record.pupil_mis_id, record.contact_mis_id
    return first, record.mis_id, ""


def day_in_london(moment: datetime) -> date:
    """The school's day at an aware moment."""
    return moment.astimezone(_LONDON).date()
