"""Templates over HTTP: the school's own, in versions that never change (R25)."""

from __future__ import annotations

import asyncio
import base64
import io
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from PIL import Image
from pypdf import PdfReader

from shared.contracts.envelope import Payload
from shared.contracts.identity import UsersChanged
from shared.contracts.roster import (
    GroupsChanged,
    GroupState,
    LinksChanged,
    LinkState,
    PupilsChanged,
    PupilState,
)
from shared.contracts.vocabulary import GroupKind, LinkKind, Origin, Sex, YearGroup
from tests.reports.hostile import crest, saved
from tests.roster.door import Door, SchoolInTest, problem_of, user

SOME_ID = "0192f3a0-0000-7000-8000-000000000000"


async def a_class(school: SchoolInTest) -> UUID:
    """Noor Shah of 3 Blue, as the other services tell of her, her class and its teacher."""
    pupil = PupilState(
        id=uuid4(),
        version=1,
        active=True,
        upn=None,
        legal_forename="Noor",
        legal_surname="Shah",
        sex=Sex.FEMALE,
        year_group=YearGroup.Y3,
        origin=Origin.MIS,
    )
    blue = GroupState(
        id=uuid4(),
        version=1,
        active=True,
        name="3 Blue",
        kind=GroupKind.CLASS,
        year_group=YearGroup.Y3,
        origin=Origin.MIS,
    )
    teacher = user(title="Ms", forename="Ada", surname="Okafor")
    links = tuple(
        LinkState(
            kind=kind,
            group_id=blue.id,
            person_id=person_id,
            version=1,
            present=True,
            origin=Origin.MIS,
            override=False,
        )
        for kind, person_id in ((LinkKind.MEMBER, pupil.id), (LinkKind.TEACHER, teacher.id))
    )
    said: list[Payload] = [
        UsersChanged(users=(teacher,)),
        PupilsChanged(pupils=(pupil,)),
        GroupsChanged(groups=(blue,)),
        LinksChanged(links=links),
    ]
    await school.is_heard_of()
    for payload in said:
        await school.hears(payload)
    return pupil.id


@pytest.fixture
def school(reports: Door) -> SchoolInTest:
    return SchoolInTest(reports)


async def first(school: SchoolInTest, kind: str = "written_report") -> dict[str, Any]:
    """A template that the school begins with, whole."""
    rows = (await school.get("/templates"))["templates"]
    [found] = [row for row in rows if row["kind"] == kind]
    whole: dict[str, Any] = await school.get(f"/templates/{found['id']}")
    return whole


async def save(
    school: SchoolInTest, template: dict[str, Any], version: int | None = None, **changes: Any
) -> httpx.Response:
    """What is said of the layout in `changes`, and its `name`."""
    body = {
        "expected_version": version or template["saved"]["version"],
        "name": changes.pop("name", template["saved"]["name"]),
        "layout": template["layout"] | changes,
    }
    return await school.by_hand("PUT", f"/templates/{template['id']}", body)


async def kept(school: SchoolInTest, template: dict[str, Any], **changes: Any) -> dict[str, Any]:
    answer = await save(school, template, **changes)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def logged(school: SchoolInTest) -> list[dict[str, Any]]:
    events = await school.told("activity.recorded.v1")
    return [entry for event in events for entry in event["data"]["entries"]]


def text(words: str, **given: Any) -> dict[str, Any]:
    return {"kind": "text", "on": True, "heading": "", "text": words, **given}


class TestWhatASchoolBeginsWith:
    async def test_is_one_of_each_kind_that_can_be_used_at_once(self, school: SchoolInTest) -> None:
        found = await school.get("/templates")
        assert [(row["kind"], row["saved"]["name"]) for row in found["templates"]] == [
            ("assessment_summary", "Assessment summary"),
            ("written_report", "Written report"),
        ]
        assert "pupil.forename" in {one["name"] for one in found["placeholders"]}
        assert {"English", "Languages"} <= {one["name"] for one in found["subjects"]}
        for row in found["templates"]:
            whole = await school.get(f"/templates/{row['id']}")
            again = await save(school, whole)
            assert again.status_code == 200, "its own defaults have no faults"
            assert again.json() == whole, "what is there already is no new version"
        assert await logged(school) == []

    async def test_is_given_once_however_many_ask_at_once(self, school: SchoolInTest) -> None:
        lists = await asyncio.gather(*(school.get("/templates") for _ in range(4)))
        assert {tuple(row["id"] for row in one["templates"]) for one in lists} == {
            tuple(row["id"] for row in lists[0]["templates"])
        }
        assert len(lists[0]["templates"]) == 2


class TestAVersion:
    async def test_is_made_by_each_save_and_stays_as_it_was(self, school: SchoolInTest) -> None:
        before = await first(school)
        after = await kept(school, before, title="{pupil.forename}’s report", name="Summer report")
        assert after["saved"]["version"] == after["newest"] == 2
        assert after["saved"]["saved_by"] == "Sam Reed"
        assert after["layout"]["title"] == "{pupil.forename}’s report"
        old = await school.get(f"/templates/{before['id']}/versions/1")
        assert old == before | {"newest": 2}
        versions = (await school.get(f"/templates/{before['id']}/versions"))["versions"]
        assert [(one["version"], one["name"]) for one in versions] == [
            (2, "Summer report"),
            (1, "Written report"),
        ]
        [line] = await logged(school)
        assert (line["action"], line["subject"]["label"]) == ("template.changed", "Summer report")
        assert line["before"] == {"name": "Written report", "title": "Report for {pupil.full_name}"}
        assert line["after"] == {"name": "Summer report", "title": "{pupil.forename}’s report"}

    async def test_no_statement_of_the_service_can_change_one(
        self, reports: Door, school: SchoolInTest
    ) -> None:
        await first(school)
        grants = await reports.rows(
            "SELECT privilege_type FROM information_schema.role_table_grants "
            "WHERE grantee = 'reports_service' AND table_name = 'template_versions'"
        )
        assert {row["privilege_type"] for row in grants} == {"SELECT", "INSERT"}

    async def test_that_is_earlier_is_taken_up_again_as_a_new_one(
        self, school: SchoolInTest
    ) -> None:
        before = await first(school)
        await kept(school, before, title="Another title", name="Another name")
        path = f"/templates/{before['id']}/versions/1/take-up"
        late = await school.by_hand("POST", path, {"expected_version": 1})
        assert problem_of(late) == (409, "changed-meanwhile")
        answer = await school.by_hand("POST", path, {"expected_version": 2})
        again = answer.json()
        assert (again["layout"], again["saved"]["name"]) == (before["layout"], "Written report")
        assert (again["saved"]["version"], again["saved"]["taken_up"]) == (3, 1)
        assert [line["action"] for line in await logged(school)] == [
            "template.changed",
            "template.taken_up",
        ]

    async def test_is_saved_over_nobodys(self, school: SchoolInTest) -> None:
        """Of two that were begun from one version the second is told who was faster."""
        before = await first(school)
        answers = await asyncio.gather(
            *(save(school, before, title=f"Title {number}") for number in range(3))
        )
        assert sorted(answer.status_code for answer in answers) == [200, 409, 409]
        [late, _] = [answer for answer in answers if answer.status_code == 409]
        assert problem_of(late) == (409, "changed-meanwhile")
        assert "Sam Reed has saved this template" in late.json()["detail"]
        assert late.json()["current"]["version"] == 2
        [won] = [answer.json() for answer in answers if answer.status_code == 200]
        assert (await first(school))["layout"] == won["layout"]


class TestASave:
    @pytest.mark.parametrize(
        ("changes", "pointer", "reason"),
        [
            ({"title": " "}, "title", "needs a title"),
            ({"title": "{pupil.forname}"}, "title", "Did you mean {pupil.forename}?"),
            ({"sections": []}, "sections", "at least one section"),
            ({"sections": [text("x", on=False)]}, "sections", "at least one section"),
            ({"sections": [text(" \n ")]}, "sections/0/text", "Write a text"),
            ({"sections": [text("a"), text("Dear {parent}")]}, "sections/1/text", "character 6"),
            ({"sections": [text("a", heading="{")]}, "sections/0/heading", "not closed"),
            (
                {"sections": [{"kind": "signatures", "on": True, "heading": "", "lines": ["{x}"]}]},
                "sections/0/lines/0",
                "no placeholder",
            ),
            (
                {"sections": [{"kind": "details", "on": True, "heading": "", "fields": []}]},
                "sections/0/fields",
                "at least one detail",
            ),
            ({"subjects": []}, "subjects", "at least one subject"),
            ({"subjects": [SOME_ID]}, "subjects", "not there any more"),
            (
                {
                    "page": {
                        "logo": True,
                        "school_name": True,
                        "footer": "{school}",
                        "page_numbers": True,
                    }
                },
                "page/footer",
                "{school.name}",
            ),
        ],
        ids=lambda value: value if isinstance(value, str) and "/" in value else "",
    )
    async def test_that_cannot_be_printed_is_refused_at_its_place(
        self, school: SchoolInTest, changes: dict[str, Any], pointer: str, reason: str
    ) -> None:
        before = await first(school)
        answer = await save(school, before, **changes)
        assert problem_of(answer) == (422, "template-refused"), answer.text
        [error] = answer.json()["errors"]
        assert error["pointer"] == f"#/layout/{pointer}"
        assert reason in error["detail"]
        assert (await first(school)) == before

    async def test_about_a_placeholder_says_where_it_stands_and_what_is_meant(
        self, school: SchoolInTest
    ) -> None:
        answer = await save(school, await first(school), title="For {pupil.fullname}, {term}")
        [one, other] = answer.json()["errors"]
        assert (one["at"], one["found"], one["nearest"]) == (
            4,
            "{pupil.fullname}",
            "pupil.full_name",
        )
        assert (other["at"], other["found"]) == (22, "{term}")

    @pytest.mark.parametrize(
        "changes",
        [
            {"sections": [{"kind": "script", "on": True, "heading": ""}]},
            {"sections": [text("a", colour="red")]},
            {"sections": [text("a\x00b")]},
            {"sections": [text("a" * 5001)]},
            {"sections": [text("a")] * 41},
            {"title": "a\nb"},
            {"name": "n" * 61},
            {"name": "  "},
            {"name": "a\x00"},
            {"subjects": ["english"]},
        ],
        ids=["kind", "field", "nul", "long", "many", "lines", "name", "blank", "nul name", "id"],
    )
    async def test_of_what_is_no_template_is_refused_whole(
        self, school: SchoolInTest, changes: dict[str, Any]
    ) -> None:
        before = await first(school)
        assert problem_of(await save(school, before, **changes))[0] in (400, 422)
        assert (await first(school)) == before

    async def test_may_not_take_the_name_of_another_inactive_ones_too(
        self, school: SchoolInTest
    ) -> None:
        other = await first(school, "assessment_summary")
        await school.by_hand("PUT", f"/templates/{other['id']}/active", {"active": False})
        answer = await save(school, await first(school), name="ASSESSMENT summary")
        assert problem_of(answer) == (422, "name-taken")
        assert answer.json()["errors"][0]["pointer"] == "#/name"


class TestAnother:
    async def test_is_made_from_its_kind_and_named_anew(self, school: SchoolInTest) -> None:
        made = [
            (await school.by_hand("POST", "/templates", {"kind": "written_report", **name})).json()
            for name in ({}, {}, {"name": "Year 6 leavers"})
        ]
        assert [one["saved"]["name"] for one in made] == [
            "Written report 2",
            "Written report 3",
            "Year 6 leavers",
        ]
        assert made[0]["layout"] == (await school.get(f"/templates/{made[1]['id']}"))["layout"]
        answer = await school.by_hand(
            "POST", "/templates", {"kind": "written_report", "name": "year 6 Leavers"}
        )
        assert problem_of(answer) == (422, "name-taken")

    async def test_is_copied_and_from_then_on_its_own(self, school: SchoolInTest) -> None:
        before = await kept(school, await first(school), title="As it is copied")
        copies = [
            (await school.by_hand("POST", f"/templates/{before['id']}/copy", {})).json()
            for _ in range(2)
        ]
        assert [copy["saved"]["name"] for copy in copies] == [
            "Copy of Written report",
            "Copy of Written report 2",
        ]
        assert copies[0]["layout"] == before["layout"]
        await kept(school, copies[0], title="Only the copy’s")
        assert (await school.get(f"/templates/{before['id']}"))["layout"] == before["layout"]


async def test_inactive_is_kept_with_all_it_had_and_comes_back(school: SchoolInTest) -> None:
    before = await first(school)
    path = f"/templates/{before['id']}"
    for active in (False, False, True):
        answer = await school.by_hand("PUT", f"{path}/active", {"active": active})
        assert answer.json()["active"] is active
        assert await school.get(path) == before | {"active": active}
    assert [line["action"] for line in await logged(school)] == [
        "template.made_inactive",
        "template.made_active",
    ]
    assert problem_of(await school.by_hand("DELETE", path)) == (405, "method-not-allowed")


class TestWhoMay:
    ROUTES: tuple[tuple[str, str, Any], ...] = (
        ("GET", "/templates", None),
        ("POST", "/templates", {"kind": "written_report"}),
        ("GET", "/templates/{id}", None),
        ("PUT", "/templates/{id}", "save"),
        ("POST", "/templates/{id}/copy", {}),
        ("PUT", "/templates/{id}/active", {"active": False}),
        ("GET", "/templates/{id}/versions", None),
        ("GET", "/templates/{id}/versions/1", None),
        ("POST", "/templates/{id}/versions/1/take-up", {"expected_version": 1}),
        ("POST", "/templates/preview", "preview"),
        ("POST", "/templates/preview/pages", "preview"),
    )

    def requests(self, template: dict[str, Any]) -> list[tuple[str, str, Any]]:
        layout = template["layout"]
        bodies = {
            "save": {"expected_version": 1, "name": "Taken over", "layout": layout},
            "preview": {"kind": "written_report", "layout": layout},
        }
        return [
            (method, path.format(id=template["id"]), bodies.get(body, body))
            if isinstance(body, str)
            else (method, path.format(id=template["id"]), body)
            for method, path, body in self.ROUTES
        ]

    async def test_nobody_but_the_admin(self, school: SchoolInTest) -> None:
        before = await first(school)
        for method, path, body in self.requests(before):
            for who in (school.as_slt(), school.as_teacher(uuid4()), school.as_parent()):
                answer = await school.door.client.request(method, path, json=body, headers=who)
                assert problem_of(answer) == (403, "forbidden"), (method, path)
            answer = await school.door.client.request(method, path, json=body)
            assert answer.status_code == 401, (method, path)
        assert await first(school) == before

    async def test_no_other_school(self, reports: Door, school: SchoolInTest) -> None:
        before, other = await first(school), SchoolInTest(reports)
        for method, path, body in self.requests(before):
            if before["id"] in path:
                answer = await other.by_hand(method, path, body)
                assert problem_of(answer) == (404, "no-such-template"), (method, path)
        assert await first(school) == before
        assert len((await other.get("/templates"))["templates"]) == 2


class TestAPreview:
    async def test_has_a_pupils_details_and_invented_marks(self, school: SchoolInTest) -> None:
        """The school's own pupil, with the teacher and the class that they have (R1)."""
        pupil_id = await a_class(school)
        await school.door.client.post(
            "/logo", content=saved(crest(), "PNG"), headers=school.as_admin()
        )
        template = await first(school)
        body = {"kind": template["kind"], "layout": template["layout"], "pupil_id": str(pupil_id)}
        answer = await school.by_hand("POST", "/templates/preview", body)
        assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf")
        pages = [page.extract_text() for page in PdfReader(io.BytesIO(answer.content)).pages]
        for said in ("Report for Noor Shah", "3 Blue", "Year 3", "Ms Okafor", "she can do next"):
            assert said in "".join(pages).replace("\n", " "), said
        assert all("marks and comments are invented" in page for page in pages)
        pictures = await school.by_hand("POST", "/templates/preview/pages", body)
        shown = [
            Image.open(io.BytesIO(base64.b64decode(page))) for page in pictures.json()["pages"]
        ]
        assert len(shown) == len(pages)
        assert {picture.format for picture in shown} == {"PNG"}

    async def test_reads_no_mark_and_no_comment(self, reports: Door, school: SchoolInTest) -> None:
        """A mark that would stand out is nowhere in it (R1)."""
        pupil_id = uuid4()
        await reports.rows(
            "INSERT INTO pupils (school_id, id, version, active, legal_forename, legal_surname) "
            "VALUES ($1, $2, 1, true, 'Ivo', 'Marsh')",
            school.id,
            pupil_id,
        )
        settings = await school.get("/settings")
        term, subject = settings["terms"]["terms"][0], settings["subjects"]["subjects"][0]
        await reports.rows(
            "INSERT INTO marks (school_id, pupil_id, subject_id, term_id, version, comment, "
            "recorded_at, recorded_by) VALUES ($1, $2, $3, $4, 1, 'Confidential', now(), $2)",
            school.id,
            pupil_id,
            UUID(subject["id"]),
            UUID(term["id"]),
        )
        template = await first(school)
        body = {"kind": template["kind"], "layout": template["layout"], "pupil_id": str(pupil_id)}
        answer = await school.by_hand("POST", "/templates/preview", body)
        shown = "".join(p.extract_text() for p in PdfReader(io.BytesIO(answer.content)).pages)
        assert "Ivo Marsh" in shown
        assert "Confidential" not in shown

    async def test_needs_no_pupil_and_none_of_another_school(
        self, reports: Door, school: SchoolInTest
    ) -> None:
        template = await first(school, "assessment_summary")
        body = {"kind": template["kind"], "layout": template["layout"]}
        answer = await school.by_hand("POST", "/templates/preview", body)
        assert "Maya Patel" in PdfReader(io.BytesIO(answer.content)).pages[0].extract_text()
        pupil_id = uuid4()
        await reports.rows(
            "INSERT INTO pupils (school_id, id, version, active, legal_forename, legal_surname) "
            "VALUES ($1, $2, 1, true, 'Else', 'Where')",
            uuid4(),
            pupil_id,
        )
        answer = await school.by_hand(
            "POST", "/templates/preview", body | {"pupil_id": str(pupil_id)}
        )
        assert problem_of(answer) == (404, "no-such-pupil")

    async def test_of_what_cannot_be_printed_is_refused_as_a_save_is(
        self, school: SchoolInTest
    ) -> None:
        template = await first(school)
        body = {
            "kind": template["kind"],
            "layout": template["layout"] | {"title": "{pupil.forname}"},
        }
        answer = await school.by_hand("POST", "/templates/preview/pages", body)
        assert problem_of(answer) == (422, "template-refused")
        assert answer.json()["errors"][0]["nearest"] == "pupil.forename"
