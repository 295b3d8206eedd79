"""Parent Management: what the admin does to parents, and what is told of it (R4, R6, R8, R9)."""

from __future__ import annotations

import asyncio
import csv
from typing import Any
from uuid import uuid4

import httpx
import pytest

from services.identity.settings import Settings
from tests.eventually import eventually
from tests.identity.door import Door, SchoolInTest, problem_of
from tests.identity.family import BORN, Families, an_address
from tests.identity.test_forgotten_password import mails_to
from tests.identity.test_republish import run_republish
from tests.identity.user_management import ask, last_entry, link_mailed_to

ADDRESS_TAKEN = (409, "email-taken")


async def listed(families: Families, **query: Any) -> list[str]:
    headers = await families.school.as_admin()
    answer = await families.door.client.get("/parents", params=query, headers=headers)
    assert answer.status_code == 200, answer.text
    found = answer.json()
    assert found["total"] >= len(found["items"])
    return [parent["surname"] for parent in found["items"]]


async def told_of(families: Families, parent: dict[str, Any]) -> list[dict[str, Any]]:
    """Each state of the parent that others have heard of."""
    events = await families.door.told(families.school.id, "identity.parents.changed.v1")
    states = [state for event in events for state in event["data"]["parents"]]
    return [state for state in states if state["id"] == parent["id"]]


class TestAdding:
    async def test_it_is_told_to_others_and_logged(self, families: Families) -> None:
        child = await families.child("Maya")
        parent = await families.add(children=[child], title="Dr")
        [state] = await told_of(families, parent)
        assert state["children"] == [str(child)]
        assert (state["confirmed_children"], state["claimed"], state["version"]) == ([], False, 1)
        told = await families.door.told(families.school.id, "activity.recorded.v1")
        entries = [entry for event in told for entry in event["data"]["entries"]][-2:]
        assert [entry["action"] for entry in entries] == ["parent.created", "parent.invited"]
        assert entries[0]["after"]["children"] == ["Maya Patel"]
        assert entries[0]["subject"] == {
            "kind": "parent",
            "id": parent["id"],
            "label": "Anna Patel",
        }

    async def test_a_parent_with_this_address_is_offered_instead(self, families: Families) -> None:
        """R8, R20: siblings share one parent."""
        first = await families.add()
        again = await families.try_to_add(first["email"].upper(), [await families.child("Ravi")])
        assert problem_of(again) == (409, "already-a-parent")
        assert again.json()["in_the_way"]["id"] == first["id"]
        assert "add the child to Anna Patel" in again.json()["detail"]

    async def test_a_users_address_is_named_within_the_school_only(
        self, families: Families
    ) -> None:
        """R8."""
        user = await families.school.add_user(surname="Quill", email=an_address("quill"))
        here = await families.try_to_add(user["email"])
        assert problem_of(here) == ADDRESS_TAKEN
        assert "Jo Quill" in here.json()["detail"]
        elsewhere = Families(families.door, await families.door.new_school(), families.broker)
        for address in (user["email"], (await families.add())["email"]):
            there = await elsewhere.try_to_add(address)
            assert problem_of(there) == ADDRESS_TAKEN
            assert there.json()["in_the_way"] is None
            assert not {"Quill", "Anna"} & set(there.json()["detail"].replace(".", " ").split())

    async def test_two_at_once_make_one(self, families: Families) -> None:
        email = an_address()
        await families.school.admin()
        answers = await asyncio.gather(*(families.try_to_add(email) for _ in range(4)))
        assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409]

    @pytest.mark.parametrize(
        "said",
        [
            {"email": None},
            {"email": "no address"},
            {"forename": "An\x00na"},
            {"surname": " "},
            {"school_id": str(uuid4())},
            {"kind": "admin"},
            {"children": ["nobody"]},
            {"children": [str(uuid4()) for _ in range(21)]},
        ],
    )
    async def test_what_makes_no_parent_is_refused(
        self, families: Families, said: dict[str, Any]
    ) -> None:
        answer = await families.try_to_add(**{"email": an_address(), **said})
        assert answer.status_code in (400, 422)
        assert await listed(families) == []


class TestChanging:
    async def test_details_are_changed_with_the_version_that_was_seen(
        self, families: Families
    ) -> None:
        parent = await families.add()
        body = {"expected_version": parent["version"], "surname": "Patel-Roy"}
        changed = await ask(families.school, "PATCH", f"/parents/{parent['id']}", body)
        assert (changed.json()["surname"], changed.json()["version"]) == ("Patel-Roy", 2)
        entry = await last_entry(families.school)
        assert (entry["action"], entry["before"], entry["after"]) == (
            "parent.changed",
            {"surname": "Patel"},
            {"surname": "Patel-Roy"},
        )
        late = await ask(
            families.school,
            "PATCH",
            f"/parents/{parent['id']}",
            {"expected_version": 1, "surname": "Slower"},
        )
        assert problem_of(late) == (409, "changed-meanwhile")
        assert late.json()["title"] == "This parent was changed meanwhile"
        assert late.json()["current"]["surname"] == "Patel-Roy"
        assert [state["version"] for state in await told_of(families, parent)] == [1, 2]

    async def test_another_address_ends_what_was_sent_to_the_old_one(
        self, families: Families, door: Door
    ) -> None:
        parent = await families.add()
        new = an_address("new")
        body = {"expected_version": 1, "email": new}
        changed = await ask(families.school, "PATCH", f"/parents/{parent['id']}", body)
        assert changed.json()["state"] == "invited"
        await families.accept({**parent, "email": new})
        [told] = await mails_to(door, parent["email"], "Your e-mail address was changed")
        assert new not in str(told)

    async def test_a_password_link_that_went_to_the_old_address_opens_nothing(
        self, families: Families, door: Door
    ) -> None:
        parent = await families.add()
        await families.accept(parent)
        await families.send_link(parent)
        token = await link_mailed_to(door, parent["email"], 2)
        body = {"expected_version": (await families.read(parent))["version"]}
        body |= {"email": an_address("new")}
        await ask(families.school, "PATCH", f"/parents/{parent['id']}", body)
        refused = await door.client.post("/sessions/link", json={"token": token})
        assert problem_of(refused) == (401, "link-refused")

    async def test_an_address_is_taken_off_an_inactive_parent_only(
        self, families: Families
    ) -> None:
        """R8: so that another account can have it; without one nobody is made active again."""
        parent = await families.add()
        path = f"/parents/{parent['id']}"
        body = {"expected_version": 1, "email": None}
        refused = await ask(families.school, "PATCH", path, body)
        assert problem_of(refused) == (422, "email-needed")
        await families.set_active(parent, False)
        body["expected_version"] = 2
        assert (await ask(families.school, "PATCH", path, body)).json()["email"] is None
        assert (await families.try_to_add(parent["email"])).status_code == 201
        back = await families.set_active(parent, True)
        assert problem_of(back) == (422, "email-needed")

    async def test_children_are_linked_and_unlinked_with_a_line_each(
        self, families: Families
    ) -> None:
        parent, child = await families.add(), await families.child("Ravi")
        assert (await families.link(parent, child)).json()["version"] == 2
        assert (await families.link(parent, child)).json()["version"] == 2
        entry = await last_entry(families.school)
        assert (entry["action"], entry["after"]) == (
            "parent.child_linked",
            {"child": "Ravi Patel"},
        )
        assert (await families.unlink(parent, child)).json()["children"] == []
        entry = await last_entry(families.school)
        assert (entry["action"], entry["before"]) == (
            "parent.child_unlinked",
            {"child": "Ravi Patel"},
        )
        assert problem_of(await families.unlink(parent, child)) == (404, "not-found")
        states = await told_of(families, parent)
        assert [state["children"] for state in states] == [[], [str(child)], []]


class TestTheList:
    async def test_it_is_searched_by_parents_and_childrens_names_and_address(
        self, families: Families
    ) -> None:
        child = await families.child("Zoë", legal_surname="O’Neill")
        await families.add("first@search.example", [child], surname="Brown")
        await families.add("second@search.example", surname="Avery")
        assert await listed(families) == ["Avery", "Brown"]
        assert await listed(families, sort="-surname") == ["Brown", "Avery"]
        for search, found in {
            "brown": ["Brown"],
            "zoe oneill": ["Brown"],
            "zoe brown": ["Brown"],
            "anna": ["Avery", "Brown"],
            "second@search": ["Avery"],
            "zoe avery": [],
            "%": ["Avery", "Brown"],
        }.items():
            assert await listed(families, search=search) == found, search
        assert await listed(families, pupil_id=str(child)) == ["Brown"]
        assert await listed(families, pupil_id=str(uuid4())) == []

    async def test_it_is_filtered(self, families: Families, door: Door) -> None:
        child = await families.child()
        with door.clock.moved_by(days=-15):
            await families.add(surname="Lapsed")
        await families.add(surname="Invited", children=[child])
        await families.accept(await families.add(surname="Claimed"))
        await families.set_active(await families.add(surname="Inactive"), False)
        assert await listed(families, state="lapsed") == ["Lapsed"]
        assert await listed(families, state="invited", active=True) == ["Invited"]
        assert await listed(families, state="claimed") == ["Claimed"]
        assert await listed(families, active=False) == ["Inactive"]
        assert await listed(families, without_children=True, active=True) == ["Claimed", "Lapsed"]
        assert await listed(families, without_children=False) == ["Invited"]

    async def test_it_is_read_page_by_page(self, families: Families) -> None:
        for surname in ("Cole", "Adams", "Baker", "Adams", "Dunn"):
            await families.add(surname=surname)
        headers, seen, cursor = await families.school.as_admin(), [], None
        for _ in range(3):
            query = {"limit": 2, **({"cursor": cursor} if cursor else {})}
            page = (
                await families.door.client.get("/parents", params=query, headers=headers)
            ).json()
            seen += [parent["surname"] for parent in page["items"]]
            assert page["total"] == 5
            cursor = page["next_cursor"]
        assert (seen, cursor) == (["Adams", "Adams", "Baker", "Cole", "Dunn"], None)

    async def test_the_file_holds_the_filtered_list_and_no_formulas(
        self, families: Families
    ) -> None:
        child = await families.child()
        await families.add("file@export.example", [child], surname="=1+1")
        await families.add(surname="Other")
        headers = await families.school.as_admin()
        answer = await families.door.client.get(
            "/parents/export", params={"search": "file@export"}, headers=headers
        )
        assert answer.text.startswith("\ufeff")
        [row] = csv.DictReader(answer.text.removeprefix("\ufeff").splitlines())
        assert (row["Surname"], row["Children"], row["Account"]) == (
            "'=1+1",
            "Maya Patel",
            "Invited",
        )
        assert BORN.isoformat() not in answer.text


class TestMany:
    async def test_those_who_wait_are_invited_again_and_others_passed_over(
        self, families: Families
    ) -> None:
        waiting, claimed, inactive = [await families.add() for _ in range(3)]
        await families.accept(claimed)
        await families.set_active(inactive, False)
        ids = [parent["id"] for parent in (waiting, claimed, inactive)]
        sent = await ask(families.school, "POST", "/parents/invitations", {"ids": ids})
        assert sent.json() == {"sent": 1, "claimed": 1, "inactive": 1, "left": 0}
        await families.accept(waiting, nth=2)

    async def test_all_who_lapsed_are_invited_again(self, families: Families, door: Door) -> None:
        with door.clock.moved_by(days=-15):
            lapsed = [await families.add() for _ in range(3)]
            await families.set_active(lapsed[2], False)
        await families.add()
        sent = await ask(families.school, "POST", "/parents/invitations", {"lapsed": True})
        assert sent.json() == {"sent": 2, "claimed": 0, "inactive": 0, "left": 0}
        assert [(await families.read(one))["state"] for one in lapsed] == [
            "invited",
            "invited",
            "lapsed",
        ]
        again = await ask(families.school, "POST", "/parents/invitations", {"lapsed": True})
        assert again.json()["sent"] == 0

    async def test_many_are_made_inactive_and_signed_out_and_active_again(
        self, families: Families, door: Door
    ) -> None:
        """R6."""
        parents = [await families.add() for _ in range(2)]
        opened = await families.accept(parents[0])
        body = {"ids": [parent["id"] for parent in parents], "active": False}
        done = await ask(families.school, "POST", "/parents/active", body)
        assert done.json() == {"changed": 2}
        assert problem_of(await door.look_up(opened["token"])) == (401, "session-over")
        body["active"] = True
        assert (await ask(families.school, "POST", "/parents/active", body)).json() == {
            "changed": 2
        }
        assert (await ask(families.school, "POST", "/parents/active", body)).json() == {
            "changed": 0
        }

    @pytest.mark.parametrize(
        "body", [{}, {"ids": []}, {"lapsed": False}, {"ids": [str(uuid4())] * 101}]
    )
    async def test_it_must_be_said_whom(self, families: Families, body: dict[str, Any]) -> None:
        answer = await ask(families.school, "POST", "/parents/invitations", body)
        assert answer.status_code in (400, 422)


async def test_the_ids_of_another_school_are_nobody_and_nothing(
    families: Families, door: Door
) -> None:
    """Neither its parents nor its pupils; and where one of many is not here, nothing is done."""
    other = Families(door, await door.new_school(), families.broker)
    theirs, their_child = await other.add(), await other.child()
    ours, our_child = await families.add(), await families.child()
    user = await families.school.add_user()
    asked: list[tuple[str, str, Any]] = []
    for nobody in (theirs["id"], user["id"], str(uuid4())):
        path = f"/parents/{nobody}"
        asked += [
            ("GET", path, None),
            ("PATCH", path, {"expected_version": 1, "surname": "Mine"}),
            ("PUT", f"{path}/active", {"active": False}),
            ("POST", f"{path}/link", None),
            ("PUT", f"{path}/children/{our_child}", None),
            ("DELETE", f"{path}/children/{our_child}", None),
            ("POST", "/parents/active", {"ids": [ours["id"], nobody], "active": False}),
            ("POST", "/parents/invitations", {"ids": [ours["id"], nobody]}),
        ]
    asked += [
        ("PUT", f"/parents/{ours['id']}/children/{their_child}", None),
        ("DELETE", f"/parents/{ours['id']}/children/{their_child}", None),
    ]
    for method, path, body in asked:
        answer = await ask(families.school, method, path, body)
        assert problem_of(answer) == (404, "not-found"), (method, path)
    refused = await families.try_to_add(an_address(), [our_child, their_child])
    assert problem_of(refused) == (404, "not-found")
    assert await other.read(theirs) == theirs
    assert await families.read(ours) == ours
    assert await listed(families, search=theirs["email"]) == []


async def test_parents_and_teachers_manage_no_parents(families: Families, door: Door) -> None:
    parent = await families.add()
    await families.school.add_user(surname="Reed")
    teacher = await families.school.claim(f"{families.school.postcode}_reed")
    for opened in (await families.accept(parent), teacher):
        headers = door.as_session(opened["session"])
        for method, path in (
            ("GET", "/parents"),
            ("POST", "/parents"),
            ("GET", f"/parents/{parent['id']}"),
            ("POST", f"/parents/{parent['id']}/link"),
            ("GET", "/parents/export"),
            ("POST", "/parents/invitations"),
        ):
            answer = await door.client.request(method, path, json={}, headers=headers)
            assert answer.status_code == 403, path
    refused = await door.client.get("/children", headers=door.as_session(teacher["session"]))
    assert refused.status_code == 403


async def test_republishing_tells_of_parents_as_they_are_now(
    families: Families, settings: Settings
) -> None:
    child = await families.child()
    parent = await families.add(children=[child])
    await families.confirm(await families.accept(parent), {child: BORN})
    before = await told_of(families, parent)
    assert run_republish(settings, "--school", str(families.school.id)).returncode == 0
    [again] = (await told_of(families, parent))[len(before) :]
    assert again == before[-1]
    assert (again["claimed"], again["confirmed_children"]) == (True, [str(child)])


async def test_what_the_log_says_reads_well(
    families: Families, school: SchoolInTest, door: Door
) -> None:
    """R9."""
    child = await families.child()
    parent = await families.add(children=[child])
    await families.confirm(await families.accept(parent), {child: BORN})

    async def lines() -> list[str]:
        answer: httpx.Response = await door.client.get(
            "/activity",
            params={"subject_kind": "parent", "limit": 50},
            headers=await school.as_admin(),
        )
        return [line["sentence"] for line in answer.json()["items"]]

    assert await eventually(lines, lambda found: len(found) >= 4) == [
        "Anna Patel confirmed their children’s dates of birth",
        "Anna Patel set their first password",
        "Anna Patel: invitation sent",
        "Anna Patel added as a parent",
    ]
