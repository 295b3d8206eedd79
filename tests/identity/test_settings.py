"""A school's details, and how its people sign in, as its admin decides (R29)."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from services.identity.accounts.usernames import admin_base
from services.identity.school_settings.schemas import DetailsBody
from services.identity.schools.contact import postcode, telephone
from shared.contracts.vocabulary import YearGroup
from shared.school.year_groups import YEAR_GROUP_ORDER
from tests.identity.door import Door, SchoolInTest, problem_of

DEFAULTS = {"first_passwords": "default", "two_step": "optional"}


async def settings_of(school: SchoolInTest) -> dict[str, Any]:
    headers = await school.as_admin()
    answer = await school.door.client.get("/school/settings", headers=headers)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def set_sign_in(school: SchoolInTest, version: int, **values: str) -> httpx.Response:
    body = {**DEFAULTS, "expected_version": version, **values}
    headers = await school.as_admin()
    return await school.door.client.put("/school/settings/sign-in", json=body, headers=headers)


class TestSignIn:
    async def test_a_school_that_decided_nothing_has_the_defaults(
        self, school: SchoolInTest
    ) -> None:
        found = (await settings_of(school))["sign_in"]
        assert found == {**DEFAULTS, "version": 0, "defaults": DEFAULTS}

    async def test_what_was_set_is_kept_told_and_logged(
        self, door: Door, school: SchoolInTest
    ) -> None:
        """R9: before and after, of what is other than before."""
        answer = await set_sign_in(school, 0, first_passwords="starting_codes")
        assert answer.status_code == 200, answer.text
        assert answer.json() == (await settings_of(school))["sign_in"]
        [event] = await door.told(school.id, "identity.settings.changed.v1")
        assert event["data"] == {
            "version": 1,
            "first_passwords": "starting_codes",
            "two_step": "optional",
        }
        entry = (await door.told(school.id, "activity.recorded.v1"))[-1]["data"]["entries"][0]
        assert entry["action"] == "settings.sign_in_changed"
        assert entry["before"] == {"first_passwords": "default"}
        assert entry["after"] == {"first_passwords": "starting_codes"}

    async def test_setting_what_is_there_changes_and_says_nothing(
        self, door: Door, school: SchoolInTest
    ) -> None:
        assert (await set_sign_in(school, 0)).json()["version"] == 0
        assert await door.told(school.id, "identity.settings.changed.v1") == []

    async def test_who_looked_at_an_older_version_overwrites_nothing(
        self, school: SchoolInTest
    ) -> None:
        await set_sign_in(school, 0, two_step="admin_and_slt")
        refused = await set_sign_in(school, 0, first_passwords="starting_codes")
        assert problem_of(refused) == (409, "changed-meanwhile")
        now = {"first_passwords": "default", "two_step": "admin_and_slt", "version": 1}
        assert refused.json()["current"] == now
        assert (await settings_of(school))["sign_in"]["two_step"] == "admin_and_slt"

    async def test_what_is_no_choice_is_refused_at_its_field(self, school: SchoolInTest) -> None:
        refused = await set_sign_in(school, 0, two_step="everybody")
        assert problem_of(refused) == (422, "unprocessable")
        assert [error["pointer"] for error in refused.json()["errors"]] == ["#/two_step"]

    async def test_another_school_keeps_its_own(self, door: Door, school: SchoolInTest) -> None:
        other = await door.new_school()
        await set_sign_in(school, 0, two_step="admin_and_slt")
        assert (await settings_of(other))["sign_in"]["version"] == 0

    async def test_only_the_admin_sees_or_sets_them(self, door: Door, school: SchoolInTest) -> None:
        user = await school.add_user()
        colleague = door.as_session((await school.claim(user["username"]))["session"])
        path = "/school/settings"
        assert (await door.client.get(path, headers=colleague)).status_code == 403
        body = {**DEFAULTS, "expected_version": 0}
        refused = await door.client.put(f"{path}/sign-in", json=body, headers=colleague)
        assert refused.status_code == 403
        assert (await door.client.get(path)).status_code == 401


DETAILS = {
    "name": "Heron Park Primary School",
    "address_line_1": "Heron Lane",
    "address_line_2": None,
    "town": "Nottingham",
    "telephone": "0115 496 0123",
    "contact_email": "office@heronpark.example",
    "first_year_group": "R",
    "last_year_group": "6",
}
YEARS = st.sampled_from(list(YearGroup))


async def set_details(school: SchoolInTest, version: int, **values: Any) -> httpx.Response:
    postcode = school.made["school"]["postcode"]
    body = {"postcode": postcode, **DETAILS, "expected_version": version, **values}
    headers = await school.as_admin()
    return await school.door.client.put("/school/settings/details", json=body, headers=headers)


class TestDetails:
    async def test_a_new_school_has_those_it_was_set_up_with(self, school: SchoolInTest) -> None:
        found = (await settings_of(school))["details"]
        given = {name: value for name, value in school.made["school"].items() if name != "id"}
        rest = ("address_line_1", "address_line_2", "town", "telephone", "contact_email")
        assert found == {**given, **dict.fromkeys(rest), "version": 1}

    async def test_what_was_set_is_kept_told_and_logged(
        self, door: Door, school: SchoolInTest
    ) -> None:
        """R9, R29: the whole state to the others, what differs to the log."""
        answer = await set_details(school, 1, name="Heron Park Academy", telephone="01154960124")
        assert answer.status_code == 200, answer.text
        assert answer.json() == (await settings_of(school))["details"]
        assert answer.json()["telephone"] == "0115 496 0124"
        event = (await door.told(school.id, "identity.school.changed.v1"))[-1]
        assert event["data"] == answer.json()
        assert event["data"]["version"] == 2
        entry = (await door.told(school.id, "activity.recorded.v1"))[-1]["data"]["entries"][0]
        assert entry["action"] == "settings.school_changed"
        assert entry["before"]["name"] == "Heron Park Primary School"
        assert entry["after"]["name"] == "Heron Park Academy"
        assert "first_year_group" not in entry["after"]

    async def test_a_session_that_is_there_has_the_new_name(
        self, door: Door, school: SchoolInTest
    ) -> None:
        user = await school.add_user()
        opened = await school.claim(user["username"])
        await set_details(school, 1, name="Heron Park Academy")
        looked_up = (await door.look_up(opened["token"])).json()
        assert looked_up["school"]["name"] == "Heron Park Academy"

    async def test_a_username_is_of_the_postcode_it_was_made_with(
        self, school: SchoolInTest
    ) -> None:
        """R7."""
        before = await school.add_user(surname="Smith")
        assert (await set_details(school, 1, postcode="de1 1aa")).json()["postcode"] == "DE1 1AA"
        after = await school.add_user(surname="Jones")
        assert after["username"].startswith("de11aa_jones")
        headers = await school.as_admin()
        path = f"/users/{before['id']}"
        now = (await school.door.client.get(path, headers=headers)).json()
        assert now["username"] == before["username"]
        assert not now["username"].startswith("de1")

    async def test_setting_what_is_there_changes_and_says_nothing(
        self, door: Door, school: SchoolInTest
    ) -> None:
        await set_details(school, 1)
        told = len(await door.told(school.id))
        assert (await set_details(school, 2, name=f"  {DETAILS['name']} ")).json()["version"] == 2
        assert len(await door.told(school.id)) == told

    async def test_who_looked_at_an_older_version_overwrites_nothing(
        self, school: SchoolInTest
    ) -> None:
        await set_details(school, 1, town="Derby")
        refused = await set_details(school, 1, town="Leicester")
        assert problem_of(refused) == (409, "changed-meanwhile")
        assert refused.json()["current"]["town"] == "Derby"
        assert refused.json()["current"]["version"] == 2
        assert [error["pointer"] for error in refused.json()["errors"]] == ["#/town"]

    async def test_of_two_at_once_one_is_told_of_the_other(self, school: SchoolInTest) -> None:
        await school.admin()
        answers = await asyncio.gather(*(set_details(school, 1, town=t) for t in ("A", "B")))
        assert sorted(answer.status_code for answer in answers) == [200, 409]

    @pytest.mark.parametrize(
        ("wrong", "field"),
        [
            ({"postcode": "XX1 1AA"}, "postcode"),
            ({"postcode": "BFPO 15"}, "postcode"),
            ({"postcode": "NG٧ 5PN"}, "postcode"),
            ({"telephone": "496 0123"}, "telephone"),
            ({"telephone": "call the office"}, "telephone"),
            ({"contact_email": "office"}, "contact_email"),
            ({"town": "Not\ntingham"}, "town"),
            ({"address_line_1": "x" * 101}, "address_line_1"),
            ({"name": "H"}, "name"),
            ({"first_year_group": "3", "last_year_group": "2"}, "last_year_group"),
            ({"last_year_group": "14"}, "last_year_group"),
            ({"id": "0192f3a0-0000-7000-8000-000000000000"}, "id"),
            ({"school_id": "0192f3a0-0000-7000-8000-000000000000"}, "school_id"),
        ],
    )
    async def test_what_cannot_be_is_refused_at_its_field(
        self, school: SchoolInTest, wrong: dict[str, str], field: str
    ) -> None:
        refused = await set_details(school, 1, **wrong)
        assert problem_of(refused) == (422, "unprocessable")
        assert [error["pointer"] for error in refused.json()["errors"]] == [f"#/{field}"]

    async def test_what_no_database_holds_is_refused(self, school: SchoolInTest) -> None:
        refused = await set_details(school, 1, town="Not\x00tingham")
        assert problem_of(refused) == (400, "bad-request")

    async def test_the_year_groups_are_told_in_the_words_of_a_school(
        self, school: SchoolInTest
    ) -> None:
        refused = await set_details(school, 1, first_year_group="3", last_year_group="R")
        [error] = refused.json()["errors"]
        assert error["detail"] == "Reception comes before Year 3. Choose Year 3 or a later one."

    async def test_another_school_keeps_its_own(self, door: Door, school: SchoolInTest) -> None:
        other = await door.new_school()
        await set_details(school, 1, town="Derby")
        found = (await settings_of(other))["details"]
        assert (found["town"], found["version"]) == (None, 1)

    @pytest.mark.parametrize("role", ["teacher", "slt"])
    async def test_only_the_admin_sets_them(
        self, door: Door, school: SchoolInTest, role: str
    ) -> None:
        """R1."""
        user = await school.add_user(role=role)
        colleague = door.as_session((await school.claim(user["username"]))["session"])
        body = {"postcode": "DE1 1AA", **DETAILS, "expected_version": 1}
        path = "/school/settings/details"
        assert (await door.client.put(path, json=body, headers=colleague)).status_code == 403
        assert (await door.client.put(path, json=body)).status_code == 401


@given(first=YEARS, last=YEARS)
def test_a_school_has_the_year_groups_from_its_first_to_its_last_or_is_refused(
    first: YearGroup, last: YearGroup
) -> None:
    """R29: no other pair is kept, and every pair in order is."""
    values = {"postcode": "NG7 5PN", **DETAILS, "expected_version": 1}
    values |= {"first_year_group": first, "last_year_group": last}
    places = [YEAR_GROUP_ORDER.index(first), YEAR_GROUP_ORDER.index(last)]
    if places == sorted(places):
        kept = DetailsBody.model_validate(values)
        assert (kept.first_year_group, kept.last_year_group) == (first, last)
    else:
        with pytest.raises(ValidationError):
            DetailsBody.model_validate(values)


_POSTCODES = st.from_regex(
    r"(NG|S|EC|SW|BT|ZE)[1-9][0-9]?[0-9][ABDEFGHJLN-UW-Z]{2}", fullmatch=True
)


@given(letters=_POSTCODES, spaces=st.lists(st.integers(0, 6), max_size=3), lower=st.booleans())
def test_a_postcode_is_one_whatever_its_spaces_and_case(
    letters: str, spaces: list[int], lower: bool
) -> None:
    typed = letters.lower() if lower else letters
    for place in spaces:
        typed = f"{typed[:place]} {typed[place:]}"
    written = postcode(typed)
    assert written == f"{letters[:-3]} {letters[-3:]}"
    assert postcode(written) == written


@given(text=st.text(max_size=12))
def test_what_is_kept_as_a_postcode_makes_a_username(text: str) -> None:
    """R7: in ASCII, whatever was typed."""
    try:
        written = postcode(text)
    except ValueError:
        return
    assert written.isascii()
    assert admin_base(written).isidentifier()


@given(text=st.text(max_size=60))
def test_a_telephone_number_is_kept_as_it_was_kept_before(text: str) -> None:
    try:
        written = telephone(text)
    except ValueError:
        return
    assert telephone(written) == written
