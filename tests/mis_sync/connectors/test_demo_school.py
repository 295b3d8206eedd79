"""The made-up school is a believable one, the same each time, and what is told of it is true."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime
from itertools import pairwise
from pathlib import Path

import pytest
from stdnum.gb import upn as upn_rule

from services.mis_sync.connectors.demo_school import (
    demo_expectations,
    demo_school,
    write_export,
)
from services.mis_sync.connectors.demo_school.export import export_files
from services.mis_sync.connectors.findings import Remark
from services.mis_sync.connectors.oneroster_csv import read_oneroster_csv
from services.mis_sync.connectors.snapshot import Snapshot
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
from shared.contracts.vocabulary import ContactRelationship
from shared.school.year_groups import year_group_of_birth

STARTS = 2026
NOW = datetime(2026, 11, 24, 3, tzinfo=UTC)


def _read(folder: Path, *, seed: int = 2026, starts: int = STARTS, day: int = 0) -> Snapshot:
    path = folder / f"{seed}-{starts}-{day}.zip"
    write_export(demo_school(seed, starts, day), path, zipped=True)
    return read_oneroster_csv(path, NOW.replace(year=starts))


def _pupils(snapshot: Snapshot) -> dict[str, PupilRecord]:
    return {r.mis_id: r for r in snapshot.records if isinstance(r, PupilRecord)}


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    return _read(tmp_path_factory.mktemp("demo"))


def test_the_same_seed_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one.zip", "two.zip"):
        write_export(demo_school(2026, STARTS), tmp_path / name, zipped=True)
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()
    write_export(demo_school(2026, STARTS), tmp_path / "folder", zipped=False)
    in_folder = {path.name: path.read_bytes() for path in (tmp_path / "folder").iterdir()}
    assert in_folder == export_files(demo_school(2026, STARTS))


def test_another_seed_gives_other_pupils_and_the_same_staff() -> None:
    one, two = demo_school(1, STARTS), demo_school(2, STARTS)
    assert one.pupils != two.pupils
    assert one.staff == two.staff


@pytest.mark.parametrize(("seed", "starts", "day"), [(2026, 2026, 0), (7, 2025, 0), (7, 2028, 9)])
def test_what_is_expected_is_what_is_read(seed: int, starts: int, day: int, tmp_path: Path) -> None:
    snapshot = _read(tmp_path, seed=seed, starts=starts, day=day)
    expected = demo_expectations(seed, starts, day)
    counts = expected.counts
    assert snapshot.counts() == {
        Collection.PUPILS: counts.pupils,
        Collection.STAFF: counts.staff,
        Collection.GROUPS: counts.groups,
        Collection.MEMBERSHIPS: counts.memberships,
        Collection.TEACHINGS: counts.teachings,
        Collection.CONTACTS: counts.contacts,
        Collection.RELATIONSHIPS: counts.relationships,
    }
    assert snapshot.complete == frozenset(Collection)
    assert snapshot.academic_year == expected.school.academic_year
    pupils = _pupils(snapshot)
    without = {id_ for id_, pupil in pupils.items() if pupil.upn is None}
    assert without == set(expected.pupils_without_upn)
    valid = [p.upn for p in pupils.values() if p.upn and upn_rule.is_valid(p.upn.replace(" ", ""))]
    assert len(valid) == counts.pupils_with_valid_upn
    assert len({upn.replace(" ", "").upper() for upn in valid}) == len(valid)
    members = {(m.group_mis_id, m.pupil_mis_id) for m in snapshot.records
               if isinstance(m, MembershipRecord)}  # fmt: skip
    assert members == {
        (group.mis_id, pupil)
        for group in expected.groups
        for pupil in (*group.pupil_ids, *group.pupils_without_upn)
    }
    teaching = {t.staff_mis_id for t in snapshot.records if isinstance(t, TeachingRecord)}
    assert teaching == set(expected.staff_teaching)


def test_it_is_as_big_as_a_two_form_primary(snapshot: Snapshot) -> None:
    counts = demo_expectations(2026, STARTS).counts
    assert (counts.pupils, counts.staff, counts.classes, counts.sets) == (420, 30, 15, 4)
    assert (counts.pupils_without_upn, counts.pupils_with_temporary_upn) == (6, 1)
    assert counts.teachers_without_class == 1
    remarks = {each.remark: each.count for each in snapshot.remarks}
    assert remarks[Remark.PUPIL_WITHOUT_UPN] == 6
    assert remarks[Remark.TEACHER_WITHOUT_CLASS] == 1
    assert remarks[Remark.ENROLMENT_NOT_NOW] == 1


@pytest.mark.parametrize("starts", [2024, 2025, 2026, 2027, 2028])
def test_every_birth_date_fits_the_class(starts: int) -> None:
    school = demo_school(2026, starts)
    for pupil in school.pupils:
        year = year_group_of_birth(pupil.born, school.academic_year)
        assert year == ("R" if pupil.year == 0 else str(pupil.year))
    edges = {(pupil.born.month, pupil.born.day) for pupil in school.pupils}
    assert {(8, 31), (9, 1), (2, 29)} <= edges


def test_names_are_as_untidy_as_real_ones(snapshot: Snapshot) -> None:
    pupils = _pupils(snapshot).values()
    names = {(pupil.legal_forename, pupil.legal_surname) for pupil in pupils}
    assert {
        ("Zoë", "O'Neill"),
        ("Siân", "Llewellyn"),
        ("Mateo", "Nuñez"),
        ("Łukasz", "Wiśniewski"),
        ("Anthony", "D'Souza"),
        ("Amara", "Okafor-Williams"),
    } <= names
    same = [p for p in pupils if (p.legal_forename, p.legal_surname) == ("Mohammed", "Khan")]
    assert len({pupil.date_of_birth for pupil in same}) == 2
    assert len(names) == len(pupils) - 1
    assert any(pupil.upn and pupil.upn != pupil.upn.upper() for pupil in pupils)
    assert any(pupil.preferred_forename == "Katie" for pupil in pupils)


def test_brothers_and_sisters_share_their_guardians(snapshot: Snapshot) -> None:
    contacts = {r.mis_id: r for r in snapshot.records if isinstance(r, ContactRecord)}
    related = [r for r in snapshot.records if isinstance(r, RelationshipRecord)]
    children = Counter(each.contact_mis_id for each in related)
    assert sum(count > 1 for count in children.values()) > 50
    assert {each.relationship for each in related} == {ContactRelationship.GUARDIAN}
    emails = [contact.email for contact in contacts.values() if contact.email]
    assert len(emails) > len(contacts) * 0.8
    assert len(set(emails)) == len(emails)
    school = demo_school(2026, STARTS)
    families = Counter(pupil.guardian_ids for pupil in school.pupils)
    assert sum(size > 1 for size in families.values()) > 50
    for guardians in families:
        family = [pupil for pupil in school.pupils if pupil.guardian_ids == guardians]
        assert len({pupil.surname for pupil in family}) == 1
        days = sorted(pupil.born for pupil in family)
        gaps = [later - earlier for earlier, later in pairwise(days)]
        assert all(gap.days == 0 or gap.days > 300 for gap in gaps)


def test_some_were_made_by_hand_before(snapshot: Snapshot) -> None:
    expected = demo_expectations(2026, STARTS)
    staff = {r.mis_id: r for r in snapshot.records if isinstance(r, StaffRecord)}
    groups = {r.mis_id: r for r in snapshot.records if isinstance(r, GroupRecord)}
    deputy, teacher = expected.users_by_hand
    assert deputy.role == "slt"
    assert staff[deputy.mis_id].email == deputy.email
    assert (staff[teacher.mis_id].forename, staff[teacher.mis_id].surname) == (
        teacher.forename,
        teacher.surname,
    )
    assert staff[teacher.mis_id].email != teacher.email
    assert {deputy.mis_id, teacher.mis_id} <= set(expected.staff_teaching)
    (group,) = expected.groups_by_hand
    assert groups[group.mis_id].name == group.name
    assert group.year_group == "4"


def test_a_night_changes_a_few_things_and_nothing_else(snapshot: Snapshot, tmp_path: Path) -> None:
    later = _read(tmp_path, day=1)
    (night,) = demo_expectations(2026, STARTS, 1).nights
    before, after = _pupils(snapshot), _pupils(later)
    assert set(after) - set(before) == {night.joined}
    assert set(before) - set(after) == {night.left}
    changed = {id_ for id_ in before.keys() & after.keys() if before[id_] != after[id_]}
    assert changed == {night.upn_filled_in}
    moved = {r.pupil_mis_id for r in set(later.records) ^ set(snapshot.records)
             if isinstance(r, MembershipRecord)} - {night.joined, night.left}  # fmt: skip
    assert moved == {night.moved}


def test_forty_nights_go_well(tmp_path: Path) -> None:
    expected = demo_expectations(2026, STARTS, 40)
    assert expected.counts.pupils == 420
    assert expected.counts.pupils_without_upn == 0
    assert len(_read(tmp_path, day=40).records) == sum(
        (expected.counts.pupils, expected.counts.staff, expected.counts.groups,
         expected.counts.memberships, expected.counts.teachings,
         expected.counts.contacts, expected.counts.relationships)
    )  # fmt: skip
    assert date(2020, 1, 1) < max(p.born for p in demo_school(2026, STARTS, 40).pupils)
