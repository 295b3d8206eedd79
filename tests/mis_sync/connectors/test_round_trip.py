"""Any school written as OneRoster is read back as it was: both versions, bulk, delta (R16, R17)."""

from __future__ import annotations

import tempfile
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.mis_sync.connectors.oneroster_csv import Grades, Options, read_oneroster_csv
from services.mis_sync.connectors.snapshot import AnyRecord, Snapshot, in_stable_order
from shared.contracts.mis import (
    Collection,
    GroupRecord,
    MembershipRecord,
    PupilRecord,
    StaffRecord,
    TeachingRecord,
)
from shared.contracts.vocabulary import GroupKind, Sex, YearGroup
from tests.mis_sync.connectors.exports import (
    NOW,
    Quirks,
    records_as_export,
    write_folder,
    write_zip,
)

_LETTERS = st.characters(exclude_categories=("Cc", "Cs", "Zs", "Zl", "Zp"))
_WORDS = st.text(_LETTERS, min_size=1, max_size=8)
_TEXTS = st.lists(_WORDS, min_size=1, max_size=3).map(" ".join)
_IDS = st.text(st.sampled_from("abcXYZ019-._ é{}"), min_size=1, max_size=10).filter(
    lambda text: text == text.strip()
)
_UPNS = st.text(st.sampled_from("ABCDEFGHJK0123456789 ab"), min_size=1, max_size=13).filter(
    lambda text: text == text.strip()
)
_NO = st.none()
QUIRKS = st.builds(
    Quirks,
    byte_order_mark=st.booleans(),
    line_end=st.sampled_from(["\r\n", "\n"]),
    blank_lines=st.integers(0, 2),
    columns_reversed=st.booleans(),
    headings_upper=st.booleans(),
    extension=st.booleans(),
    status_in_bulk=st.booleans(),
)


def _pupils(id_: str, version: str) -> st.SearchStrategy[PupilRecord]:
    preferred = _NO | _TEXTS if version == "1.2" else _NO
    return st.builds(
        PupilRecord,
        mis_id=st.just(id_),
        upn=_NO | _UPNS,
        former_upns=st.lists(_UPNS, max_size=1).map(tuple),
        legal_forename=_NO | _TEXTS,
        legal_surname=_TEXTS,
        preferred_forename=preferred,
        preferred_surname=preferred,
        middle_names=_NO | _TEXTS,
        date_of_birth=_NO | st.dates(date(1900, 1, 1), NOW.date()),
        sex=_NO | st.sampled_from(Sex),
        year_group=_NO | st.sampled_from(YearGroup),
    )


def _staff(id_: str) -> st.SearchStrategy[StaffRecord]:
    return st.builds(
        StaffRecord,
        mis_id=st.just(id_),
        staff_code=_NO | _TEXTS,
        forename=_NO | _TEXTS,
        surname=_TEXTS,
        email=_NO | st.just("someone@heronpark.example"),
    )


def _groups(id_: str) -> st.SearchStrategy[GroupRecord]:
    return st.builds(
        GroupRecord,
        mis_id=st.just(id_),
        name=_TEXTS,
        group_kind=st.sampled_from(GroupKind),
        year_group=_NO | st.sampled_from(YearGroup),
        subject=_NO | _TEXTS,
    )


@st.composite
def schools(draw: st.DrawFn, version: str, *, removals: bool) -> list[AnyRecord]:
    """Records that fit together; with `removals` some of them only say that they are gone."""
    people = draw(st.lists(_IDS, min_size=2, max_size=8, unique=True))
    pupils, staff = people[: len(people) // 2], people[len(people) // 2 :]
    groups = draw(st.lists(_IDS, min_size=1, max_size=4, unique=True))
    gone = st.booleans() if removals else st.just(False)
    records: list[AnyRecord] = []
    for pupil in pupils:
        record = PupilRecord(mis_id=pupil, removed=True)
        records.append(record if draw(gone) else draw(_pupils(pupil, version)))
    for member in staff:
        gone_member = StaffRecord(mis_id=member, removed=True)
        records.append(gone_member if draw(gone) else draw(_staff(member)))
    for group in groups:
        gone_group = GroupRecord(mis_id=group, removed=True)
        records.append(gone_group if draw(gone) else draw(_groups(group)))
        records += [
            MembershipRecord(pupil_mis_id=pupil, group_mis_id=group, removed=draw(gone))
            for pupil in draw(st.sets(st.sampled_from(pupils), min_size=1))
        ]
        for member in draw(st.sets(st.sampled_from(staff), min_size=1)):
            removed = draw(gone)
            main = None if removed else draw(_NO | st.booleans())
            records.append(
                TeachingRecord(staff_mis_id=member, group_mis_id=group, removed=removed, main=main)
            )
    return records


def _read_back(records: list[AnyRecord], version: str, mode: str, quirks: Quirks) -> Snapshot:
    files = records_as_export(records, version, mode, quirks)
    with tempfile.TemporaryDirectory() as folder:
        return read_oneroster_csv(write_folder(files, Path(folder)), NOW, Options(grades=Grades.UK))


@pytest.mark.parametrize("version", ["1.1", "1.2"])
@given(data=st.data(), quirks=QUIRKS)
def test_a_bulk_export_gives_its_records_and_is_complete(
    version: str, data: st.DataObject, quirks: Quirks
) -> None:
    records = data.draw(schools(version, removals=False))
    snapshot = _read_back(records, version, "bulk", quirks)
    assert snapshot.records == in_stable_order(records)
    assert snapshot.complete == frozenset(Collection) - {
        Collection.CONTACTS,
        Collection.RELATIONSHIPS,
    }
    assert snapshot.academic_year == "2026/27"
    assert snapshot.source.format_version == version
    assert snapshot.source.instance_id == "mis-1"


@pytest.mark.parametrize("version", ["1.1", "1.2"])
@given(data=st.data(), quirks=QUIRKS)
def test_a_delta_gives_its_changes_and_removals_and_completes_nothing(
    version: str, data: st.DataObject, quirks: Quirks
) -> None:
    records = data.draw(schools(version, removals=True))
    snapshot = _read_back(records, version, "delta", quirks)
    assert snapshot.records == in_stable_order(records)
    assert snapshot.complete == frozenset()


@given(records=schools("1.2", removals=False))
def test_a_zip_a_folder_and_a_folder_in_either_give_the_same(records: list[AnyRecord]) -> None:
    files = records_as_export(records, "1.2", "bulk", Quirks())
    with tempfile.TemporaryDirectory() as name:
        here = Path(name)
        forms = [
            write_folder(files, here / "flat"),
            write_folder(files, here / "nested" / "export").parent,
            write_zip(files, here / "flat.zip"),
            write_zip(files, here / "nested.zip", inside="export/"),
            write_zip(files, here / "windows.zip", inside="export\\"),
        ]
        first, *others = [read_oneroster_csv(form, NOW) for form in forms]
    assert all(other == first for other in others)
