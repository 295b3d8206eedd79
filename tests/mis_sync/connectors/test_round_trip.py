"""Any school written as OneRoster is read back as it was: both versions, bulk, delta (R16, R17)."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.mis_sync.connectors.oneroster_csv import Grades, Options, read_oneroster_csv
from services.mis_sync.connectors.snapshot import AnyRecord, Snapshot, in_stable_order
from tests.mis_sync.connectors.exports import (
    NOW,
    Quirks,
    records_as_export,
    write_folder,
    write_zip,
)
from tests.mis_sync.connectors.made_up import schools

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
    assert snapshot.complete == {record.kind for record in records}
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
