"""Details of mapped users follow the MIS, but for what they sign in with (R8, R13, R17, R18)."""

from __future__ import annotations

from typing import Any

import pytest

from shared.contracts.identity import UserState
from shared.contracts.mis_sync import StaffApproved
from tests.mis_sync.world import SchoolInTest, decision


@pytest.fixture
async def user(school: SchoolInTest) -> UserState:
    """Tom ReidT1, whom the sync has made."""
    school.mis.group("G", "3 Blue")
    school.mis.teacher("T1", "G")
    await school.sync()
    await school.create_all()
    (made,) = school.held.users.values()
    return made


def now(school: SchoolInTest) -> UserState:
    (user,) = school.held.users.values()
    return user


async def by_hand(school: SchoolInTest, user: UserState, **changed: Any) -> None:
    version = user.version + 1
    after = user.model_copy(update={"version": version, **changed})
    await school.world.owners.keep_user(school.id, after)
    query = f"SELECT 1 FROM own_users WHERE school_id = $1 AND version = {version}"  # noqa: S608
    await school.hears(bool, query)


async def test_names_title_and_staff_code_are_taken_over(
    school: SchoolInTest, user: UserState
) -> None:
    school.mis.teacher("T1", surname="Rao", title="Dr", staff_code="RAO")
    run = await school.sync()
    assert run["counts"]["users_updated"] == 1
    assert (now(school).title, now(school).surname, now(school).staff_code) == ("Dr", "Rao", "RAO")
    assert now(school).username == user.username
    assert await school.differences() == []
    assert set((await school.sync())["counts"].values()) == {0}


async def test_what_the_mis_does_not_say_blanks_nothing(
    school: SchoolInTest, user: UserState
) -> None:
    """R17."""
    school.mis.teacher("T1", surname=None, title=None, email=None)
    run = await school.sync()
    assert run["counts"]["users_updated"] == 0
    assert now(school) == user


async def test_what_was_set_by_hand_stays_until_it_is_handed_back(
    school: SchoolInTest, user: UserState
) -> None:
    """R13."""
    await by_hand(school, user, surname="Reid-Rao", overrides=("surname",))
    run = await school.sync()
    assert run["counts"]["users_updated"] == 0
    await by_hand(school, now(school), overrides=())
    await school.sync()
    assert now(school).surname == "ReidT1"


async def test_another_address_is_asked_about_and_taken_over_when_a_person_says_so(
    school: SchoolInTest, user: UserState
) -> None:
    """R18 does not call it certain, and people sign in with it."""
    school.mis.teacher("T1", email="tom@new.example", title="Dr")
    await school.sync()
    assert (now(school).title, now(school).email) == ("Dr", "t1@school.example")
    (difference,) = await school.differences()
    assert (difference["kind"], difference["match"]) == ("staff_email_changed", "may_match")
    assert difference["suggestion"]["id"] == str(user.id)
    assert set((await school.sync())["counts"].values()) == {0}
    await school.decide(decision(difference, "map"))
    assert now(school).email == "tom@new.example"
    assert await school.differences() == []


async def test_accepted_and_taken_elsewhere_it_is_a_difference_with_the_reason(
    school: SchoolInTest, user: UserState
) -> None:
    """R8."""
    school.mis.teacher("T1", email="tom@new.example")
    await school.sync()
    (difference,) = await school.differences()
    school.held.refusals[user.id] = ("Somebody else has this address.", None)
    await school.decide(decision(difference, "map"))
    (refused,) = await school.differences()
    assert (refused["kind"], refused["reason"]) == (
        "refused_staff",
        "Somebody else has this address.",
    )
    assert now(school).email == user.email


async def test_another_name_and_address_at_once_change_nothing_by_themselves(
    school: SchoolInTest, user: UserState
) -> None:
    """The MIS may have given its id to somebody else."""
    school.mis.teacher("T1", forename="Ada", surname="Jones", email="ada@school.example")
    await school.sync()
    assert now(school) == user
    assert [d["kind"] for d in await school.differences()] == ["staff_email_changed"]


async def test_nothing_of_who_is_inactive_here(school: SchoolInTest, user: UserState) -> None:
    await by_hand(school, user, active=False)
    school.mis.teacher("T1", surname="Rao", email="rao@school.example")
    asked = len(school.held.proposals(StaffApproved))
    await school.sync()
    assert len(school.held.proposals(StaffApproved)) == asked
    assert await school.differences() == []
