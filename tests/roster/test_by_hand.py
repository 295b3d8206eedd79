"""What the admin does by hand: R6, R11, R13, and no lost update."""

from __future__ import annotations

from uuid import UUID

import pytest
from uuid_utils.compat import uuid7

from shared.contracts.vocabulary import LinkKind
from tests.roster.door import UPNS, SchoolInTest, problem_of, user

NAMED = {"legal_forename": "Amélie", "legal_surname": "Brontë"}


class TestAddingAPupil:
    async def test_works_without_a_upn_and_lists_them_as_missing_it(
        self, school: SchoolInTest
    ) -> None:
        """R11."""
        answer = await school.by_hand("POST", "/pupils", NAMED)
        assert answer.status_code == 201
        added = answer.json()
        assert (added["upn"], added["origin"], added["overrides"]) == (None, "hand", [])
        listed = await school.get("/pupils", missing_upn=True)
        assert [pupil["id"] for pupil in listed["items"]] == [added["id"]]

    async def test_is_found_by_a_name_that_was_pasted(self, school: SchoolInTest) -> None:
        """With what nobody sees in it: they would look, find nobody, and add them once more."""
        pasted = NAMED | {"legal_surname": "\ufeffGreen\u200bfield\n"}
        answer = await school.by_hand("POST", "/pupils", pasted)
        assert answer.json()["legal_surname"] == "Greenfield"
        assert (await school.get("/pupils", search="greenfield"))["total"] == 1
        hostile = await school.by_hand("POST", "/pupils", NAMED | {"legal_surname": "A\x07B"})
        assert problem_of(hostile)[0] == 422

    async def test_forgives_the_upn_s_case_and_spaces(self, school: SchoolInTest) -> None:
        """R11."""
        spaced = f" {UPNS[0][:4].lower()} {UPNS[0][4:]} "
        answer = await school.by_hand("POST", "/pupils", NAMED | {"upn": spaced})
        assert answer.json()["upn"] == UPNS[0]

    async def test_names_the_position_at_which_a_upn_is_wrong(self, school: SchoolInTest) -> None:
        """R11."""
        answer = await school.by_hand("POST", "/pupils", NAMED | {"upn": "Z" + UPNS[0][1:]})
        assert problem_of(answer) == (422, "field-refused")
        (error,) = answer.json()["errors"]
        assert error["pointer"] == "#/upn"
        assert "check letter" in error["detail"]

    async def test_takes_a_upn_of_an_authority_that_is_gone_and_warns(
        self, school: SchoolInTest
    ) -> None:
        """R11."""
        answer = await school.by_hand("POST", "/pupils", NAMED | {"upn": "X00180001701A"})
        assert answer.status_code == 201
        assert "001 is not the code" in answer.json()["upn_warning"]

    async def test_with_another_s_upn_says_whose_it_is(self, school: SchoolInTest) -> None:
        """R11."""
        holder = await school.has_pupil()
        answer = await school.by_hand("POST", "/pupils", NAMED | {"upn": UPNS[0]})
        assert problem_of(answer) == (409, "upn-taken")
        assert answer.json()["in_the_way"] == str(holder)

    @pytest.mark.parametrize("born", ["2026-11-25", "2000-12-31", "0218-08-31"])
    async def test_born_tomorrow_or_long_ago_is_refused(
        self, school: SchoolInTest, born: str
    ) -> None:
        """As in a file: somebody mistyped it."""
        answer = await school.by_hand("POST", "/pupils", NAMED | {"date_of_birth": born})
        assert problem_of(answer) == (422, "field-refused")
        assert answer.json()["errors"][0]["pointer"] == "#/date_of_birth"

    async def test_is_logged_with_who_did_it(self, school: SchoolInTest) -> None:
        """R9."""
        await school.by_hand("POST", "/pupils", NAMED)
        (event,) = await school.told("activity.recorded.v1")
        (entry,) = event["data"]["entries"]
        assert (entry["actor"]["kind"], entry["actor"]["name"]) == ("person", "Sam Reed")

    @pytest.mark.parametrize("role", ["slt", "teacher"])
    async def test_is_the_admin_s_alone(self, school: SchoolInTest, role: str) -> None:
        headers = school.as_slt() if role == "slt" else school.as_teacher(uuid7())
        answer = await school.door.client.post("/pupils", json=NAMED, headers=headers)
        assert answer.status_code == 403


class TestChangingAPupil:
    async def test_marks_what_is_different_and_nothing_else(self, school: SchoolInTest) -> None:
        """R13."""
        pupil_id = await school.has_pupil()
        answer = await school.by_hand(
            "PATCH",
            f"/pupils/{pupil_id}",
            {"expected_version": 1, "legal_forename": "Zoë", "preferred_forename": "Zo"},
        )
        assert answer.json()["overrides"] == ["preferred_forename"]

    async def test_to_what_they_are_already_changes_and_says_nothing(
        self, school: SchoolInTest
    ) -> None:
        pupil_id = await school.has_pupil()
        before = await school.told()
        answer = await school.by_hand(
            "PATCH", f"/pupils/{pupil_id}", {"expected_version": 1, "legal_forename": "Zoë"}
        )
        assert answer.json()["version"] == 1
        assert await school.told() == before

    async def test_that_somebody_else_changed_answers_how_they_stand_now(
        self, school: SchoolInTest
    ) -> None:
        pupil_id = await school.has_pupil()
        path = f"/pupils/{pupil_id}"
        await school.by_hand("PATCH", path, {"expected_version": 1, "legal_forename": "Zoe"})
        answer = await school.by_hand("PATCH", path, {"expected_version": 1, "sex": "F"})
        assert problem_of(answer) == (409, "changed-since")
        current = answer.json()["current"]
        assert (current["version"], current["legal_forename"]) == (2, "Zoe")

    async def test_can_empty_a_field_but_not_a_name(self, school: SchoolInTest) -> None:
        pupil_id = await school.has_pupil()
        path = f"/pupils/{pupil_id}"
        answer = await school.by_hand("PATCH", path, {"expected_version": 1, "year_group": None})
        assert answer.json()["year_group"] is None
        answer = await school.by_hand("PATCH", path, {"expected_version": 2, "legal_surname": None})
        assert answer.status_code == 422

    async def test_inactive_leaves_the_lists_and_counts_and_keeps_everything(
        self, school: SchoolInTest
    ) -> None:
        """R6."""
        group_id, pupil_id = await school.has_group("3 Blue"), await school.has_pupil()
        await school.has_link(LinkKind.MEMBER, group_id, pupil_id)
        path = f"/pupils/{pupil_id}"
        await school.by_hand("PATCH", path, {"expected_version": 1, "active": False})
        assert (await school.get(f"/groups/{group_id}"))["member_count"] == 0
        assert (await school.get("/pupils"))["total"] == 0
        assert (await school.get("/pupils", active=False))["total"] == 1
        await school.by_hand("PATCH", path, {"expected_version": 2, "active": True})
        assert (await school.get(f"/groups/{group_id}"))["member_count"] == 1


class TestGroups:
    async def test_of_the_same_name_in_the_same_year_are_refused(
        self, school: SchoolInTest
    ) -> None:
        body = {"name": "3 Blue", "year_group": "3"}
        first = await school.by_hand("POST", "/groups", body)
        assert (first.status_code, first.json()["origin"]) == (201, "hand")
        second = await school.by_hand("POST", "/groups", body | {"name": "3  BLUE"})
        assert problem_of(second) == (409, "group-name-taken")
        there = {"id": first.json()["id"], "kind": "group", "name": "3 Blue"}
        assert second.json()["in_the_way"] == there
        other_year = await school.by_hand("POST", "/groups", body | {"year_group": "4"})
        assert other_year.status_code == 201

    async def test_that_somebody_else_changed_answer_how_they_stand_now(
        self, school: SchoolInTest
    ) -> None:
        group_id = await school.has_group("3 Blue")
        path = f"/groups/{group_id}"
        await school.by_hand("PATCH", path, {"expected_version": 1, "name": "3 Green"})
        answer = await school.by_hand("PATCH", path, {"expected_version": 1, "active": False})
        assert problem_of(answer) == (409, "changed-since")
        assert answer.json()["current"]["name"] == "3 Green"

    async def test_handed_back_follow_the_mis_again(self, school: SchoolInTest) -> None:
        """R13."""
        group_id = await school.has_group("3 Blue")
        path = f"/groups/{group_id}"
        await school.by_hand("PATCH", path, {"expected_version": 1, "name": "Owls"})
        answer = await school.by_hand("DELETE", f"{path}/overrides/name", expected_version=2)
        assert (answer.json()["overrides"], answer.json()["name"]) == ([], "Owls")


class TestLinks:
    async def test_are_seen_from_the_group_and_from_the_user(self, school: SchoolInTest) -> None:
        """R13."""
        group_id, user_id = await school.has_group("3 Blue", year_group="3"), uuid7()
        await school.users_are_told(user(user_id))
        answer = await school.by_hand("PUT", f"/groups/{group_id}/users/{user_id}")
        made = answer.json()
        assert (made["present"], made["override"], made["origin"]) == (True, True, "hand")
        (seen,) = (await school.get(f"/groups/{group_id}"))["users"]
        assert (seen["surname"], seen["link"]["override"]) == ("Hall", True)
        (seen,) = (await school.get("/links", user_id=user_id))["items"]
        assert (seen["group_name"], seen["group_year_group"]) == ("3 Blue", "3")

    async def test_removed_are_kept_and_can_be_listed(self, school: SchoolInTest) -> None:
        """R6."""
        group_id, pupil_id = await school.has_group("3 Blue"), await school.has_pupil()
        await school.has_link(LinkKind.MEMBER, group_id, pupil_id)
        await school.by_hand("DELETE", f"/groups/{group_id}/pupils/{pupil_id}")
        assert (await school.get("/links", pupil_id=pupil_id))["items"] == []
        (kept,) = (await school.get("/links", pupil_id=pupil_id, present=False))["items"]
        assert (kept["override"], kept["version"]) == (True, 2)

    async def test_the_same_again_changes_and_says_nothing(self, school: SchoolInTest) -> None:
        group_id, pupil_id = await school.has_group("3 Blue"), await school.has_pupil()
        path = f"/groups/{group_id}/pupils/{pupil_id}"
        await school.by_hand("PUT", path)
        before = await school.told()
        assert (await school.by_hand("PUT", path)).json()["version"] == 1
        assert await school.told() == before

    async def test_that_somebody_else_changed_are_not_changed_blindly(
        self, school: SchoolInTest
    ) -> None:
        group_id, pupil_id = await school.has_group("3 Blue"), await school.has_pupil()
        path = f"/groups/{group_id}/pupils/{pupil_id}"
        await school.by_hand("PUT", path, expected_version=0)
        answer = await school.by_hand("DELETE", path, expected_version=0)
        assert problem_of(answer) == (409, "changed-since")
        assert answer.json()["current"]["present"] is True

    async def test_need_both_ends_to_be_here(self, school: SchoolInTest) -> None:
        group_id, pupil_id = await school.has_group("3 Blue"), await school.has_pupil()
        nobody = uuid7()

        async def problem(group: UUID, people: str, person: UUID) -> str:
            return problem_of(await school.by_hand("PUT", f"/groups/{group}/{people}/{person}"))[1]

        assert await problem(nobody, "pupils", pupil_id) == "group-not-found"
        assert await problem(group_id, "pupils", nobody) == "pupil-not-found"
        assert await problem(group_id, "users", nobody) == "user-not-found"
        answer = await school.by_hand("DELETE", f"/groups/{group_id}/pupils/{pupil_id}/override")
        assert problem_of(answer) == (404, "link-not-found")
