"""One school at Wonde to one snapshot.

Nobody is gone because they are absent: Wonde lists who has left, and what was deleted. Links are
told whole with each group, so that one that is not there has ended (R18).
"""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from datetime import date, datetime
from pathlib import Path

from services.mis_sync.connectors.findings import Findings
from services.mis_sync.connectors.snapshot import (
    MAX_RECORDS,
    AnyRecord,
    Snapshot,
    day_in_london,
    in_stable_order,
)
from services.mis_sync.connectors.values import academic_year_from, year_starting
from services.mis_sync.connectors.web.client import How, opened
from services.mis_sync.connectors.web.config import load_config
from services.mis_sync.connectors.wonde.config import WondeConfig
from services.mis_sync.connectors.wonde.groups import Groups, academic_year_of, read_groups
from services.mis_sync.connectors.wonde.items import Item
from services.mis_sync.connectors.wonde.people import (
    Families,
    read_families,
    read_pupils,
    read_staff,
)
from services.mis_sync.connectors.wonde.source import Lists, Token, read_lists
from shared.contracts.mis import (
    Collection,
    ContactRecord,
    GroupRecord,
    PupilRecord,
    Source,
    StaffRecord,
)

__all__ = ["CONNECTOR", "read_wonde"]

CONNECTOR = "wonde"
_GONE: dict[str, type[PupilRecord | StaffRecord | GroupRecord | ContactRecord]] = {
    **dict.fromkeys(("student", "students"), PupilRecord),
    **dict.fromkeys(("employee", "employees"), StaffRecord),
    **dict.fromkeys(("class", "classes", "group", "groups"), GroupRecord),
    **dict.fromkeys(("contact", "contacts"), ContactRecord),
}


def read_wonde(path: Path, taken_at: datetime, *, how: How | None = None) -> Snapshot:
    """Read the school that the configuration at `path` names, as it stands at `taken_at` (aware).

    Raises `ExportRefused` if any part cannot be read, or not trusted.
    """
    config, hints = load_config(path, WondeConfig)
    findings = Findings()
    with opened(config.url, how or How()) as client:
        client.authority = Token(config)
        lists = read_lists(client, config, findings)
    findings.stop_if_refused()
    return _snapshot(lists, taken_at, hints, findings)


def _snapshot(
    lists: Lists, taken_at: datetime, hints: tuple[str, ...], findings: Findings
) -> Snapshot:
    today = day_in_london(taken_at)
    year = _academic_year([*lists.classes, *(lists.groups or [])], today)
    pupils, staff = read_pupils(lists.students, today), read_staff(lists.employees)
    families = read_families(lists.students)
    removals = _gone(lists, pupils.keys() | staff.keys() | families.contacts.keys())
    gone = {mis_id for _, mis_id in removals}
    groups = read_groups(lists.classes, lists.groups, year, gone)
    findings.stop_if_refused()
    here: list[AnyRecord] = [
        *pupils.values(),
        *staff.values(),
        *groups.groups.values(),
        *groups.memberships.values(),
        *groups.teachings.values(),
        *families.contacts.values(),
        *families.relationships.values(),
    ]
    if not pupils and not staff and not groups.groups:
        findings.refuse("Wonde holds no pupil, no staff and no class of this school.")
    left = [record for (_, mis_id), record in removals.items() if mis_id not in groups.groups]
    records = in_stable_order([*here, *left])
    if len(records) > MAX_RECORDS:
        findings.refuse(f"The school has {len(records)} records; the most is {MAX_RECORDS}.")
    findings.stop_if_refused()
    return Snapshot(
        source=_source(lists.school),
        taken_at=taken_at,
        academic_year=year,
        complete=_complete(groups, families),
        records=records,
        remarks=findings.remarks(),
        about=(f"The school at Wonde: {lists.school.text('name') or 'without a name'}.", *hints),
    )


def _source(school: Item) -> Source:
    """A school that changes its MIS has other ids at Wonde, as if the server were another (R21)."""
    mis = school.text("mis")
    parts = [school.text("id"), mis]
    return Source(
        connector=CONNECTOR,
        format_version="1.0",
        system_name=mis,
        instance_id=" ".join(part for part in parts if part)[:200] or None,
    )


def _academic_year(groups: list[Item], today: date) -> str | None:
    """The one that classes and groups are of; of several the one that is now, if it is there."""
    years = {year for item in groups if (year := academic_year_of(item)) is not None}
    if len(years) == 1:
        return years.pop()
    now = academic_year_from(year_starting(today))
    return now if now in years else None


def _complete(groups: Groups, families: Families) -> frozenset[Collection]:
    """An empty list is never believed to mean that all is gone."""
    whole = {
        Collection.MEMBERSHIPS: groups.members_whole and groups.memberships,
        Collection.TEACHINGS: groups.teachers_whole and groups.teachings,
        Collection.RELATIONSHIPS: families.whole and families.relationships,
    }
    return frozenset(collection for collection, is_whole in whole.items() if is_whole)


def _gone(lists: Lists, here: AbstractSet[str]) -> dict[tuple[str, str], AnyRecord]:
    """Who has left and what was deleted, unless it is listed as `here` after all."""
    found: dict[tuple[str, str], AnyRecord] = {}
    for leaver in lists.leavers or []:
        mis_id = leaver.id()
        if mis_id is not None and mis_id not in here:
            found["pupil", mis_id] = PupilRecord(mis_id=mis_id, removed=True)
    for deletion in lists.deletions or []:
        mis_id, kind = deletion.id(), _GONE.get((deletion.text("type") or "").lower())
        restored = deletion.fields.get("restored_at") is not None
        if restored or kind is None or mis_id is None or mis_id in here:
            continue
        record = kind(mis_id=mis_id, removed=True)
        found[record.kind, mis_id] = record
    return found
