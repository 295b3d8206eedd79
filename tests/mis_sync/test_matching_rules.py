"""Which pupil a MIS record is, and what is proposed of them, as functions (R11, R17, R18, R22)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.mis_sync.matching.pupil_changes import (
    change_of_leaver,
    change_of_mapped,
    proposal_of_new,
)
from services.mis_sync.matching.pupils import (
    PupilIndex,
    identify_pupils,
    year_group_of_new_pupil,
)
from services.mis_sync.matching.records import (
    FindingKind,
    Match,
    MisPupil,
    MisStaff,
    OwnPupil,
    School,
)
from shared.contracts.mis_sync import ProposalAction
from shared.school.names import search_key
from tests.mis_sync.mis import upn

SCHOOL = School(academic_year="2026/27", year_groups=("R", "1", "2", "3", "4", "5", "6"))
LIMITED = replace(SCHOOL, limited=True)
BORN = date(2018, 10, 3)
ONE, TWO = UUID(int=1), UUID(int=2)

UPNS = st.sampled_from([upn(n) for n in range(4)])
MAYBE_UPN = st.one_of(st.none(), UPNS, st.just("A801200005001"), st.just("not a upn"))
NAMES = st.sampled_from(["Maya", "MAYA", "Zoë", "Zoe", "O'Neill", "ONeill"])
BIRTHDAYS = st.sampled_from([BORN, date(2018, 10, 4), None])
VERSIONS = st.integers(1, 9)


def mis_pupils(mis_id: str) -> st.SearchStrategy[MisPupil]:
    return st.builds(
        MisPupil,
        mis_id=st.just(mis_id),
        upn=MAYBE_UPN,
        former_upns=st.lists(UPNS, max_size=2).map(tuple),
        legal_forename=st.one_of(st.none(), NAMES),
        legal_surname=st.one_of(st.none(), NAMES),
        preferred_forename=st.one_of(st.none(), NAMES),
        preferred_surname=st.none(),
        middle_names=st.none(),
        date_of_birth=BIRTHDAYS,
        sex=st.sampled_from([None, "F", "M"]),
        year_group=st.sampled_from([None, "2", "3"]),
    )


def own_pupils(number: int) -> st.SearchStrategy[OwnPupil]:
    return st.builds(
        OwnPupil,
        id=st.just(UUID(int=number)),
        version=VERSIONS,
        active=st.booleans(),
        upn=st.one_of(st.none(), st.just(upn(number))),
        former_upns=st.lists(UPNS, max_size=2).map(tuple),
        legal_forename=NAMES,
        legal_surname=NAMES,
        preferred_forename=st.one_of(st.none(), NAMES),
        preferred_surname=st.none(),
        middle_names=st.none(),
        date_of_birth=BIRTHDAYS,
        sex=st.sampled_from([None, "F", "M"]),
        year_group=st.sampled_from([None, "2", "3"]),
        overrides=st.frozensets(
            st.sampled_from(["upn", "active", "year_group", "legal_forename", "sex"])
        ),
        mapped_to=st.none(),
    )


RECORDS = st.integers(0, 4).flatmap(
    lambda n: st.tuples(*(mis_pupils(f"P{i}") for i in range(n))).map(list)
)
PUPILS = st.integers(0, 4).flatmap(
    lambda n: st.tuples(*(own_pupils(i) for i in range(n))).map(list)
)


def own(number: int = 1, **fields: Any) -> OwnPupil:
    known: dict[str, Any] = {
        "id": UUID(int=number),
        "version": 1,
        "active": True,
        "upn": upn(number),
        "former_upns": (),
        "legal_forename": "Maya",
        "legal_surname": "Patel",
        "date_of_birth": BORN,
        "year_group": "3",
    }
    return OwnPupil(**{**known, **fields})


def record(mis_id: str = "P1", **fields: Any) -> MisPupil:
    known: dict[str, Any] = {
        "upn": upn(1),
        "legal_forename": "Maya",
        "legal_surname": "Patel",
        "date_of_birth": BORN,
    }
    return MisPupil(**{"mis_id": mis_id, **known, **fields})


class TestWhoAPupilIs:
    @given(RECORDS, PUPILS, st.randoms(use_true_random=False))
    def test_does_not_depend_on_the_order_of_records(
        self, records: list[MisPupil], pupils: list[OwnPupil], random: Any
    ) -> None:
        first = {i.record.mis_id: i for i in identify_pupils(records, PupilIndex(pupils), SCHOOL)}
        shuffled = list(records)
        random.shuffle(shuffled)
        again = {i.record.mis_id: i for i in identify_pupils(shuffled, PupilIndex(pupils), SCHOOL)}
        assert first == again

    @given(RECORDS, PUPILS)
    def test_nobody_is_two_records_and_every_record_has_one_answer(
        self, records: list[MisPupil], pupils: list[OwnPupil]
    ) -> None:
        found = identify_pupils(records, PupilIndex(pupils), SCHOOL)
        owned = [identity.own.id for identity in found if identity.own]
        assert len(owned) == len(set(owned))
        for identity in found:
            answers = [identity.own is not None, identity.new, identity.finding is not None]
            assert sum(answers) == 1

    @given(RECORDS, PUPILS)
    def test_new_is_only_who_has_a_valid_upn_of_their_own_and_no_namesake(
        self, records: list[MisPupil], pupils: list[OwnPupil]
    ) -> None:
        """R11, R17: where there is a suggestion, nothing new is made."""
        found = identify_pupils(records, PupilIndex(pupils), SCHOOL)
        new = [identity.record for identity in found if identity.new]
        assert len({each.upn for each in new}) == len(new)
        for each in new:
            proposal = proposal_of_new(each, ONE, SCHOOL)
            assert proposal.details.upn not in {pupil.upn for pupil in pupils}
            for pupil in pupils:
                same = each.name_keys() & pupil.name_keys()
                assert not (
                    same and pupil.date_of_birth and pupil.date_of_birth == each.date_of_birth
                )

    @given(RECORDS, PUPILS)
    def test_a_name_and_a_birthday_never_decide(
        self, records: list[MisPupil], pupils: list[OwnPupil]
    ) -> None:
        for identity in identify_pupils(records, PupilIndex(pupils), SCHOOL):
            if identity.own is None:
                continue
            theirs = {identity.record.upn, *identity.record.former_upns}
            assert theirs & {identity.own.upn, *identity.own.former_upns}

    @pytest.mark.parametrize(
        ("told", "here"),
        [
            ({"upn": upn(1)}, {"upn": upn(1)}),
            ({"upn": f" {upn(1).lower()} "}, {"upn": upn(1)}),
            ({"upn": upn(2)}, {"upn": upn(3), "former_upns": (upn(2),)}),
            ({"upn": upn(2), "former_upns": (upn(1),)}, {"upn": upn(1)}),
            ({"upn": None, "former_upns": (upn(1),)}, {"upn": upn(1)}),
        ],
    )
    def test_upn_and_former_upn_both_ways_are_certain(
        self, told: dict[str, Any], here: dict[str, Any]
    ) -> None:
        (found,) = identify_pupils([record(**told)], PupilIndex([own(**here)]), SCHOOL)
        assert found.own is not None

    def test_the_same_person_under_another_upn_is_suggested_and_not_made(self) -> None:
        twin = record(upn=upn(2), legal_forename="MAYA", legal_surname="Pátel")
        (found,) = identify_pupils([twin], PupilIndex([own()]), SCHOOL)
        assert found.finding is not None
        assert found.finding.kind is FindingKind.PUPIL_SUGGESTION
        assert found.finding.suggestion == ONE
        assert found.finding.match is Match.MAY_MATCH

    def test_who_has_no_upn_is_listed_with_who_they_probably_are(self) -> None:
        (found,) = identify_pupils([record(upn=None)], PupilIndex([own()]), SCHOOL)
        assert found.finding is not None
        assert found.finding.kind is FindingKind.PUPIL_WITHOUT_UPN
        assert found.finding.suggestion == ONE

    def test_a_wrong_check_letter_is_the_reason_that_is_given(self) -> None:
        (found,) = identify_pupils([record(upn="A801200005001")], PupilIndex([]), SCHOOL)
        assert found.finding is not None
        assert found.finding.kind is FindingKind.PUPIL_INVALID_UPN
        assert "it must be B" in found.finding.reason

    def test_two_records_with_one_upn_are_both_listed(self) -> None:
        found = identify_pupils([record("A"), record("B")], PupilIndex([]), SCHOOL)
        kinds = {identity.finding.kind for identity in found if identity.finding}
        assert kinds == {FindingKind.PUPIL_DUPLICATE_UPN}

    def test_in_another_academic_year_new_pupils_wait(self) -> None:
        """R22."""
        (found,) = identify_pupils([record()], PupilIndex([]), LIMITED)
        assert found.finding is not None
        assert found.finding.kind is FindingKind.PUPIL_OTHER_YEAR


class TestWhatIsProposedOfAPupil:
    @given(mis_pupils("P1"), own_pupils(1))
    def test_applying_it_leaves_nothing_to_propose(self, told: MisPupil, here: OwnPupil) -> None:
        change = change_of_mapped(told, here, SCHOOL)
        if change.proposal is None:
            return
        details = change.proposal.details
        known = details.model_dump(exclude_none=True, exclude={"former_upns"})
        former = {*here.former_upns, *details.former_upns}
        after = replace(here, **known, former_upns=tuple(former), active=True)
        if change.proposal.action is ProposalAction.UPDATE:
            after = replace(after, active=here.active)
        assert change_of_mapped(told, after, SCHOOL).proposal is None

    @given(mis_pupils("P1"), own_pupils(1))
    def test_nothing_is_blanked_and_nothing_set_by_hand_is_touched(
        self, told: MisPupil, here: OwnPupil
    ) -> None:
        """R13, R17."""
        change = change_of_mapped(told, here, SCHOOL)
        if change.proposal is None:
            return
        said = change.proposal.details.model_dump(exclude_none=True)
        assert not said.keys() & here.overrides
        if change.proposal.action is ProposalAction.REACTIVATE:
            assert "active" not in here.overrides
        for name in said.keys() - {"former_upns", "upn"}:
            assert said[name] == getattr(told, name)

    @given(mis_pupils("P1"), own_pupils(1))
    def test_in_another_academic_year_only_details_flow(
        self, told: MisPupil, here: OwnPupil
    ) -> None:
        """R22."""
        change = change_of_mapped(told, here, LIMITED)
        if change.proposal is not None:
            assert change.proposal.action is ProposalAction.UPDATE
            assert change.proposal.details.year_group is None
        assert change_of_leaver(here, LIMITED).proposal is None

    def test_an_unproved_upn_is_asked_about_and_the_rest_flows(self) -> None:
        """R18."""
        change = change_of_mapped(record(upn=upn(2), sex="F"), own(), SCHOOL)
        assert change.finding is not None
        assert change.finding.kind is FindingKind.PUPIL_UPN_CHANGED
        assert change.proposal is not None
        assert change.proposal.details.upn is None
        assert change.proposal.details.sex == "F"

    def test_a_upn_that_a_former_one_proves_is_taken_over(self) -> None:
        told = record(upn=upn(2), former_upns=(upn(1),))
        change = change_of_mapped(told, own(), SCHOOL)
        assert change.finding is None
        assert change.proposal is not None
        assert change.proposal.details.upn == upn(2)
        assert change.proposal.details.former_upns == (upn(1),)

    def test_a_upn_that_a_person_accepted_is_taken_over(self) -> None:
        change = change_of_mapped(record(upn=upn(2)), own(), SCHOOL, accepted_upn=upn(2))
        assert change.finding is None
        assert change.proposal is not None
        assert change.proposal.details.upn == upn(2)

    def test_a_leaver_set_active_by_hand_stays(self) -> None:
        """R13."""
        assert change_of_leaver(own(), SCHOOL).proposal is not None
        by_hand = own(overrides=frozenset({"active"}))
        assert change_of_leaver(by_hand, SCHOOL).proposal is None
        assert change_of_leaver(own(mapped_to="P2"), SCHOOL).proposal is None

    @pytest.mark.parametrize(
        ("told", "year_group"),
        [
            ({"year_group": "5"}, "5"),
            ({}, "3"),
            ({"date_of_birth": date(2021, 8, 31)}, "1"),
            ({"date_of_birth": date(2021, 9, 1)}, "R"),
            ({"date_of_birth": None, "class_names": ("4 Red",)}, "4"),
            ({"date_of_birth": date(2001, 1, 1), "class_names": ("4 Red",)}, "4"),
            ({"date_of_birth": None, "class_names": ("4 Red", "5 Oak")}, None),
            ({"date_of_birth": None, "class_names": ("3/4 Oak",)}, None),
        ],
    )
    def test_the_year_group_of_a_new_pupil(
        self, told: dict[str, Any], year_group: str | None
    ) -> None:
        assert year_group_of_new_pupil(record(**told), SCHOOL) == year_group


def test_names_are_compared_part_by_part() -> None:
    """`Li An` is not `An Li`, though both hold the same words."""
    assert search_key("Li An") != search_key("An Li")
    assert not MisStaff(mis_id="1", forename="Li", surname="An").name_keys() & (
        MisStaff(mis_id="2", forename="An", surname="Li").name_keys()
    )
