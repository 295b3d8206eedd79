"""The optional fields of pupils: off until switched on, and then only for whom they are (R29)."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import pytest
from uuid_utils.compat import uuid7

from services.roster.fields.field import OPTIONAL_FIELDS
from shared.contracts.mis_sync import ProposalAction, PupilDetails, PupilProposal
from shared.contracts.vocabulary import LinkKind
from shared.school.year_groups import YEAR_GROUP_ORDER, years_off
from tests.roster.door import UPNS, SchoolInTest, problem_of, user

NONE = dict.fromkeys(OPTIONAL_FIELDS, False)
ALL = dict.fromkeys(OPTIONAL_FIELDS, True)
VALUES: dict[str, Any] = {
    "ethnicity": "WCOR",
    "first_language": "POL",
    "sen_provision": "K",
    "free_school_meals": True,
    "pupil_premium": True,
    "in_care": False,
}
NAMED = {"legal_forename": "Amélie", "legal_surname": "Brontë"}


async def keeps(school: SchoolInTest, version: int = 0, **kept: bool) -> None:
    """The school switches these on, and all others off."""
    answer = await school.by_hand(
        "PUT", "/settings/pupil-fields", NONE | kept | {"expected_version": version}
    )
    assert answer.status_code == 200, answer.text


async def last_told(school: SchoolInTest, pupil_id: UUID) -> dict[str, Any]:
    states: list[dict[str, Any]] = [
        state
        for event in await school.told("roster.pupils.changed.v1")
        for state in event["data"]["pupils"]
        if state["id"] == str(pupil_id)
    ]
    return states[-1]


class TestASchoolThatKeepsNone:
    @pytest.mark.parametrize("name", OPTIONAL_FIELDS)
    async def test_takes_no_value_and_says_where_to_switch_it_on(
        self, school: SchoolInTest, name: str
    ) -> None:
        answer = await school.by_hand("POST", "/pupils", NAMED | {name: VALUES[name]})
        assert problem_of(answer) == (422, "field-not-kept")
        assert "School settings" in answer.json()["detail"]
        assert answer.json()["errors"][0]["pointer"] == f"#/{name}"
        pupil_id = await school.has_pupil()
        for value in (VALUES[name], None):
            body = {"expected_version": 1, name: value}
            answer = await school.by_hand("PATCH", f"/pupils/{pupil_id}", body)
            assert problem_of(answer) == (422, "field-not-kept")

    async def test_takes_none_from_the_mis(self, school: SchoolInTest) -> None:
        pupil_id = await school.has_pupil(**VALUES)
        (row,) = await school.door.rows(
            "SELECT * FROM pupils WHERE school_id = $1 AND id = $2", school.id, pupil_id
        )
        assert [row[name] for name in OPTIONAL_FIELDS] == [None] * 6

    async def test_shows_and_tells_none(self, school: SchoolInTest) -> None:
        fields = await school.get("/pupil-fields")
        assert not [field for field in fields["items"] if field["optional"]]
        pupil_id = await school.has_pupil()
        assert (await school.get(f"/pupils/{pupil_id}"))["fields"] == []


class TestASchoolThatKeepsThem:
    async def test_takes_shows_and_tells_them(self, school: SchoolInTest) -> None:
        await keeps(school, **ALL)
        added = (await school.by_hand("POST", "/pupils", NAMED | VALUES)).json()
        assert {name: added[name] for name in VALUES} == VALUES
        assert (added["eal"], added["fields"]) == (True, list(OPTIONAL_FIELDS))
        told = await last_told(school, UUID(added["id"]))
        assert {name: told[name] for name in VALUES} == VALUES

    async def test_takes_the_mis_s_where_they_are_codes_and_not_set_by_hand(
        self, school: SchoolInTest
    ) -> None:
        """R13, R17."""
        await keeps(school, **ALL)
        pupil_id = await school.has_pupil(**VALUES | {"ethnicity": "NONE", "sen_provision": "s"})
        found = await school.get(f"/pupils/{pupil_id}")
        assert (found["ethnicity"], found["sen_provision"], found["in_care"]) == (None, "E", False)
        body = {"expected_version": 1, "first_language": "eng"}
        changed = (await school.by_hand("PATCH", f"/pupils/{pupil_id}", body)).json()
        assert (changed["first_language"], changed["overrides"]) == ("ENG", ["first_language"])
        proposal = PupilProposal(
            pupil_id=pupil_id,
            action=ProposalAction.UPDATE,
            details=PupilDetails(first_language="POL", in_care=True),
        )
        (outcome,) = await school.pupils_approved(proposal)
        assert outcome["outcome"] == "overridden"
        found = await school.get(f"/pupils/{pupil_id}")
        assert (found["first_language"], found["in_care"]) == ("ENG", True)

    async def test_refuses_what_is_no_code(self, school: SchoolInTest) -> None:
        await keeps(school, **ALL)
        for name in ("ethnicity", "first_language", "sen_provision"):
            answer = await school.by_hand("POST", "/pupils", NAMED | {name: "?!"})
            assert answer.status_code == 422
            assert answer.json()["errors"][0]["pointer"] == f"#/{name}"

    async def test_and_switches_one_off_keeps_its_values_hidden(self, school: SchoolInTest) -> None:
        """R6: nothing is deleted; nobody is shown or told it."""
        await keeps(school, **ALL)
        added = (await school.by_hand("POST", "/pupils", NAMED | VALUES)).json()
        path = f"/pupils/{added['id']}"
        body = {"expected_version": 1, "in_care": True}
        await school.by_hand("PATCH", path, body)
        await keeps(school, 1, ethnicity=True)
        told = await last_told(school, UUID(added["id"]))
        shown = await school.get(path)
        for one in (told, shown):
            assert (one["ethnicity"], one["sen_provision"], one["in_care"]) == ("WCOR", None, None)
            assert (one["version"], one["overrides"]) == (3, [])
        assert (shown["fields"], shown["eal"]) == (["ethnicity"], None)
        handed = await school.by_hand(
            "DELETE", f"{path}/overrides/in_care", expected_version=shown["version"]
        )
        assert problem_of(handed) == (422, "field-not-kept")
        await keeps(school, 2, in_care=True)
        again = await school.get(path)
        assert (again["in_care"], again["overrides"]) == (True, ["in_care"])
        assert (await last_told(school, UUID(added["id"])))["in_care"] is True

    async def test_writes_in_the_log_that_and_never_what(self, school: SchoolInTest) -> None:
        """R9, without spreading it: the log is for good, and goes out as a file."""
        await keeps(school, **ALL)
        added = (await school.by_hand("POST", "/pupils", NAMED | VALUES)).json()
        path = f"/pupils/{added['id']}"
        for version, value in ((1, "E"), (2, None)):
            body = {"expected_version": version, "sen_provision": value}
            assert (await school.by_hand("PATCH", path, body)).status_code == 200
        entries = [
            entry
            for event in await school.told("activity.recorded.v1")
            for entry in event["data"]["entries"]
            if entry["subject"]["kind"] == "pupil"
        ]
        assert {entries[0]["after"][name] for name in VALUES} == {"recorded"}
        said = [(e["before"]["sen_provision"], e["after"]["sen_provision"]) for e in entries[1:]]
        assert said == [("recorded", "recorded anew"), ("recorded", None)]

    async def test_shows_them_to_slt_and_to_no_teacher(self, school: SchoolInTest) -> None:
        """R14, and special categories are for whom they are needed."""
        await keeps(school, **ALL)
        teacher, group_id = uuid7(), await school.has_group("3 Blue")
        await school.users_are_told(user(teacher))
        pupil_id = await school.has_pupil(**VALUES)
        await school.has_link(LinkKind.TEACHER, group_id, teacher)
        await school.has_link(LinkKind.MEMBER, group_id, pupil_id)
        path, body = f"/pupils/{pupil_id}", {"expected_version": 1, "in_care": True}
        assert (await school.by_hand("PATCH", path, body)).status_code == 200
        seen = await school.get(path, school.as_slt())
        assert (seen["in_care"], seen["overrides"]) == (True, ["in_care"])
        hers = await school.get(path, school.as_teacher(teacher))
        assert (hers["fields"], hers["overrides"]) == ([], [])
        assert {hers[name] for name in (*OPTIONAL_FIELDS, "eal")} == {None}
        for headers in (school.as_admin(), school.as_teacher(teacher)):
            (listed,) = (await school.get("/pupils", headers))["items"]
            assert not {*OPTIONAL_FIELDS} & listed.keys()
            assert listed["overrides"] == []


class TestTheSetting:
    async def test_is_off_by_default_and_says_what_each_is(self, school: SchoolInTest) -> None:
        found = await school.get("/settings/pupil-fields")
        assert (found["version"], found["defaults"]) == (0, NONE)
        assert [about["name"] for about in found["about"]] == list(OPTIONAL_FIELDS)
        assert all(about["help"] for about in found["about"])

    async def test_is_told_and_logged_once(self, school: SchoolInTest) -> None:
        """R29: its line in the log, and its event."""
        await keeps(school, ethnicity=True)
        await keeps(school, 1, ethnicity=True)
        (told,) = await school.told("roster.pupil_fields.changed.v1")
        assert told["data"] == {"version": 1, "kept": ["ethnicity"]}
        (event,) = await school.told("activity.recorded.v1")
        (entry,) = event["data"]["entries"]
        assert (entry["action"], entry["before"], entry["after"]) == (
            "settings.pupil_fields_changed",
            {"ethnicity": False},
            {"ethnicity": True},
        )

    async def test_that_somebody_else_changed_says_what_is_there_now(
        self, school: SchoolInTest
    ) -> None:
        await keeps(school, ethnicity=True)
        answer = await school.by_hand(
            "PUT", "/settings/pupil-fields", ALL | {"expected_version": 0}
        )
        assert problem_of(answer) == (409, "changed-meanwhile")
        assert answer.json()["current"] == NONE | {"ethnicity": True, "version": 1}

    @pytest.mark.parametrize("role", ["slt", "teacher"])
    async def test_is_the_admin_s_alone(self, school: SchoolInTest, role: str) -> None:
        headers = school.as_slt() if role == "slt" else school.as_teacher(uuid7())
        for method in ("GET", "PUT"):
            answer = await school.door.client.request(
                method, "/settings/pupil-fields", json=ALL, headers=headers
            )
            assert answer.status_code == 403
        answer = await school.door.client.get("/pupil-fields", headers=headers)
        assert answer.status_code == (200 if role == "slt" else 403)


class TestYearGroupAndDateOfBirth:
    async def test_that_do_not_fit_are_shown_and_found(self, school: SchoolInTest) -> None:
        """Born on 31 August and on 1 September, in the school's own year, 2026/27."""
        fits = await school.has_pupil(upn=UPNS[0], date_of_birth=date(2019, 8, 31))
        young = await school.has_pupil(upn=UPNS[1], date_of_birth=date(2019, 9, 1))
        await school.has_pupil(upn=UPNS[2], date_of_birth=None)
        found = await school.get("/pupils", year_disagrees=True)
        assert [pupil["id"] for pupil in found["items"]] == [str(young)]
        assert (found["items"][0]["year_group_of_age"], found["items"][0]["year_disagrees"]) == (
            "2",
            True,
        )
        assert (await school.get("/pupils", year_disagrees=False))["total"] == 2
        assert not (await school.get(f"/pupils/{fits}"))["year_disagrees"]

    async def test_agree_once_a_person_says_so_whatever_the_sync_does(
        self, school: SchoolInTest
    ) -> None:
        """R13: the offset is no field of the MIS's."""
        pupil_id = await school.has_pupil(date_of_birth=date(2019, 9, 1))
        path = f"/pupils/{pupil_id}"
        body = {"expected_version": 1, "year_offset": 1}
        changed = (await school.by_hand("PATCH", path, body)).json()
        assert (changed["year_disagrees"], changed["overrides"]) == (False, [])
        assert (await school.get("/pupils", year_disagrees=True))["total"] == 0
        proposal = PupilProposal(
            pupil_id=pupil_id,
            action=ProposalAction.UPDATE,
            details=PupilDetails(legal_forename="Zoe"),
        )
        await school.pupils_approved(proposal)
        assert (await school.get(path))["year_offset"] == 1
        assert (await last_told(school, pupil_id))["year_offset"] == 1

    @pytest.mark.parametrize("offset", [-4, 4, 1.5, None])
    async def test_can_be_three_years_apart_at_most(
        self, school: SchoolInTest, offset: float | None
    ) -> None:
        pupil_id = await school.has_pupil()
        body = {"expected_version": 1, "year_offset": offset}
        assert (await school.by_hand("PATCH", f"/pupils/{pupil_id}", body)).status_code == 422

    async def test_are_told_apart_in_the_database_as_in_the_rules(
        self, school: SchoolInTest
    ) -> None:
        """One rule in two languages: every year group against births around each turn of a year."""
        births = [
            date(year, month, day)
            for year in range(2004, 2028)
            for month, day in ((8, 31), (9, 1), (2, 28), (1, 1), (12, 31))
        ]
        for academic_year in ("2025/26", "2026/27"):
            rows = await school.door.rows(
                "SELECT y, b, years_off(y, b, $3) AS off "
                "FROM unnest($1::text[]) AS y, unnest($2::date[]) AS b",
                list(YEAR_GROUP_ORDER),
                births,
                academic_year,
            )
            assert len(rows) == len(births) * len(YEAR_GROUP_ORDER)
            assert all(r["off"] == years_off(r["y"], r["b"], academic_year) for r in rows)
