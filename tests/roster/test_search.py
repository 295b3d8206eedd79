"""The search at the top right, of pupils and groups (R28): who finds whom (R14), and what first."""

from __future__ import annotations

from typing import Any

from uuid_utils.compat import uuid7

from shared.contracts.vocabulary import LinkKind
from tests.roster.door import UPNS, Door, SchoolInTest, user


async def search(school: SchoolInTest, q: str, headers: dict[str, str] | None = None) -> Any:
    return await school.get("/search", headers, q=q)


def named(found: Any) -> list[str]:
    return [f"{one['forename']} {one['surname']}" for one in found["pupils"]["items"]]


async def inactive(school: SchoolInTest, path: str) -> None:
    await school.by_hand("PATCH", path, {"expected_version": 1, "active": False})


async def test_finds_by_any_name_without_accents_and_by_upn(school: SchoolInTest) -> None:
    zoe = await school.has_pupil(
        upn=UPNS[0], legal_forename="Zoë", legal_surname="O’Neill", preferred_surname="Brontë"
    )
    await school.has_class("3 Zebra", "3", zoe)
    await school.has_pupil(upn=UPNS[1], legal_forename="Ann", legal_surname="Lee")
    for typed in ("zoe bronte", "ZOË", "oneill", UPNS[0][:6], f" {UPNS[0][:5]} {UPNS[0][5:]} "):
        found = await search(school, typed)
        assert named(found) == ["Zoë Brontë"], typed
    [pupil] = found["pupils"]["items"]
    assert (pupil["id"], pupil["active"]) == (str(zoe), True)
    assert [group["name"] for group in pupil["groups"]] == ["3 Zebra"]
    assert [group["name"] for group in (await search(school, "zeb"))["groups"]["items"]] == [
        "3 Zebra"
    ]
    for nothing in ("--", "%%", "zz"):
        found = await search(school, nothing)
        assert (found["pupils"]["items"], found["groups"]["items"]) == ([], [])


async def test_inactive_ones_come_last_and_a_name_that_begins_so_first(
    school: SchoolInTest,
) -> None:
    for upn, forename, surname in (
        (UPNS[0], "Ana", "Able"),
        (UPNS[1], "Al", "Banana"),
        (UPNS[2], "Anastasia", "Zed"),
    ):
        last = await school.has_pupil(upn=upn, legal_forename=forename, legal_surname=surname)
    await inactive(school, f"/pupils/{last}")
    found = await search(school, "ana")
    assert named(found) == ["Ana Able", "Al Banana", "Anastasia Zed"]
    assert (found["pupils"]["active"], found["pupils"]["inactive"]) == (2, 1)
    assert (await school.get("/search", q="ana", limit=1))["pupils"] == {
        **found["pupils"],
        "items": found["pupils"]["items"][:1],
    }


async def test_a_teacher_finds_their_groups_and_pupils_alone(
    school: SchoolInTest, door: Door
) -> None:
    """R14; and nobody finds anything of another school."""
    teacher = uuid7()
    await school.users_are_told(user(teacher))
    mine = await school.has_pupil(upn=UPNS[0], legal_forename="Kit", legal_surname="Mine")
    other = await school.has_pupil(upn=UPNS[1], legal_forename="Kit", legal_surname="Other")
    my_class = await school.has_class("Kit 3", "3", mine)
    await school.has_class("Kit 4", "4", mine, other)
    await school.has_link(LinkKind.TEACHER, my_class, teacher)
    headers = school.as_teacher(teacher)
    found = await search(school, "kit", headers)
    assert named(found) == ["Kit Mine"]
    assert found["pupils"]["items"][0]["groups"] == found["groups"]["items"]
    assert [group["name"] for group in found["groups"]["items"]] == ["Kit 3"]
    assert (await search(school, UPNS[1], headers))["pupils"]["items"] == []
    for whole in (school.as_slt(), school.as_admin()):
        assert named(await search(school, "kit", whole)) == ["Kit Mine", "Kit Other"]
    assert named(await search(school, "kit", school.as_teacher(uuid7()))) == []
    elsewhere = SchoolInTest(door)
    await elsewhere.is_heard_of()
    nothing = await search(elsewhere, "kit")
    assert (nothing["pupils"]["items"], nothing["groups"]["items"]) == ([], [])
    assert (nothing["pupils"]["active"], nothing["groups"]["inactive"]) == (0, 0)


async def test_what_is_too_short_or_too_long_is_refused(school: SchoolInTest) -> None:
    for typed in ("", "a", " a ", "a" * 101, "a\x00b", "a\nb"):
        answer = await school.door.client.get(
            "/search", headers=school.as_admin(), params={"q": typed}
        )
        assert answer.status_code in (400, 422), typed
    parent = await school.door.client.get(
        "/search", headers=school.as_parent(), params={"q": "kit"}
    )
    assert parent.status_code == 403
