"""Many pupils put into a group at once, and taken out (R13): looked through first, all or none."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from stdnum.gb import upn as upns
from uuid_utils.compat import uuid7

from shared.contracts.mis_sync import LinkAction, LinkProposal
from shared.contracts.vocabulary import GroupKind, LinkKind
from tests.roster.door import Door, SchoolInTest, ids_of, problem_of


def upn(number: int) -> str:
    digits = f"801200001{number:03}"
    return upns.calc_check_digit("A" + digits) + digits


async def with_pupils(school: SchoolInTest, *forenames: str) -> list[UUID]:
    return [
        await school.has_pupil(upn=upn(number), legal_forename=name, legal_surname="Hall")
        for number, name in enumerate(forenames, 1)
    ]


async def put(
    school: SchoolInTest, group: UUID, *pupils: UUID, path: str = "", **given: Any
) -> httpx.Response:
    body = {"present": True, "pupil_ids": [str(one) for one in pupils]} | given
    return await school.by_hand("POST", f"/groups/{group}/pupils{path}", body)


def fates(answer: httpx.Response) -> dict[str, tuple[str, str | None]]:
    assert answer.status_code == 200, answer.text
    items = answer.json()["items"]
    return {item["name"]: (item["outcome"], item["reason"] or item["note"]) for item in items}


async def test_are_shown_first_then_put_in_and_told_once(school: SchoolInTest) -> None:
    """R6, R9, R13: the MIS's stay the MIS's, inactive ones are left out, other classes are told."""
    ann, bea, cy, dot = await with_pupils(school, "Ann", "Bea", "Cy", "Dot")
    blue, _ = await school.has_class("3 Blue", "3", ann), await school.has_class("3 Red", "3", bea)
    body = {"expected_version": 1, "active": False}
    await school.by_hand("PATCH", f"/pupils/{cy}", body)
    expected = {
        "Ann Hall": ("unchanged", "Is in this group already."),
        "Bea Hall": ("changed", "Is in 3 Red too, and stays there."),
        "Cy Hall": ("refused", "Is inactive. Make them active first."),
        "Dot Hall": ("changed", None),
    }
    before = await school.told()
    assert fates(await put(school, blue, ann, bea, cy, dot, path="/preview")) == expected
    assert await school.told() == before
    assert fates(await put(school, blue, ann, bea, cy, dot)) == expected
    listed = (await school.get(f"/groups/{blue}/pupils"))["items"]
    assert {one["legal_forename"]: one["link"]["override"] for one in listed} == {
        "Ann": False,
        "Bea": True,
        "Dot": True,
    }
    (links,) = (await school.told("roster.links.changed.v1"))[-1:]
    assert len(links["data"]["links"]) == 2
    entries = (await school.told("activity.recorded.v1"))[-1]["data"]["entries"]
    assert [entry["subject"]["label"] for entry in entries] == [
        "Bea Hall in 3 Blue",
        "Dot Hall in 3 Blue",
    ]


@pytest.mark.parametrize(
    ("action", "present"),
    [("add_to_group", True), ("remove_from_group", False)],
    ids=["in", "out"],
)
async def test_the_list_of_pupils_says_the_same_of_each(
    school: SchoolInTest, action: str, present: bool
) -> None:
    """R13: an admin can come from the group or from the list."""
    pupils = await with_pupils(school, "Ann", "Bea", "Cy", "Dot", "Eve")
    ann, bea, cy, _, eve = pupils
    blue = await school.has_class("3 Blue", "3", ann, eve)
    await school.has_class("3 Red", "3", ann, bea)
    await school.by_hand("PATCH", f"/pupils/{cy}", {"expected_version": 1, "active": False})
    await put(school, blue, eve, present=False)
    ids = [str(one) for one in pupils]
    wanted = {"action": action, "ids": ids, "group_id": str(blue)}
    page = await put(school, blue, *pupils, present=present, path="/preview")
    ahead = await school.by_hand("POST", "/pupils/bulk/preview", wanted)

    def told(items: list[dict[str, Any]]) -> dict[str, tuple[str, str]]:
        """The page of the group calls it otherwise."""
        return {
            item["name"]: (item["outcome"], (item["reason"] or "").replace("3 Blue", "this group"))
            for item in items
        }

    assert told(ahead.json()["items"]) == told(page.json()["items"])
    assert ahead.json()["in_other_class"] == (1 if present else 0)
    await school.by_hand("POST", "/pupils/bulk", wanted)
    again = await put(school, blue, *pupils, present=present, path="/preview")
    assert again.json()["changed"] == 0
    versions = {item["name"]: item["version"] for item in again.json()["items"]}
    looked = {item["name"]: item for item in page.json()["items"]}
    assert versions == {
        name: item["version"] + (item["outcome"] == "changed") for name, item in looked.items()
    }


async def test_a_set_says_nothing_of_classes(school: SchoolInTest) -> None:
    (ann,) = await with_pupils(school, "Ann")
    await school.has_class("3 Blue", "3", ann)
    choir = await school.has_group("Choir", GroupKind.SET)
    assert fates(await put(school, choir, ann, path="/preview")) == {"Ann Hall": ("changed", None)}


async def test_taken_out_stay_out_whatever_the_mis_says(school: SchoolInTest) -> None:
    """R13."""
    pupils = await with_pupils(school, "Ann", "Bea")
    blue = await school.has_class("3 Blue", "3", *pupils)
    assert (await put(school, blue, *pupils, present=False)).json()["changed"] == 2
    again = LinkProposal(
        kind=LinkKind.MEMBER, group_id=blue, person_id=pupils[0], action=LinkAction.ADD
    )
    assert (await school.links_approved(again))[0]["outcome"] == "overridden"
    assert (await school.get(f"/groups/{blue}/pupils"))["total"] == 0


async def test_that_somebody_else_changed_meanwhile_are_told_and_nothing_is_done(
    school: SchoolInTest,
) -> None:
    ann, bea = await with_pupils(school, "Ann", "Bea")
    blue = await school.has_group("3 Blue")
    looked = (await put(school, blue, ann, bea, path="/preview")).json()["items"]
    seen = {item["person_id"]: item["version"] for item in looked}
    await school.by_hand("PUT", f"/groups/{blue}/pupils/{ann}")
    await school.by_hand("DELETE", f"/groups/{blue}/pupils/{ann}")
    answer = await put(school, blue, ann, bea, seen=seen)
    assert problem_of(answer) == (409, "changed-since")
    assert "Ann Hall" in answer.json()["detail"]
    now = {"person_id": str(ann), "name": "Ann Hall", "version": 2, "present": False}
    assert answer.json()["current"] == [now]
    assert (await school.get(f"/groups/{blue}/pupils"))["total"] == 0
    seen[str(ann)] = 2
    assert (await put(school, blue, ann, bea, seen=seen)).json()["changed"] == 2


async def test_one_who_is_not_here_refuses_all(school: SchoolInTest, door: Door) -> None:
    other = SchoolInTest(door)
    await other.is_heard_of()
    (ann,), (stranger,) = await with_pupils(school, "Ann"), await with_pupils(other, "Ann")
    blue, foreign = await school.has_group("3 Blue"), await other.has_group("3 Blue")
    for wrong in (stranger, uuid7()):
        for path in ("", "/preview"):
            answer = await put(school, blue, ann, wrong, path=path)
            assert problem_of(answer) == (404, "pupils-not-found")
    assert problem_of(await put(school, foreign, ann)) == (404, "group-not-found")
    assert (await school.get(f"/groups/{blue}/pupils"))["total"] == 0


async def test_only_the_admin_and_500_at_most(school: SchoolInTest) -> None:
    (ann,) = await with_pupils(school, "Ann")
    blue = await school.has_group("3 Blue")
    body = {"present": True, "pupil_ids": [str(ann)]}
    for headers in (school.as_slt(), school.as_teacher(uuid7())):
        for path in ("", "/preview"):
            where = f"/groups/{blue}/pupils{path}"
            answer = await school.door.client.post(where, json=body, headers=headers)
            assert problem_of(answer)[0] == 403
    assert (await put(school, blue, *(uuid4() for _ in range(501)))).status_code == 422
    assert (await put(school, blue)).status_code == 422
    assert (await put(school, blue, ann, seen={str(ann): -1})).status_code == 422


async def test_two_admins_with_the_same_preview_do_not_undo_each_other(
    school: SchoolInTest,
) -> None:
    """Of two who looked at the same, the second is told."""
    pupils = await with_pupils(school, "Ann", "Bea", "Cy")
    blue = await school.has_group("3 Blue")
    seen = {str(one): 0 for one in pupils}
    answers = await asyncio.gather(*(put(school, blue, *pupils, seen=seen) for _ in range(2)))
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    listed = await school.get(f"/groups/{blue}/pupils")
    assert ids_of(listed) == pupils
    assert {one["link"]["version"] for one in listed["items"]} == {1}
