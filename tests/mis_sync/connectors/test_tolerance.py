"""What real files do without meaning anything by it is forgiven, and counted where it matters."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

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
from shared.contracts.vocabulary import ContactRelationship, GroupKind, Sex
from tests.mis_sync.connectors.exports import NOW, small_export, write_folder

Files = dict[str, str]


def _read(files: Files, folder: Path) -> Snapshot:
    return read_oneroster_csv(write_folder(files, folder), NOW)


def _remarked(snapshot: Snapshot) -> dict[Remark, int]:
    return {each.remark: each.count for each in snapshot.remarks}


def _pupil(snapshot: Snapshot, mis_id: str) -> PupilRecord:
    return next(r for r in snapshot.records if isinstance(r, PupilRecord) and r.mis_id == mis_id)


def _links(snapshot: Snapshot) -> set[tuple[str, str]]:
    return {
        (record.group_mis_id, record.pupil_mis_id)
        for record in snapshot.records
        if isinstance(record, MembershipRecord)
    }


@pytest.mark.parametrize("version", ["1.1", "1.2"])
def test_the_small_school_is_read_as_it_is(version: str, tmp_path: Path) -> None:
    snapshot = _read(small_export(version), tmp_path)
    assert snapshot.records == (
        PupilRecord(
            mis_id="p1",
            upn="H801200001001",
            legal_forename="Zoë",
            legal_surname="O'Neill",
            date_of_birth=date(2018, 8, 31),
            sex=Sex.FEMALE,
        ),
        PupilRecord(
            mis_id="p2",
            legal_forename="Łukasz",
            legal_surname="Nowak",
            date_of_birth=date(2017, 9, 1),
            sex=Sex.MALE,
        ),
        StaffRecord(mis_id="t1", forename="Siân", surname="Rees", email="srees@heronpark.example"),
        GroupRecord(mis_id="c1", name="3 Blue", group_kind=GroupKind.CLASS),
        GroupRecord(mis_id="c2", name="Maths A", group_kind=GroupKind.SET),
        MembershipRecord(pupil_mis_id="p1", group_mis_id="c1"),
        MembershipRecord(pupil_mis_id="p2", group_mis_id="c1"),
        MembershipRecord(pupil_mis_id="p1", group_mis_id="c2"),
        TeachingRecord(staff_mis_id="t1", group_mis_id="c1", main=True),
    )
    assert _remarked(snapshot) == {Remark.PUPIL_WITHOUT_UPN: 1}


class TestFiles:
    def test_an_absent_file_is_no_information(self, tmp_path: Path) -> None:
        files = small_export()
        files["manifest.csv"] = files["manifest.csv"].replace(
            "file.enrollments,bulk", "file.enrollments,absent"
        )
        del files["enrollments.csv"]
        snapshot = _read(files, tmp_path)
        assert snapshot.complete == {Collection.PUPILS, Collection.STAFF, Collection.GROUPS}

    def test_a_file_that_is_called_absent_is_not_read(self, tmp_path: Path) -> None:
        files = small_export()
        files["manifest.csv"] = files["manifest.csv"].replace(
            "file.enrollments,bulk", "file.enrollments,absent"
        )
        snapshot = _read(files, tmp_path)
        assert snapshot.counts()[Collection.MEMBERSHIPS] == 0
        assert Collection.MEMBERSHIPS not in snapshot.complete
        assert _remarked(snapshot)[Remark.FILE_ABSENT_BUT_THERE] == 1

    @pytest.mark.parametrize("name", ["orgs", "academicSessions", "demographics"])
    def test_a_missing_optional_file_is_done_without(self, name: str, tmp_path: Path) -> None:
        files = small_export()
        files["manifest.csv"] = files["manifest.csv"].replace(f"file.{name},bulk\r\n", "")
        del files[f"{name}.csv"]
        snapshot = _read(files, tmp_path)
        assert snapshot.complete == frozenset(Collection) - {
            Collection.CONTACTS,
            Collection.RELATIONSHIPS,
        }
        assert (snapshot.academic_year is None) == (name == "academicSessions")

    def test_an_empty_list_is_not_everything_gone(self, tmp_path: Path) -> None:
        files = small_export()
        files["enrollments.csv"] = files["enrollments.csv"].splitlines()[0]
        snapshot = _read(files, tmp_path)
        assert snapshot.complete == {Collection.PUPILS, Collection.STAFF, Collection.GROUPS}
        assert _remarked(snapshot)[Remark.COLLECTION_EMPTY] == 2

    def test_file_names_and_properties_are_known_in_any_case(self, tmp_path: Path) -> None:
        files = small_export()
        files["Users.CSV"] = files.pop("users.csv")
        files["manifest.csv"] = files["manifest.csv"].replace("file.users", "File.Users")
        assert _read(files, tmp_path).counts()[Collection.PUPILS] == 2

    def test_rows_of_commas_and_spaces_around_cells_do_not_matter(self, tmp_path: Path) -> None:
        files = small_export()
        files["demographics.csv"] = (
            " sourcedId , birthDate,sex,,\n\n p1 , 2018-08-31 ,female,,\n,,,,\n"
        )
        assert _pupil(_read(files, tmp_path), "p1").date_of_birth == date(2018, 8, 31)

    def test_demographics_may_call_their_id_the_users(self, tmp_path: Path) -> None:
        files = small_export("1.1")
        files["demographics.csv"] = files["demographics.csv"].replace("sourcedId", "userSourcedId")
        assert _pupil(_read(files, tmp_path), "p2").sex is Sex.MALE

    def test_a_1_2_export_may_have_its_roles_in_the_users_file(self, tmp_path: Path) -> None:
        files = {**small_export("1.2"), "users.csv": small_export("1.1")["users.csv"]}
        files["manifest.csv"] = files["manifest.csv"].replace("file.roles,bulk\r\n", "")
        del files["roles.csv"]
        assert _read(files, tmp_path).records == _read(small_export(), tmp_path / "b").records


class TestStatusInBulkFiles:
    def test_rows_marked_as_deleted_are_left_out(self, tmp_path: Path) -> None:
        files = small_export()
        files["users.csv"] = (
            files["users.csv"].replace("enabledUser", "status").replace("true", "active")
        )
        files["users.csv"] = (
            files["users.csv"]
            .replace("p2,active", "p2,tobedeleted")
            .replace("username", "enabledUser,username")
        )
        files["users.csv"] = "\n".join(
            line
            if number == 0
            else line.replace("active,", "active,true,").replace(
                "tobedeleted,", "tobedeleted,true,"
            )
            for number, line in enumerate(files["users.csv"].splitlines())
        )
        snapshot = _read(files, tmp_path)
        assert snapshot.counts()[Collection.PUPILS] == 1
        assert _links(snapshot) == {("c1", "p1"), ("c2", "p1")}
        assert Collection.PUPILS in snapshot.complete


class TestEnrolmentDates:
    def _members(self, dates: str, tmp_path: Path) -> bool:
        files = small_export()
        files["enrollments.csv"] = files["enrollments.csv"].replace(
            "e2,c1,org,p2,student,,,", f"e2,c1,org,p2,student,,{dates}"
        )
        return ("c1", "p2") in _links(_read(files, tmp_path))

    @pytest.mark.parametrize(
        ("dates", "counts"),
        [
            (",2026-11-24", False),
            (",2026-11-25", True),
            ("2026-11-24,", True),
            ("2026-11-25,", False),
            ("2026-09-01,2027-07-22", True),
        ],
    )
    def test_the_end_is_exclusive(self, dates: str, counts: bool, tmp_path: Path) -> None:
        assert self._members(dates, tmp_path) is counts

    def test_who_left_and_came_back_is_in_the_class(self, tmp_path: Path) -> None:
        files = small_export()
        files["enrollments.csv"] += "e9,c1,org,p1,student,,2026-09-01,2026-10-01\n"
        assert ("c1", "p1") in _links(_read(files, tmp_path))


class TestPeople:
    def _with_users(self, old: str, new: str, tmp_path: Path) -> Snapshot:
        files = small_export()
        assert old in files["users.csv"]
        files["users.csv"] = files["users.csv"].replace(old, new)
        return _read(files, tmp_path)

    @pytest.mark.parametrize(
        "cell",
        ["{UPN:H801200001001}", '"{Sims:1},{upn: H801200001001 }"', "{UPN:h8012 00001001}"],
    )
    def test_the_upn_is_found_among_the_user_ids(self, cell: str, tmp_path: Path) -> None:
        upn = _pupil(self._with_users("{UPN:H801200001001}", cell, tmp_path), "p1").upn
        assert upn is not None
        assert upn.replace(" ", "").upper() == "H801200001001"

    def test_the_upn_may_be_the_identifier(self, tmp_path: Path) -> None:
        files = small_export()
        files["users.csv"] = files["users.csv"].replace("userIds", "identifier")
        files["users.csv"] = files["users.csv"].replace("{UPN:H801200001001}", "h801200001001")
        assert _pupil(_read(files, tmp_path), "p1").upn == "h801200001001"

    def test_another_identifier_is_not_taken_for_a_upn(self, tmp_path: Path) -> None:
        files = small_export()
        files["users.csv"] = files["users.csv"].replace("userIds", "identifier")
        files["users.csv"] = files["users.csv"].replace("{UPN:H801200001001}", "004217")
        snapshot = _read(files, tmp_path)
        assert _pupil(snapshot, "p1").upn is None
        assert _remarked(snapshot)[Remark.IDENTIFIER_NOT_UPN] == 1

    def test_user_ids_in_another_form_are_counted(self, tmp_path: Path) -> None:
        snapshot = self._with_users("{UPN:H801200001001}", "UPN=H801200001001", tmp_path)
        assert _remarked(snapshot)[Remark.USER_IDS_NOT_UNDERSTOOD] == 1

    def test_an_impossible_address_is_left_out_and_counted(self, tmp_path: Path) -> None:
        snapshot = self._with_users("srees@heronpark.example", "s.rees at heron", tmp_path)
        assert [r.email for r in snapshot.records if isinstance(r, StaffRecord)] == [None]
        assert _remarked(snapshot)[Remark.EMAIL_NOT_UNDERSTOOD] == 1

    @pytest.mark.parametrize(
        ("file", "old", "new", "remark"),
        [
            ("demographics.csv", "2017-09-01", "2071-09-01", Remark.BIRTH_DATE_NOT_USED),
            ("demographics.csv", "2017-09-01", "01/09/2017", Remark.BIRTH_DATE_NOT_USED),
            ("users.csv", "Łukasz,Nowak", "Łukasz,", Remark.NAME_BLANK),
            ("users.csv", "Nowak", "N" * 201, Remark.TEXT_TOO_LONG),
            ("enrollments.csv", "e4,c2", "e4,c9", Remark.LINK_OF_UNKNOWN),
            ("enrollments.csv", "e2,c1,org,p2", "e2,c1,org,p9", Remark.LINK_OF_UNKNOWN),
            ("roles.csv", "r2,p2", "r2,p9", Remark.LINK_OF_UNKNOWN),
            ("demographics.csv", "p2,", "p9,", Remark.LINK_OF_UNKNOWN),
        ],
    )
    def test_one_row_does_not_keep_the_others_behind(
        self, file: str, old: str, new: str, remark: Remark, tmp_path: Path
    ) -> None:
        """R16, R17: what cannot be read is no information."""
        files = small_export("1.2")
        assert old in files[file]
        files[file] = files[file].replace(old, new)
        snapshot = _read(files, tmp_path)
        assert _remarked(snapshot)[remark] >= 1
        assert _pupil(snapshot, "p1").date_of_birth == date(2018, 8, 31)
        if file == "demographics.csv":
            assert _pupil(snapshot, "p2").date_of_birth is None
            assert _pupil(snapshot, "p2").legal_surname == "Nowak"

    def test_a_remark_names_lines_and_nobody(self, tmp_path: Path) -> None:
        snapshot = _read(small_export(), tmp_path)
        assert str(snapshot.remarks[0]).endswith("(users.csv line 3)")
        assert "Nowak" not in str(snapshot.remarks)

    def test_parents_are_neither_pupils_nor_staff(self, tmp_path: Path) -> None:
        files = small_export()
        files["users.csv"] += "g1,false,u9,,Jan,Nowak,\ng2,false,u8,,,,\n"
        files["roles.csv"] += "r8,g1,primary,guardian,,,org\nr9,g2,primary,parent,,,org\n"
        assert list(_read(files, tmp_path).counts().values()) == [2, 1, 2, 3, 1, 2, 0]

    @pytest.mark.parametrize("side", ["pupil", "parent"])
    def test_agents_on_either_side_make_a_family(self, side: str, tmp_path: Path) -> None:
        files = small_export()
        agents = {"p1": "g1,t1", "p2": "g1", "g1": ""} if side == "pupil" else {"g1": "p1,p2"}
        lines = (files["users.csv"] + "g1,false,u9,,Jan,Nowak,jan@mailbox.example\n").splitlines()
        files["users.csv"] = "\n".join(
            [
                lines[0] + ",agentSourcedIds",
                *(f'{line},"{agents.get(line.split(",")[0], "")}"' for line in lines[1:]),
            ]
        )
        files["roles.csv"] += "r8,g1,primary,relative,,,org\n"
        snapshot = _read(files, tmp_path)
        assert [r for r in snapshot.records if r.kind in ("contact", "relationship")] == [
            ContactRecord(
                mis_id="g1", forename="Jan", surname="Nowak", email="jan@mailbox.example"
            ),
            *(
                RelationshipRecord(
                    contact_mis_id="g1",
                    pupil_mis_id=pupil,
                    relationship=ContactRelationship.RELATIVE,
                )
                for pupil in ("p1", "p2")
            ),
        ]
        assert snapshot.complete == frozenset(Collection)
        assert (Remark.AGENT_NOT_FAMILY in _remarked(snapshot)) == (side == "pupil")

    def test_a_teacher_may_also_be_a_parent(self, tmp_path: Path) -> None:
        files = small_export()
        files["roles.csv"] += "r8,t1,secondary,guardian,,,org\n"
        assert _read(files, tmp_path).counts()[Collection.STAFF] == 1

    def test_a_role_that_has_ended_is_none(self, tmp_path: Path) -> None:
        files = small_export()
        files["roles.csv"] = files["roles.csv"].replace(
            "r2,p2,primary,student,,", "r2,p2,primary,student,,2026-10-23"
        )
        assert _read(files, tmp_path).counts()[Collection.PUPILS] == 1

    def test_aides_and_heads_are_staff_and_teach_nothing(self, tmp_path: Path) -> None:
        files = small_export()
        files["users.csv"] += "a1,true,u8,,Bev,Clay,\nh1,true,u9,,Jo,Hart,\n"
        files["roles.csv"] += "r8,a1,primary,aide,,,org\nr9,h1,primary,principal,,,org\n"
        files["enrollments.csv"] += "e8,c1,org,a1,aide,,,\n"
        snapshot = _read(files, tmp_path)
        assert snapshot.counts()[Collection.STAFF] == 3
        assert snapshot.counts()[Collection.TEACHINGS] == 1
        assert _remarked(snapshot)[Remark.ENROLMENT_NOT_USED] == 1

    def test_a_teacher_and_a_pupil_without_class_are_counted(self, tmp_path: Path) -> None:
        files = small_export()
        files["users.csv"] += "t2,true,u8,,Peter,Lind,\np3,true,u9,,Ada,Moss,\n"
        files["roles.csv"] += "r8,t2,primary,teacher,,,org\nr9,p3,primary,student,,,org\n"
        remarks = _remarked(_read(files, tmp_path))
        assert remarks[Remark.TEACHER_WITHOUT_CLASS] == 1
        assert remarks[Remark.PUPIL_WITHOUT_CLASS] == 1


def test_classes_of_last_year_are_left_out(tmp_path: Path) -> None:
    files = small_export()
    files["academicSessions.csv"] += "last,2025/26,schoolYear,2025-09-01,2026-08-31,2026\n"
    files["classes.csv"] += "c0,2 Blue,,course,homeroom,org,last\n"
    files["enrollments.csv"] += "e0,c0,org,p1,student,,,\n"
    snapshot = _read(files, tmp_path)
    assert snapshot.academic_year == "2026/27"
    assert snapshot.counts()[Collection.GROUPS] == 2
    assert snapshot.counts()[Collection.MEMBERSHIPS] == 3
    assert _remarked(snapshot)[Remark.OTHER_SCHOOL_YEAR] == 1
