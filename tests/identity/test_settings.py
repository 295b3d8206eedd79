"""How a school's people sign in, as its admin decides: versions, the log, the event (R29)."""

from __future__ import annotations

from typing import Any

import httpx

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
