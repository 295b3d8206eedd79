"""A school leaves: it takes its records along, and when its time is over nothing of it is left."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from uuid import UUID

import httpx
import pytest

from deploy.local.state import State
from tests.api import Api, signed_in, visitor
from tests.eventually import eventually
from tests.operations.office import at_work, files_of
from tests.operations.tables import NOT_OF_ONE_SCHOOL, rows_by_table, tables_without_a_school
from tests.stack import ADMIN_PASSWORD, School, Stack

pytestmark = pytest.mark.timeout(580)

PROOFS = {
    "identity.left_schools",
    *(f"{service}.erased_schools" for service in ("identity", "roster", "mis_sync", "reports")),
}


async def broker_objects(stack: Stack, user: str) -> tuple[bool, bool]:
    """Whether a connector's user, and its queue, are there."""
    url = State(stack.home).read("stack")["broker"]["management_url"]
    async with httpx.AsyncClient(base_url=url, timeout=30) as management:
        there = await management.get(f"/api/users/{user}")
        queue = await management.get(f"/api/queues/mis/mis.requests.{user}")
    return there.is_success, queue.is_success


async def test_a_school_leaves_and_nothing_of_it_is_left(stack: Stack, tmp_path: Path) -> None:
    leaver = await stack.add_school("Leaver Primary School", "NG7 7GH", "office@leaver.example")
    stayer = await stack.add_school("Stayer Primary School", "NG8 8HJ", "office@stayer.example")
    await at_work(stack, leaver, tmp_path / "leaver", "leaver.example")
    await at_work(stack, stayer, tmp_path / "stayer", "stayer.example")
    user = json.loads(leaver.credentials.read_text())["username"]
    assert await broker_objects(stack, user) == (True, True)
    assert len(files_of(stack, leaver)) >= 1
    held = {table for table, rows in (await rows_by_table(stack, leaver.id)).items() if rows}
    assert {"identity.accounts", "roster.pupils", "mis_sync.differences", "reports.logos"} <= held

    exported = tmp_path / "leaver.zip"
    await stack.command("school", "export", "--school", leaver.id, "--to", str(exported))
    assert_has_what_the_school_is_owed(exported)

    named = ("--school", leaver.id, "--name", "Leaver Primary School")
    refused = await stack.command("school", "erase", *named, check=False)
    assert "0 schools that have left" in refused
    wrong = ("--school", leaver.id, "--name", "Leaver School")
    assert "Type its name" in await stack.command("school", "leave", *wrong, check=False)
    async with signed_in(stack.url, leaver.admin, ADMIN_PASSWORD) as api:
        await stack.command("school", "leave", *named, "--days", "30")
        await assert_is_out(stack, leaver, api)
    await eventually(
        lambda: broker_objects(stack, user), lambda there: there == (False, False), seconds=60
    )
    assert "Everything is kept until" in await stack.command("school", "erase", *named, check=False)

    await stack.command("school", "stay", "--school", leaver.id)
    async with signed_in(stack.url, leaver.admin, ADMIN_PASSWORD) as api:
        assert (await api.get("/api/pupils"))["items"]

    await stack.command("school", "leave", *named, "--days", "0")
    untouched = await rows_by_table(stack, stayer.id)
    assert "GONE" in await stack.command("school", "erase", *named)
    left = await rows_by_table(stack, leaver.id)
    outboxes = {table for table in left if table.endswith(".outbox")}
    assert {table for table, rows in left.items() if rows} - outboxes == PROOFS
    assert files_of(stack, leaver) == []
    assert await rows_by_table(stack, stayer.id) == untouched
    assert await tables_without_a_school(stack) == set(NOT_OF_ONE_SCHOOL)
    assert await names_in_outboxes(stack, leaver) == 0
    assert "GONE" in await stack.command("school", "erase", *named), "again, it is the same"
    assert "GONE" in await stack.command("school", "left")


def assert_has_what_the_school_is_owed(exported: Path) -> None:
    with zipfile.ZipFile(exported) as archive:
        names = set(archive.namelist())
        pupils = archive.read("roster/pupils.csv").decode()
        accounts = archive.read("identity/accounts.csv").decode()
    assert {"identity/activity_log.csv", "roster/groups.csv", "roster/links.csv"} <= names
    assert any(name.startswith("files/") for name in names)
    assert len(pupils.splitlines()) > 400
    assert "hash" not in accounts.splitlines()[0]
    assert "argon2" not in accounts


async def assert_is_out(stack: Stack, school: School, api: Api) -> None:
    """Whoever was in, and whoever comes."""

    async def status() -> int:
        try:
            await api.get("/api/home")
        except httpx.HTTPStatusError as error:
            return error.response.status_code
        return 200

    await eventually(status, lambda code: code == 401)
    async with visitor(stack.url) as back:
        with pytest.raises(httpx.HTTPStatusError, match="has left") as refused:
            await back.sign_in(school.admin, ADMIN_PASSWORD)
    assert refused.value.response.status_code == 403


async def names_in_outboxes(stack: Stack, school: School) -> int:
    """Events of the school that tell more than that it went."""
    counts = []
    for service in ("identity", "roster", "mis_sync", "reports"):
        connection = await stack.database(service)
        counts.append(
            await connection.fetchval(
                "SELECT count(*) FROM outbox WHERE school_id = $1 AND routing_key !~ "
                r"'\.school\.(erasing|erased)\.|connector\.revoked'",
                UUID(school.id),
            )
        )
        await connection.close()
    return sum(counts)
