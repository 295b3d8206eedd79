"""Which group and which member of staff a MIS record is, as functions (R17, R18, R20, R22)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.mis_sync.matching.groups import change_of_mapped_group, identify_groups
from services.mis_sync.matching.records import (
    FindingKind,
    Match,
    MisGroup,
    MisStaff,
    OwnGroup,
    OwnUser,
    School,
)
from services.mis_sync.matching.staff import finding_of_mapped, identify_staff

SCHOOL = School(academic_year="2026/27", year_groups=("R", "1", "2", "3", "4", "5", "6"))
ONE, TWO = UUID(int=1), UUID(int=2)


class TestWhichGroupItIs:
    def group(self, name: str, year_group: str | None = None, **fields: Any) -> OwnGroup:
        known: dict[str, Any] = {"id": ONE, "version": 1, "active": True, "kind": "class"}
        known |= {"origin": "hand", "name": name, "year_group": year_group}
        return OwnGroup(**{**known, **fields})

    def find(self, name: str, *groups: OwnGroup, year_group: str | None = None) -> Any:
        told = MisGroup(mis_id="G", name=name, kind="class", year_group=year_group)
        (found,) = identify_groups([told], groups)
        return found

    @pytest.mark.parametrize(
        ("told", "here", "year_group"),
        [("3 Blue", "3 blue", "3"), ("Zoë’s", "Zoes", None), ("Oak (Year 3)", "Oak Year 3", "3")],
    )
    def test_the_same_name_and_year_group_is_certain(
        self, told: str, here: str, year_group: str | None
    ) -> None:
        assert self.find(told, self.group(here, year_group)).own is not None

    def test_one_name_twice_is_asked(self) -> None:
        found = self.find("3 Blue", self.group("3 Blue"), self.group("3 Blue", id=TWO))
        assert found.own is None
        assert found.finding.match is Match.MAY_MATCH

    def test_another_year_group_and_a_like_name_are_suggested(self) -> None:
        assert self.find("Oak", self.group("Oak", "3"), year_group="4").finding.suggestion == ONE
        assert self.find("Class 3 Blue", self.group("3 Blue")).finding.suggestion == ONE
        assert self.find("3 Blue", self.group("Choir")).finding.suggestion is None
        assert self.find("3 Blue", self.group("4 Blue")).finding.suggestion is None

    def test_is_new_where_no_free_group_here_could_be_it(self) -> None:
        """R19: Not matched, where a person should look first whether one of ours is it."""
        cases: dict[Match, list[tuple[OwnGroup, ...]]] = {
            Match.NEW: [(), (self.group("Year 5", "5"),), (self.group("Choir", mapped_to="X"),)],
            Match.NOT_MATCHED: [(self.group("Choir"),), (self.group("Maths top", "3"),)],
        }
        for match, all_groups in cases.items():
            for groups in all_groups:
                assert self.find("3 Blue", *groups).finding.match is match

    def test_one_that_was_made_inactive_is_suggested_only(self) -> None:
        found = self.find("3 Blue", self.group("3 Blue", active=False))
        assert found.own is None
        assert found.finding.suggestion == ONE

    def test_a_group_made_here_keeps_its_name(self) -> None:
        told = MisGroup(mis_id="G", name="3B", kind="class")
        assert change_of_mapped_group(told, self.group("3 Blue"), SCHOOL) is None
        followed = change_of_mapped_group(told, self.group("3 Blue", origin="mis"), SCHOOL)
        assert followed is not None
        assert followed.name == "3B"


class TestWhoStaffAre:
    def user(self, number: int = 1, **fields: Any) -> OwnUser:
        known: dict[str, Any] = {"forename": "Tom", "surname": "Reid", "email": "tom@x.example"}
        return OwnUser(**{"id": UUID(int=number), "version": 1, "active": True, **known, **fields})

    def staff(self, mis_id: str = "T1", **fields: Any) -> MisStaff:
        known: dict[str, Any] = {"forename": "Tom", "surname": "Reid", "email": "Tom@X.example"}
        known |= {"teaches": 1, "teaches_mapped": 1}
        return MisStaff(**{"mis_id": mis_id, **known, **fields})

    def test_an_email_without_regard_to_case_is_certain(self) -> None:
        (found,) = identify_staff([self.staff(surname="Other")], [self.user()])
        assert found.own is not None

    def test_then_a_staff_code(self) -> None:
        told = self.staff(email=None, staff_code="tre")
        (found,) = identify_staff([told], [self.user(email=None, staff_code="TRE")])
        assert found.own is not None

    def test_the_same_name_is_suggested_and_nobody_is_made(self) -> None:
        told = self.staff(email="other@x.example", surname="Réid")
        (found,) = identify_staff([told], [self.user()])
        assert found.finding is not None
        assert found.finding.kind is FindingKind.STAFF_SUGGESTION

    def test_who_matches_nobody_is_new(self) -> None:
        (found,) = identify_staff([self.staff()], [])
        assert found.new

    @pytest.mark.parametrize(
        "clash",
        [
            ([{"staff_code": "ABC"}], [{}, {"email": "b@x.example", "staff_code": "abc"}]),
            ([{}], [{"mapped_to": "T9"}]),
            ([{}, {"mis_id": "T2", "surname": "Fox"}], []),
            ([{}, {"mis_id": "T2", "email": None, "staff_code": "TRE"}], [{"staff_code": "TRE"}]),
        ],
    )
    def test_an_email_that_two_lay_claim_to_is_asked_about(
        self, clash: tuple[list[dict[str, Any]], list[dict[str, Any]]]
    ) -> None:
        """R8."""
        told = [self.staff(**fields) for fields in clash[0]]
        users = [self.user(number, **fields) for number, fields in enumerate(clash[1], 1)]
        found = identify_staff(told, users)
        assert {i.finding.kind for i in found if i.finding} == {FindingKind.STAFF_EMAIL_CLASH}
        assert not any(i.own or i.new for i in found)

    @pytest.mark.parametrize(
        ("teaches", "mapped", "kind"),
        [(0, 0, FindingKind.STAFF_WITHOUT_CLASS), (2, 0, FindingKind.STAFF_CLASS_UNMAPPED)],
    )
    def test_without_a_mapped_class_nobody_is_made_or_asked_about(
        self, teaches: int, mapped: int, kind: FindingKind
    ) -> None:
        """R20."""
        told = self.staff(email=None, teaches=teaches, teaches_mapped=mapped)
        (found,) = identify_staff([told], [self.user()])
        assert found.finding is not None
        assert found.finding.kind is kind

    def test_who_was_made_inactive_gets_no_new_user(self) -> None:
        """R20."""
        (found,) = identify_staff([self.staff()], [self.user(active=False)])
        assert found.own is not None
        listed = finding_of_mapped(found.record, found.own, gone=False)
        assert listed is not None
        assert listed.kind is FindingKind.STAFF_INACTIVE

    @given(st.lists(st.sampled_from(["a@x.example", "b@x.example", None]), max_size=5))
    def test_no_user_is_two_members_of_staff(self, emails: list[str | None]) -> None:
        told = [self.staff(f"T{n}", email=email) for n, email in enumerate(emails)]
        users = [self.user(1, email="a@x.example"), self.user(2, email="b@x.example")]
        owned = [i.own.id for i in identify_staff(told, users) if i.own]
        assert len(owned) == len(set(owned))
