"""A delta carries changes and explicit removals, and absence in it says nothing (R17)."""

from __future__ import annotations

from pathlib import Path

import pytest

from services.mis_sync.connectors.findings import ExportRefused, Remark
from services.mis_sync.connectors.oneroster_csv import read_oneroster_csv
from services.mis_sync.connectors.snapshot import Snapshot
from shared.contracts.mis import (
    Collection,
    ContactRecord,
    MembershipRecord,
    PupilRecord,
    StaffRecord,
)
from tests.mis_sync.connectors.exports import NOW, write_folder

USERS = "sourcedId,status,dateLastModified,enabledUser,username,givenName,familyName\n"
ROLES = "sourcedId,status,dateLastModified,userSourcedId,roleType,role,orgSourcedId,endDate\n"
ENROLMENTS = (
    "sourcedId,status,dateLastModified,classSourcedId,schoolSourcedId,userSourcedId,role,endDate\n"
)


def _delta(folder: Path, *, users: str = "", roles: str = "", enrollments: str = "") -> Snapshot:
    files = {
        "users": USERS + users,
        "roles": ROLES + roles,
        "enrollments": ENROLMENTS + enrollments,
    }
    modes = "".join(f"file.{name},delta\n" for name in files)
    manifest = f"propertyName,value\nmanifest.version,1.0\noneroster.version,1.2\n{modes}"
    contents = {f"{name}.csv": text for name, text in files.items()}
    return read_oneroster_csv(write_folder({"manifest.csv": manifest, **contents}, folder), NOW)


def test_a_night_without_changes_is_an_empty_snapshot(tmp_path: Path) -> None:
    snapshot = _delta(tmp_path)
    assert snapshot.records == ()
    assert snapshot.complete == frozenset()
    assert snapshot.remarks == ()


def test_a_link_to_somebody_who_did_not_change_is_no_dangling_reference(tmp_path: Path) -> None:
    snapshot = _delta(tmp_path, enrollments="e1,active,2026-11-23,c1,org,p1,student,\n")
    assert snapshot.records == (MembershipRecord(pupil_mis_id="p1", group_mis_id="c1"),)


@pytest.mark.parametrize(
    "row", ["tobedeleted,2026-11-23,c1,org,p1,student,", "active,,c1,org,p1,student,2026-11-20"]
)
def test_an_enrolment_that_was_deleted_or_ended_is_a_removal(row: str, tmp_path: Path) -> None:
    snapshot = _delta(tmp_path, enrollments=f"e1,{row}\n")
    assert snapshot.records == (
        MembershipRecord(pupil_mis_id="p1", group_mis_id="c1", removed=True),
    )


def test_a_new_enrolment_beats_the_end_of_the_old_one(tmp_path: Path) -> None:
    rows = "e1,tobedeleted,,c1,org,p1,student,\ne2,active,,c1,org,p1,student,\n"
    snapshot = _delta(tmp_path, enrollments=rows)
    assert snapshot.records == (MembershipRecord(pupil_mis_id="p1", group_mis_id="c1"),)


def test_a_pupil_whose_role_ended_is_removed(tmp_path: Path) -> None:
    snapshot = _delta(tmp_path, roles="r1,active,,p1,primary,student,org,2026-11-20\n")
    assert snapshot.records == (PupilRecord(mis_id="p1", removed=True),)


def test_the_end_of_a_second_role_removes_nobody(tmp_path: Path) -> None:
    snapshot = _delta(tmp_path, roles="r1,tobedeleted,,t1,secondary,proctor,org,\n")
    assert snapshot.records == ()


def test_somebody_deleted_without_a_word_on_their_role_is_removed_as_each(
    tmp_path: Path,
) -> None:
    snapshot = _delta(tmp_path, users="x1,tobedeleted,2026-11-23,,,,\n")
    assert snapshot.records == (
        PupilRecord(mis_id="x1", removed=True),
        StaffRecord(mis_id="x1", removed=True),
        ContactRecord(mis_id="x1", removed=True),
    )


def test_a_change_of_somebody_of_unknown_role_is_left_out_and_counted(tmp_path: Path) -> None:
    snapshot = _delta(tmp_path, users="x1,active,2026-11-23,true,u1,Ada,Moss\n")
    assert snapshot.records == ()
    assert [each.remark for each in snapshot.remarks] == [Remark.PERSON_WITHOUT_ROLE]


def test_a_row_without_a_status_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ExportRefused, match=r"enrollments.csv, line 2, column status"):
        _delta(tmp_path, enrollments="e1,,,c1,org,p1,student,\n")


def test_counts_are_of_all_collections(tmp_path: Path) -> None:
    assert set(_delta(tmp_path).counts()) == set(Collection)


def test_a_delta_in_which_no_role_changed_may_do_without_roles(tmp_path: Path) -> None:
    manifest = (
        "propertyName,value\nmanifest.version,1.0\noneroster.version,1.2\n"
        "file.users,delta\nfile.roles,absent\n"
    )
    users = USERS + "x1,active,2026-11-23,true,u1,Ada,Moss\n"
    folder = write_folder({"manifest.csv": manifest, "users.csv": users}, tmp_path)
    snapshot = read_oneroster_csv(folder, NOW)
    assert snapshot.records == ()
    assert [each.remark for each in snapshot.remarks] == [Remark.PERSON_WITHOUT_ROLE]
