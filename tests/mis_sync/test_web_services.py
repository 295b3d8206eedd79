"""What mis_sync makes of a OneRoster service and of Wonde (R16, R17, R18)."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from services.mis_sync.connectors.findings import ExportRefused
from services.mis_sync.connectors.kinds import Kind, SourceOptions, read_source
from services.mis_sync.connectors.snapshot import AnyRecord, Snapshot
from shared.contracts.mis import (
    ContactRecord,
    GroupRecord,
    MembershipRecord,
    PupilRecord,
    RelationshipRecord,
)
from shared.contracts.vocabulary import ContactRelationship, GroupKind
from tests.mis_sync.connectors.doubles.oneroster import OneRosterService, collections_of
from tests.mis_sync.connectors.doubles.server import Double, Fault, reply_json
from tests.mis_sync.connectors.doubles.wonde import WondeService, lists_of
from tests.mis_sync.mis import upn
from tests.mis_sync.world import SchoolInTest

FIRST = datetime.now(UTC) - timedelta(days=3)


def _pupil(number: int) -> PupilRecord:
    return PupilRecord(
        mis_id=f"A{number}", upn=upn(number), legal_forename="Maya", legal_surname=f"Patel{number}",
        preferred_forename="Maya", preferred_surname=f"Patel{number}",
    )  # fmt: skip


PUPILS = [_pupil(number) for number in range(1, 8)]
SCHOOL: list[AnyRecord] = [
    *PUPILS,
    GroupRecord(mis_id="A50", name="3 Blue", group_kind=GroupKind.CLASS),
    *(MembershipRecord(pupil_mis_id=pupil.mis_id, group_mis_id="A50") for pupil in PUPILS),
    ContactRecord(mis_id="A60", surname="Patel", email="patel@mailbox.example"),
    *(
        RelationshipRecord(
            contact_mis_id="A60",
            pupil_mis_id=pupil.mis_id,
            relationship=ContactRelationship.PARENT,
        )
        for pupil in PUPILS[:2]
    ),
]


def _reading(
    kind: Kind, service: OneRosterService | WondeService, double: Double, folder: Path, day: int
) -> Snapshot:
    path = folder / f"{kind}.json"
    path.write_text(json.dumps(service.configuration(double)))
    path.chmod(0o600)
    return read_source(kind, path, FIRST + timedelta(days=day), SourceOptions())


def _active(school: SchoolInTest) -> set[str | None]:
    return {pupil.upn for pupil in school.held.pupils.values() if pupil.active}


async def test_whoever_is_no_longer_in_a_oneroster_service_has_left(
    school: SchoolInTest, tmp_path: Path
) -> None:
    service = OneRosterService(collections_of(SCHOOL, "1.1"), "1.1", page_cap=3, uses=4)
    with service.double() as double:
        run = await school.sync(_reading(Kind.ONEROSTER_REST, service, double, tmp_path, 0))
        assert (run["state"], run["counts"]["pupils_created"]) == ("closed", 7)
        await school.create_all()
        service.collections = collections_of([r for r in SCHOOL if not _is_of(r, "A7")], "1.1")
        double.faults = [Fault("/enrollments", reply_json({}, 400))]
        with pytest.raises(ExportRefused):
            _reading(Kind.ONEROSTER_REST, service, double, tmp_path, 1)
        for day in (1, 2):  # once may be a mistake (R18)
            assert _active(school) == {pupil.upn for pupil in PUPILS}
            await school.sync(_reading(Kind.ONEROSTER_REST, service, double, tmp_path, day))
    assert _active(school) == {pupil.upn for pupil in PUPILS[:-1]}


def _is_of(record: AnyRecord, pupil: str) -> bool:
    return pupil in (getattr(record, "mis_id", None), getattr(record, "pupil_mis_id", None))


async def test_only_who_wonde_says_has_left_has(school: SchoolInTest, tmp_path: Path) -> None:
    service = WondeService(lists_of(SCHOOL), page_cap=2)
    with service.double() as double:
        run = await school.sync(_reading(Kind.WONDE, service, double, tmp_path, 0))
        assert (run["state"], run["counts"]["pupils_created"]) == ("closed", 7)
        await school.create_all()
        service.lists["students"] = service.lists["students"][:4]
        service.lists["students-leaver"] = [{"id": "A7"}, {"id": "A999"}]
        await school.sync(_reading(Kind.WONDE, service, double, tmp_path, 1))
    assert _active(school) == {pupil.upn for pupil in PUPILS[:-1]}
