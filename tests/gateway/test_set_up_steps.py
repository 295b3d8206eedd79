"""Every state of the data gives the right ticks, by the rule written once more (R28)."""

from __future__ import annotations

from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.schemas.mis import LinkHealth
from gateway.schemas.set_up import IdentitySetUp, MisSetUp, ReportsSetUp, RosterSetUp, StepId
from gateway.set_up import Found, is_complete, steps_of, way_of

few = st.integers(0, 3)
counts = st.one_of(few, st.integers(0, 2000))


@st.composite
def people(draw: st.DrawFn) -> IdentitySetUp:
    users, parents = draw(counts), draw(counts)
    leaders = draw(st.integers(0, users))
    claimed = draw(st.integers(0, users))
    return IdentitySetUp(
        has_address=draw(st.booleans()),
        has_telephone=draw(st.booleans()),
        has_contact_email=draw(st.booleans()),
        users=users,
        users_claimed=claimed,
        users_stuck=draw(st.integers(0, users - claimed)),
        senior_leaders=draw(st.integers(leaders, users)),
        leaders=leaders,
        first_passwords=draw(st.sampled_from(["default", "starting_codes"])),
        parents=parents,
        parents_claimed=draw(st.integers(0, parents)),
        put_away=draw(st.booleans()),
    )


@st.composite
def rolls(draw: st.DrawFn) -> RosterSetUp:
    pupils, classes = draw(counts), draw(counts)
    return RosterSetUp(
        pupils=pupils,
        missing_upn=draw(st.integers(0, pupils)),
        pupils_without_class=draw(st.integers(0, pupils)) if classes else pupils,
        groups=classes + draw(few),
        classes=classes,
        classes_without_teacher=draw(st.integers(0, classes)),
        classes_without_next=draw(st.integers(0, classes)),
        academic_year="2026/27",
    )


links = st.builds(
    MisSetUp,
    link_state=st.sampled_from(get_args(LinkHealth)),
    connector_heard=st.booleans(),
    snapshot_applied=st.booleans(),
    differences=counts,
    pupils_not_here=counts,
)
settings_of_reports = st.builds(
    ReportsSetUp, has_logo=st.booleans(), subjects=few, terms=few, terms_proposed=few
)
founds = st.builds(
    Found,
    identity=st.none() | people(),
    roster=st.none() | rolls(),
    mis_sync=st.none() | links,
    reports=st.none() | settings_of_reports,
)
NEEDED = {
    *("details", "mis_link", "first_snapshot", "mapping", "check"),
    *("pupils", "groups", "users", "leaders", "teachers", "first_sign_in"),
}
OF_THE_MIS = {"mis_link", "first_snapshot", "mapping", "check"}


def done(which: str, found: Found) -> bool | None:
    """The rule, as a person would tell it; `None` where its service says nothing."""
    told = told_of(which, found)
    return told if told is None else bool(told)


def told_of(which: str, found: Found) -> object:
    people, roll, mis, reports = found.identity, found.roster, found.mis_sync, found.reports
    match which:
        case "details":
            return people and (
                people.has_address and people.has_telephone and people.has_contact_email
            )
        case "logo":
            return reports and reports.has_logo
        case "mis_link":
            return mis and mis.link_state != "never_linked"
        case "first_snapshot":
            return mis and mis.snapshot_applied
        case "mapping":
            return mis and (mis.snapshot_applied and mis.differences == 0)
        case "check":
            return mis and (mis.snapshot_applied and mis.pupils_not_here == 0)
        case "pupils":
            return roll and roll.pupils > 0
        case "groups":
            return roll and (roll.classes > 0 and roll.pupils_without_class == 0)
        case "users":
            return people and people.users > 0
        case "leaders":
            return people and people.leaders > 0
        case "teachers":
            return roll and (roll.classes > 0 and roll.classes_without_teacher == 0)
        case "first_sign_in":
            return people and (people.users_claimed > 0 and people.users_stuck == 0)
        case "terms":
            return reports and (
                reports.subjects > 0 and reports.terms > 0 and reports.terms_proposed == 0
            )
        case "following_classes":
            return roll and (roll.pupils > 0 and roll.classes > 0 and not roll.classes_without_next)
        case "parents":
            return people and people.parents > 0
    raise AssertionError(which)


@settings(max_examples=150)
@given(founds)
def test_a_step_is_ticked_when_the_data_show_it(found: Found) -> None:
    steps = steps_of(found)
    assert [step.id for step in steps] == list(get_args(StepId))
    for step in steps:
        is_done = done(step.id, found)
        assert step.state == {True: "done", False: "to_do", None: "unknown"}[is_done], step.id
        # What is not done says what is missing; what is done, what there is.
        assert bool(step.missing) is (is_done is False)
        assert is_done is not True or step.there
        assert step.needed is (step.id in NEEDED)
        assert (step.way == "mis") is (step.id in OF_THE_MIS)


@settings(max_examples=150)
@given(founds)
def test_a_school_is_set_up_when_all_that_its_way_needs_is_done(found: Found) -> None:
    way = way_of(found)
    needed = NEEDED if way == "mis" else NEEDED - OF_THE_MIS
    states = [done(which, found) for which in needed]
    expected = False if False in states else None if None in states else True
    assert is_complete(steps_of(found), way) is expected


@given(links, st.none() | rolls())
def test_the_data_show_the_way(mis: MisSetUp, roll: RosterSetUp | None) -> None:
    way = way_of(Found(None, roll, mis, None))
    if mis.link_state != "never_linked" or mis.snapshot_applied:
        assert way == "mis"
    else:
        assert way == ("by_hand" if roll and roll.pupils else None)
    assert way_of(Found(None, roll, None, None)) is None


ONE: dict[str, Any] = {
    "pupils": 1,
    "missing_upn": 1,
    "pupils_without_class": 1,
    "groups": 3,
    "classes": 1,
    "classes_without_teacher": 1,
    "classes_without_next": 1,
    "academic_year": "2026/27",
}


@pytest.mark.parametrize(
    ("step", "there", "missing"),
    [
        ("pupils", "1 pupil, 1 without a UPN.", []),
        ("groups", "1 class and 2 sets.", ["1 pupil is in no class."]),
        ("teachers", "0 of 1 class with a teacher.", ["1 class has nobody who sees the pupils."]),
        (
            "following_classes",
            "The school is in 2026/27.",
            ["1 class has no class that follows."],
        ),
    ],
)
def test_one_is_said_as_one(step: str, there: str, missing: list[str]) -> None:
    found = Found(None, RosterSetUp(**ONE), None, None)
    [said] = [one for one in steps_of(found) if one.id == step]
    assert (said.there, said.missing) == (there, missing)
