"""Any school written as plain tables is read back as it was, whoever wrote them (R16, R17)."""

from __future__ import annotations

import tempfile
from datetime import date
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from services.mis_sync.connectors.csv_tables import Dates, Options, Table, read_csv_tables
from services.mis_sync.connectors.snapshot import AnyRecord, Snapshot, in_stable_order
from shared.contracts.mis import (
    Collection,
    ContactRecord,
    GroupRecord,
    MembershipRecord,
    PupilRecord,
    RelationshipRecord,
    StaffRecord,
    TeachingRecord,
)
from shared.contracts.vocabulary import ContactRelationship, GroupKind, Sex, YearGroup
from tests.mis_sync.connectors.csv_files import CsvQuirks, records_as_tables
from tests.mis_sync.connectors.exports import NOW, write_folder, write_zip

_LATIN = st.sampled_from("abcdeéèïñßøÅ'-,;\"=+@.0159")
"""Two of them never happen to be one letter of UTF-8 when written as Windows-1252."""
_ANY = st.characters(exclude_categories=("Cc", "Cs", "Zs", "Zl", "Zp", "Cn"))
_IDS = st.text(st.sampled_from("abcxyz019-._"), min_size=1, max_size=6)
_UPNS = st.from_regex(r"[A-HJ-NP-RT-Z][0-9]{11}[0-9A-HJ-NP-RT-Z]", fullmatch=True)
_NO = st.none()
QUIRKS = st.builds(
    CsvQuirks,
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"]),
    delimiter=st.sampled_from([",", ";", "\t"]),
    line_end=st.sampled_from(["\r\n", "\n"]),
    says_delimiter=st.booleans(),
    blank_lines=st.integers(0, 2),
    columns_reversed=st.booleans(),
    headings_upper=st.booleans(),
    dates=st.sampled_from(["iso", "dmy", "mdy", "ymd"]),
    links_by_role=st.booleans(),
    other_column=st.booleans(),
)


@st.composite
def _schools(draw: st.DrawFn, letters: st.SearchStrategy[str]) -> list[AnyRecord]:
    texts = st.lists(st.text(letters, min_size=1, max_size=6), min_size=1, max_size=2).map(" ".join)
    people = draw(st.lists(_IDS, min_size=2, max_size=6, unique=True))
    pupils, staff = people[: len(people) // 2], people[len(people) // 2 :]
    groups = draw(st.lists(_IDS, min_size=1, max_size=3, unique=True))
    codes = st.text(st.sampled_from("ABENGWIR"), min_size=2, max_size=4)
    records: list[AnyRecord] = []
    for pupil in pupils:
        record = st.builds(
            PupilRecord,
            mis_id=st.just(pupil),
            upn=_NO | _UPNS,
            former_upns=st.lists(_UPNS, max_size=2, unique=True).map(tuple),
            legal_forename=_NO | texts,
            legal_surname=texts,
            preferred_forename=_NO | texts,
            preferred_surname=_NO | texts,
            middle_names=_NO | texts,
            date_of_birth=_NO | st.dates(date(1900, 1, 1), NOW.date()),
            sex=_NO | st.sampled_from(Sex),
            year_group=_NO | st.sampled_from(YearGroup),
            ethnicity=_NO | codes,
            first_language=_NO | codes,
            sen_provision=_NO | st.sampled_from("NKE"),
            free_school_meals=_NO | st.booleans(),
            pupil_premium=_NO | st.booleans(),
            in_care=_NO | st.booleans(),
        )
        records.append(draw(record))
    for contact in draw(st.lists(_IDS, max_size=3, unique=True)):
        records.append(
            ContactRecord(
                mis_id=contact,
                title=draw(_NO | texts),
                forename=draw(_NO | texts),
                surname=draw(_NO | texts),
                email=draw(_NO | st.just("family@mailbox.example")),
            )
        )
        records += [
            RelationshipRecord(
                contact_mis_id=contact,
                pupil_mis_id=pupil,
                relationship=draw(_NO | st.sampled_from(ContactRelationship)),
                responsibility=draw(_NO | st.booleans()),
            )
            for pupil in draw(st.sets(st.sampled_from(pupils), min_size=1))
        ]
    records += [
        StaffRecord(
            mis_id=member,
            staff_code=draw(_NO | texts),
            title=draw(_NO | texts),
            forename=draw(_NO | texts),
            surname=draw(texts),
            email=draw(_NO | st.just("someone@heronpark.example")),
        )
        for member in staff
    ]
    for group in groups:
        records.append(
            GroupRecord(
                mis_id=group,
                name=draw(texts),
                group_kind=draw(_NO | st.sampled_from(GroupKind)),
                year_group=draw(_NO | st.sampled_from(YearGroup)),
                subject=draw(_NO | texts),
            )
        )
        records += [
            MembershipRecord(pupil_mis_id=pupil, group_mis_id=group)
            for pupil in draw(st.sets(st.sampled_from(pupils), min_size=1))
        ]
        records += [
            TeachingRecord(staff_mis_id=member, group_mis_id=group, main=draw(_NO | st.booleans()))
            for member in draw(st.sets(st.sampled_from(staff), min_size=1))
        ]
    return records


@settings(max_examples=50)
@given(data=st.data(), quirks=QUIRKS)
def test_tables_give_their_records(data: st.DataObject, quirks: CsvQuirks) -> None:
    letters = _LATIN if quirks.encoding == "cp1252" else _LATIN | _ANY
    records = data.draw(_schools(letters))
    there = [
        t for t in Table if t is not Table.CONTACTS or any(r.kind == "contact" for r in records)
    ]
    complete = data.draw(st.frozensets(st.sampled_from(there)))
    snapshot = _read_back(records, quirks, complete)
    assert snapshot.records == in_stable_order(records)
    assert snapshot.complete == {
        collection
        for table in complete
        for collection in {
            Table.PUPILS: [Collection.PUPILS],
            Table.STAFF: [Collection.STAFF],
            Table.GROUPS: [Collection.GROUPS],
            Table.LINKS: [Collection.MEMBERSHIPS, Collection.TEACHINGS],
            Table.CONTACTS: [Collection.CONTACTS, Collection.RELATIONSHIPS],
        }[table]
    } & {record.kind for record in records}
    assert snapshot.academic_year == "2026/27"


def _read_back(records: list[AnyRecord], quirks: CsvQuirks, complete: frozenset[Table]) -> Snapshot:
    dates = None if quirks.dates == "iso" else Dates(quirks.dates)
    files = records_as_tables(records, quirks)
    with tempfile.TemporaryDirectory() as folder:
        path = write_folder(files, Path(folder))
        return read_csv_tables(path, NOW, Options(complete, dates, "2026/27"))


def test_a_zip_and_a_folder_inside_either_give_the_same(tmp_path: Path) -> None:
    records: list[AnyRecord] = [PupilRecord(mis_id="p1", legal_surname="Nowak")]
    files = records_as_tables(records, CsvQuirks())
    forms = [
        write_folder(files, tmp_path / "nested" / "tables").parent,
        write_zip(files, tmp_path / "flat.zip"),
        write_zip(files, tmp_path / "nested.zip", inside="tables/"),
    ]
    assert [list(read_csv_tables(form, NOW).records) for form in forms] == [records] * 3
