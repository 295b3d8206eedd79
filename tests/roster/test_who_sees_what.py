"""What a principal sees: nothing of another school, and a teacher only their groups (R14)."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

import asyncpg
import pytest
from uuid_utils.compat import uuid7

from shared.contracts.mis_sync import ProposalAction, PupilProposal
from shared.contracts.vocabulary import LinkKind
from tests.roster.door import UPNS, Door, SchoolInTest, details, ids_of, problem_of, user


@dataclass
class TwoClasses:
    """A teacher is linked to the first class; a pupil of it is also in the second."""

    school: SchoolInTest
    teacher: UUID
    mine: UUID
    other: UUID
    my_pupil: UUID
    shared_pupil: UUID
    other_pupil: UUID


@pytest.fixture
async def classes(school: SchoolInTest) -> TwoClasses:
    teacher = uuid7()
    await school.users_are_told(user(teacher))
    found = TwoClasses(
        school=school,
        teacher=teacher,
        mine=await school.has_group("3 Blue"),
        other=await school.has_group("4 Blue"),
        my_pupil=await school.has_pupil(upn=UPNS[0], legal_surname="A"),
        shared_pupil=await school.has_pupil(upn=UPNS[1], legal_surname="B"),
        other_pupil=await school.has_pupil(upn=UPNS[2], legal_surname="C"),
    )
    await school.has_link(LinkKind.TEACHER, found.mine, teacher)
    for group_id, pupil_id in (
        (found.mine, found.my_pupil),
        (found.mine, found.shared_pupil),
        (found.other, found.shared_pupil),
        (found.other, found.other_pupil),
    ):
        await school.has_link(LinkKind.MEMBER, group_id, pupil_id)
    return found


class TestATeacher:
    """R14."""

    async def test_sees_their_groups_and_the_pupils_in_them(self, classes: TwoClasses) -> None:
        school, headers = classes.school, classes.school.as_teacher(classes.teacher)
        assert ids_of(await school.get("/groups", headers)) == [classes.mine]
        pupils = await school.get("/pupils", headers)
        assert ids_of(pupils) == [classes.my_pupil, classes.shared_pupil]
        assert pupils["total"] == 2

    async def test_is_told_of_no_other_group_of_these_pupils(self, classes: TwoClasses) -> None:
        school, headers = classes.school, classes.school.as_teacher(classes.teacher)
        pupil = await school.get(f"/pupils/{classes.shared_pupil}", headers)
        assert [group["id"] for group in pupil["groups"]] == [str(classes.mine)]
        links = await school.get("/links", headers, pupil_id=classes.shared_pupil)
        assert [link["group_id"] for link in links["items"]] == [str(classes.mine)]

    async def test_cannot_ask_for_others_by_name_or_filter(self, classes: TwoClasses) -> None:
        school, headers = classes.school, classes.school.as_teacher(classes.teacher)
        for path in (f"/pupils/{classes.other_pupil}", f"/groups/{classes.other}"):
            answer = await school.door.client.get(path, headers=headers)
            assert answer.status_code == 404
        assert (await school.get("/pupils", headers, group_id=classes.other))["items"] == []
        through_group = await school.get(f"/groups/{classes.other}/pupils", headers)
        assert through_group["items"] == []
        assert (await school.get("/pupils", headers, search=UPNS[2]))["items"] == []

    async def test_is_not_told_who_has_left_a_group(self, classes: TwoClasses) -> None:
        """Not even of their own: such a pupil is no pupil of theirs any more."""
        school = classes.school
        await school.by_hand("DELETE", f"/groups/{classes.mine}/pupils/{classes.my_pupil}")
        removed: dict[str, str | bool] = {"group_id": str(classes.mine), "present": False}
        (link,) = (await school.get("/links", school.as_slt(), **removed))["items"]
        assert link["person_id"] == str(classes.my_pupil)
        headers = school.as_teacher(classes.teacher)
        answer = await school.door.client.get("/links", params=removed, headers=headers)
        assert problem_of(answer) == (403, "whole-school-only")

    async def test_sees_nothing_of_a_group_once_unlinked(self, classes: TwoClasses) -> None:
        school, headers = classes.school, classes.school.as_teacher(classes.teacher)
        await school.by_hand("DELETE", f"/groups/{classes.mine}/users/{classes.teacher}")
        assert (await school.get("/groups", headers))["total"] == 0
        assert (await school.get("/pupils", headers))["total"] == 0

    async def test_sees_nothing_through_an_inactive_group(self, classes: TwoClasses) -> None:
        school, headers = classes.school, classes.school.as_teacher(classes.teacher)
        body = {"expected_version": 1, "active": False}
        await school.by_hand("PATCH", f"/groups/{classes.mine}", body)
        assert (await school.get("/pupils", headers))["total"] == 0

    async def test_without_a_link_sees_nobody(self, classes: TwoClasses) -> None:
        headers = classes.school.as_teacher(uuid7())
        assert (await classes.school.get("/pupils", headers))["total"] == 0

    async def test_is_not_given_the_school_s_figures(self, classes: TwoClasses) -> None:
        headers = classes.school.as_teacher(classes.teacher)
        answer = await classes.school.door.client.get("/summary", headers=headers)
        assert problem_of(answer) == (403, "whole-school-only")


class TestSeniorLeadersAndTheAdmin:
    async def test_see_the_whole_school(self, classes: TwoClasses) -> None:
        """R14."""
        for headers in (classes.school.as_slt(), classes.school.as_admin()):
            assert (await classes.school.get("/pupils", headers))["total"] == 3
            assert (await classes.school.get("/groups", headers))["total"] == 2

    async def test_see_its_figures(self, classes: TwoClasses) -> None:
        await classes.school.by_hand(
            "POST", "/pupils", {"legal_forename": "No", "legal_surname": "Class"}
        )
        assert await classes.school.get("/summary", classes.school.as_slt()) == {
            "pupils": 4,
            "groups": 2,
            "pupils_without_class": 1,
            "missing_upn": 1,
            "academic_year": "2026/27",
        }


class TestAnotherSchool:
    async def test_sees_nothing_by_list_id_or_command(
        self, classes: TwoClasses, door: Door
    ) -> None:
        stranger = SchoolInTest(door)
        await stranger.is_heard_of()
        assert (await stranger.get("/pupils"))["total"] == 0
        assert (await stranger.get("/links", group_id=classes.mine))["total"] == 0
        for method, path in (
            ("GET", f"/pupils/{classes.my_pupil}"),
            ("GET", f"/groups/{classes.mine}"),
            ("PUT", f"/groups/{classes.mine}/pupils/{classes.other_pupil}"),
        ):
            answer = await stranger.by_hand(method, path)
            assert answer.status_code == 404
        body = {"expected_version": 1, "legal_forename": "Not mine"}
        answer = await stranger.by_hand("PATCH", f"/pupils/{classes.my_pupil}", body)
        assert answer.status_code == 404

    async def test_may_have_a_pupil_with_the_same_upn_and_even_the_same_id(
        self, classes: TwoClasses, door: Door
    ) -> None:
        stranger = SchoolInTest(door)
        same = PupilProposal(
            pupil_id=classes.my_pupil,
            action=ProposalAction.CREATE,
            details=details(upn=UPNS[0], legal_surname="Theirs"),
        )
        assert (await stranger.pupils_approved(same))[0]["outcome"] == "applied"
        theirs = await stranger.get(f"/pupils/{classes.my_pupil}")
        ours = await classes.school.get(f"/pupils/{classes.my_pupil}")
        assert (theirs["legal_surname"], ours["legal_surname"]) == ("Theirs", "A")

    @pytest.mark.usefixtures("classes")
    async def test_is_closed_to_the_service_s_role_itself(self, door: Door) -> None:
        connection = await asyncpg.connect(door.service_dsn)
        try:
            assert await connection.fetchval("SELECT count(*) FROM pupils") == 0
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.execute("DELETE FROM pupils")
            async with connection.transaction():
                await connection.execute(
                    "SELECT set_config('app.school_id', $1, true)", str(uuid7())
                )
                with pytest.raises(asyncpg.InsufficientPrivilegeError):
                    await connection.execute(
                        "INSERT INTO schools (school_id, academic_year) VALUES ($1, '2026/27')",
                        uuid7(),
                    )
        finally:
            await connection.close()


@pytest.mark.parametrize("path", ["/pupils", "/groups", "/links", "/summary"])
async def test_nobody_is_let_in_without_a_principal(door: Door, path: str) -> None:
    answer = await door.client.get(path)
    assert problem_of(answer) == (401, "unauthenticated")
