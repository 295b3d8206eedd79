"""The full state can be told once more, for those who lost their copy."""

from __future__ import annotations

import os
import subprocess
import sys
from uuid import uuid4

from services.identity.settings import Settings
from tests.identity.door import Door, SchoolInTest


def run_republish(settings: Settings, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "CLASSROOM_DATABASE_URL": settings.database_url}
    command = [sys.executable, "-m", "services.identity.republish", *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


async def test_a_school_and_its_users_are_told_as_they_are_now(
    door: Door, school: SchoolInTest, settings: Settings
) -> None:
    users = [await school.add_user(surname=f"Again{n}") for n in range(3)]
    before = len(await door.told(school.id))
    done = run_republish(settings, "--school", str(school.id))
    assert (done.returncode, done.stdout) == (0, "1 school written to the outbox\n"), done.stderr
    told = (await door.told(school.id))[before:]
    assert [event["type"] for event in told] == [
        "identity.school.changed.v1",
        "identity.users.changed.v1",
    ]
    states = told[1]["data"]["users"]
    assert [state["id"] for state in states] == sorted(user["id"] for user in users)
    assert all(state["version"] == 1 for state in states)


async def test_without_a_school_all_of_them_are_told(
    door: Door, school: SchoolInTest, settings: Settings
) -> None:
    other = await door.new_school()
    done = run_republish(settings)
    assert done.returncode == 0, done.stderr
    for one in (school, other):
        assert len(await door.told(one.id, "identity.school.changed.v1")) == 2


async def test_a_school_that_is_not_here_is_an_error(settings: Settings) -> None:
    done = run_republish(settings, "--school", str(uuid4()))
    assert done.returncode == 1
    assert "no school" in done.stderr
