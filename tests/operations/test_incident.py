"""What an operator does when data may be in the wrong hands, and with dead letters."""

from __future__ import annotations

import json
from pathlib import Path
from uuid import UUID, uuid4

import httpx
import pytest

from tests.api import signed_in
from tests.eventually import eventually
from tests.operations.test_leaving import broker_objects
from tests.stack import ADMIN_PASSWORD, Stack

pytestmark = pytest.mark.timeout(420)


async def test_people_are_signed_out_the_connector_is_cut_and_the_log_is_read(
    stack: Stack, tmp_path: Path
) -> None:
    school = await stack.add_school("Alarm Primary School", "NG1 5AL", "office@alarm.example")
    user = json.loads(school.credentials.read_text())["username"]
    async with signed_in(stack.url, school.admin, ADMIN_PASSWORD) as api:
        out = await stack.command("incident", "sign-everyone-out", "--school", school.id)
        assert int(out.split()[0]) >= 1

        async def is_out() -> bool:
            try:
                await api.get("/api/home")
            except httpx.HTTPStatusError as error:
                return error.response.status_code == 401
            return False

        await eventually(is_out)
    await stack.command("incident", "cut-connector", "--school", "Alarm Primary School")
    await eventually(lambda: broker_objects(stack, user), lambda there: not any(there))
    log = tmp_path / "log.csv"

    async def read() -> str:
        days = ("--first-day", "2026-01-01", "--last-day", "2126-01-01")
        named = ("--school", school.id, "--to", str(log))
        await stack.command("incident", "activity", *named, *days)
        return log.read_text(encoding="utf-8")

    written = await eventually(read, lambda text: "Operator at the command line" in text)
    assert "Everybody of Alarm Primary School was signed out" in written


async def test_a_dead_letter_is_listed_shown_replayed_and_discarded(stack: Stack) -> None:
    """The commands of `docs/operations/dead-letters.md`."""
    letter, school = uuid4(), UUID(int=1)
    body = json.dumps({"id": str(uuid4()), "data": "not what was agreed"}).encode()
    connection = await stack.database("roster")
    await connection.execute(
        "INSERT INTO dead_letters "
        "(id, consumer, message_key, routing_key, school_id, body, reason, tries) "
        "VALUES ($1, 'roster.identity.users.changed.v1', $2, 'identity.users.changed.v1', $3, $4, "
        "'no such field', 5)",
        letter,
        str(letter),
        school,
        body,
    )
    listed = json.loads((await stack.command("dead-letters", "list", "--json")).splitlines()[-1])
    assert [each["id"] for each in listed] == [str(letter)]
    assert "not what was agreed" in await stack.command("dead-letters", "show", str(letter))
    await stack.command("dead-letters", "replay", str(letter))

    async def waiting() -> list[str]:
        rows = await connection.fetch("SELECT id FROM dead_letters WHERE state = 'waiting'")
        return [str(row["id"]) for row in rows]

    # It is no better the second time: it comes back as another, with its reason.
    [again] = await eventually(waiting, lambda ids: ids and ids != [str(letter)])
    await stack.command("dead-letters", "discard", again)
    assert await waiting() == []
    await connection.close()
    assert "None waits" in await stack.command("dead-letters", "list")
    said = await stack.command("logs", "roster", "--lines", "200")
    assert all(json.loads(line)["service"] == "roster" for line in said.splitlines())
    assert "shared.messaging.consumer" in said, "it was refused"
