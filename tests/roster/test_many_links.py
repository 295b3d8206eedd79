"""Many users linked to a group at once, and unlinked (R13): looked through first, all or none."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from uuid_utils.compat import uuid7

from shared.contracts.mis_sync import LinkAction, LinkProposal
from shared.contracts.vocabulary import LinkKind
from tests.roster.door import Door, SchoolInTest, problem_of, user


@pytest.fixture
async def school(door: Door) -> SchoolInTest:
    school = SchoolInTest(door)
    await school.is_heard_of()
    return school


async def with_users(school: SchoolInTest, *surnames: str) -> list[UUID]:
    users = [user(surname=surname) for surname in surnames]
    await school.users_are_told(*users)
    return [one.id for one in users]


async def set_links(
    school: SchoolInTest, group_id: UUID, present: bool, *users: UUID, path: str = ""
) -> httpx.Response:
    body = {"present": present, "user_ids": [str(one) for one in users]}
    return await school.by_hand("POST", f"/groups/{group_id}/users{path}", body)


def outcomes(answer: httpx.Response) -> dict[str, str]:
    assert answer.status_code == 200, answer.text
    return {item["name"]: item["outcome"] for item in answer.json()["items"]}


async def links_of(school: SchoolInTest, group_id: UUID) -> dict[UUID, dict[str, Any]]:
    found = await school.get("/links", group_id=str(group_id), kind="teacher", limit=200)
    return {UUID(link["person_id"]): link for link in found["items"]}


async def test_links_those_who_are_not_linked_and_leaves_the_mis_its_own(
    school: SchoolInTest,
) -> None:
    group_id = await school.has_group("3 Blue")
    mis, hall, reed = await with_users(school, "Mis", "Hall", "Reed")
    await school.has_link(LinkKind.TEACHER, group_id, mis)
    expected = {"Ada Hall": "changed", "Ada Mis": "unchanged", "Ada Reed": "changed"}
    ahead = await set_links(school, group_id, True, mis, hall, reed, path="/preview")
    assert outcomes(ahead) == expected
    assert set(await links_of(school, group_id)) == {mis}
    told = len(await school.told())
    done = await set_links(school, group_id, True, mis, hall, reed, reed)
    assert outcomes(done) == expected
    assert done.json() == ahead.json()
    links = await links_of(school, group_id)
    assert {one: link["override"] for one, link in links.items()} == {
        mis: False,
        hall: True,
        reed: True,
    }
    events = (await school.told())[told:]
    assert [event["type"] for event in events] == [
        "roster.links.changed.v1",
        "activity.recorded.v1",
    ]
    entries = events[1]["data"]["entries"]
    assert [entry["action"] for entry in entries] == ["link.added", "link.added"]
    assert outcomes(await set_links(school, group_id, True, hall)) == {"Ada Hall": "unchanged"}
    assert len(await school.told()) == told + 2


async def test_unlinks_so_that_no_sync_links_again(school: SchoolInTest) -> None:
    group_id = await school.has_group("3 Blue")
    mis, hall = await with_users(school, "Mis", "Hall")
    await school.has_link(LinkKind.TEACHER, group_id, mis)
    done = await set_links(school, group_id, False, mis, hall)
    assert outcomes(done) == {"Ada Hall": "unchanged", "Ada Mis": "changed"}
    assert await links_of(school, group_id) == {}
    again = LinkProposal(
        kind=LinkKind.TEACHER, group_id=group_id, person_id=mis, action=LinkAction.ADD
    )
    (outcome,) = await school.links_approved(again)
    assert outcome["outcome"] == "overridden"
    (free,) = await school.links_approved(again.model_copy(update={"person_id": hall}))
    assert free["outcome"] == "applied"


async def test_nobody_of_another_school_and_no_other_group(
    door: Door, school: SchoolInTest
) -> None:
    other = SchoolInTest(door)
    await other.is_heard_of()
    group_id, foreign_group = await school.has_group("3 Blue"), await other.has_group("3 Blue")
    (hall,), (stranger,) = await with_users(school, "Hall"), await with_users(other, "Hall")
    for wrong in (stranger, uuid7()):
        for path in ("", "/preview"):
            answer = await set_links(school, group_id, True, hall, wrong, path=path)
            assert problem_of(answer) == (404, "users-not-found")
            assert "Nothing was changed" in answer.json()["detail"]
    answer = await set_links(school, foreign_group, True, hall)
    assert problem_of(answer) == (404, "group-not-found")
    assert await links_of(school, group_id) == {}


async def test_only_the_admin_and_500_at_most(school: SchoolInTest) -> None:
    group_id = await school.has_group("3 Blue")
    (hall,) = await with_users(school, "Hall")
    body = {"present": True, "user_ids": [str(hall)]}
    for headers in (school.as_slt(), school.as_teacher(hall)):
        for path in ("", "/preview"):
            answer = await school.door.client.post(
                f"/groups/{group_id}/users{path}", json=body, headers=headers
            )
            assert problem_of(answer)[0] == 403
    many = [uuid4() for _ in range(501)]
    assert (await set_links(school, group_id, True, *many)).status_code == 422
    assert (await set_links(school, group_id, True)).status_code == 422


async def test_many_at_once_link_each_once(school: SchoolInTest) -> None:
    group_id = await school.has_group("3 Blue")
    users = await with_users(school, *(f"U{n}" for n in range(100)))
    parts = [users[start : start + 60] for start in (0, 10, 20, 30, 40)]
    answers = await asyncio.gather(*(set_links(school, group_id, True, *part) for part in parts))
    assert sum(answer.json()["changed"] for answer in answers) == 100
    links = await links_of(school, group_id)
    assert {link["version"] for link in links.values()} == {1}
