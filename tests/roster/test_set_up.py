"""How far pupils and groups are, counted now, for the set-up guide (R28)."""

from __future__ import annotations

from typing import Any

from shared.contracts.vocabulary import LinkKind, YearGroup
from tests.roster.door import Door, SchoolInTest, problem_of, user

NOTHING: dict[str, Any] = {
    "pupils": 0,
    "missing_upn": 0,
    "pupils_without_class": 0,
    "groups": 0,
    "classes": 0,
    "classes_without_teacher": 0,
    "classes_without_next": 0,
    "academic_year": "2026/27",
}


async def test_it_is_counted_as_it_is_done(door: Door, school: SchoolInTest) -> None:
    empty = await school.get("/set-up")
    assert empty == {**NOTHING, "academic_year": empty["academic_year"]}
    hall = await school.has_pupil(year_group=YearGroup.Y3)
    reed = {"legal_forename": "Max", "legal_surname": "Reed", "year_group": "3"}
    assert (await school.by_hand("POST", "/pupils", reed)).status_code == 201
    blue = await school.has_class("3 Blue", "3", hall)
    counted = {
        **empty,
        "pupils": 2,
        "missing_upn": 1,
        "pupils_without_class": 1,
        "groups": 1,
        "classes": 1,
        "classes_without_teacher": 1,
        "classes_without_next": 1,
    }
    assert await school.get("/set-up") == counted
    teacher = user()
    await school.users_are_told(teacher)
    await school.has_link(LinkKind.TEACHER, blue, teacher.id)
    await school.has_class("4 Blue", "4")
    counted |= {"groups": 2, "classes": 2, "classes_without_next": 0}
    assert await school.get("/set-up") == counted
    # Somebody who has left teaches nobody.
    await school.users_are_told(user(teacher.id, version=2, active=False))
    assert await school.get("/set-up") == {**counted, "classes_without_teacher": 2}
    other = SchoolInTest(door)
    await other.is_heard_of()
    assert (await other.get("/set-up"))["pupils"] == 0


async def test_that_no_class_follows_can_be_chosen(school: SchoolInTest) -> None:
    hall = await school.has_pupil(year_group=YearGroup.Y3)
    blue = await school.has_class("3 Blue", "3", hall)
    assert (await school.get("/set-up"))["classes_without_next"] == 1
    plan = await school.get("/roll-up")
    place = {"group_id": str(blue), "year_group": "3", "next_group_id": None}
    body = {"expected_version": plan["version"], "places": [place]}
    answer = await school.by_hand("PUT", "/roll-up/successions", body)
    assert answer.status_code == 200, answer.text
    assert (await school.get("/set-up"))["classes_without_next"] == 0


async def test_only_the_admin_account_sees_it(door: Door, school: SchoolInTest) -> None:
    for headers in (school.as_slt(), school.as_teacher(user().id), school.as_parent()):
        answer = await door.client.get("/set-up", headers=headers)
        assert problem_of(answer)[0] == 403
