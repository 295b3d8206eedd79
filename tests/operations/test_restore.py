"""Everything is lost but a copy, and what was there is there again: all services agree, nobody is
there twice, and what is sent twice does no harm."""

from __future__ import annotations

import json
import re
import shutil
import sys
import tarfile
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from deploy.local.state import State
from shared.database.provision import SERVICES
from tests.api import signed_in
from tests.eventually import eventually
from tests.exports import export_for
from tests.faults.rows import SchoolRows, rows_of
from tests.operations.office import at_work, files_of
from tests.stack import ADMIN_PASSWORD, School, Stack, runs_at_rest

pytestmark = pytest.mark.timeout(900)

NOTHING: dict[str, str] = {}
COUNTER = re.compile(r'"roll_version": \d+, ')
"""It counts what was said of pupils, groups and links, whether or not it was new."""


async def unsent(stack: Stack) -> int:
    """Events that no broker has taken yet, of all services."""
    total = 0
    for service in SERVICES:
        connection = await stack.database(service)
        total += await connection.fetchval("SELECT count(*) FROM outbox WHERE sent_at IS NULL")
        await connection.close()
    return total


def rename(school: School, stack: Stack, name: str) -> Callable[[], Awaitable[None]]:
    async def change() -> None:
        async with signed_in(stack.url, school.admin, ADMIN_PASSWORD) as api:
            group = (await api.get("/api/groups"))["items"][0]
            body = {"name": name, "expected_version": group["version"]}
            await api.ask("PATCH", f"/api/groups/{group['id']}", json=body)

    return change


def broker_of(stack: Stack) -> str:
    """For connectors: a new stack on one machine has other ports."""
    host = urlsplit(State(stack.home).read("stack")["broker"]["amqp_url"]).netloc.rpartition("@")[2]
    return f"amqp://{host}/mis"


def mixed(older: Path, newer: Path, to: Path) -> None:
    """Roster as it was first; all others as they were later."""
    with tarfile.open(to, "w") as made:
        for source, wanted in ((older, True), (newer, False)):
            with tarfile.open(source) as archive:
                for member in archive.getmembers():
                    if (member.name == "roster.dump") is wanted:
                        made.addfile(member, archive.extractfile(member))


async def test_a_lost_system_is_restored(stack: Stack, tmp_path: Path) -> None:
    school = await stack.add_school("Phoenix Primary School", "NG9 9JL", "office@phoenix.example")
    await at_work(stack, school, tmp_path / "export", "phoenix.example")
    async with signed_in(stack.url, school.admin, ADMIN_PASSWORD) as api:
        pupils = await api.everything("/api/pupils")
    await eventually(lambda: unsent(stack), lambda count: count == 0)

    # A change that is still in roster's outbox when roster is copied, and has been heard by all
    # when the others are: sent once more after the restore, it is nothing new to anybody.
    await stack.freeze("rabbitmq")
    await rename(school, stack, "Renamed while the broker was away")()
    assert await unsent(stack) > 0
    await stack.command("back-up", str(tmp_path / "first.tar"))
    await stack.kill("rabbitmq")
    await stack.ready()
    await eventually(lambda: unsent(stack), lambda count: count == 0, seconds=60)
    began = time.monotonic()
    await stack.command("back-up", str(tmp_path / "second.tar"))
    _took(f"back-up: {time.monotonic() - began:.1f} s")
    mixed(tmp_path / "first.tar", tmp_path / "second.tar", tmp_path / "copy.tar")

    async def everything() -> SchoolRows:
        rows = await rows_of(stack, school.id, NOTHING)
        counted = rows["roster.schools"]
        rows["roster.schools"] = Counter({COUNTER.sub("", row): counted[row] for row in counted})
        return rows

    before = await everything()
    kept = {path.name: path.read_bytes() for path in files_of(stack, school)}
    credentials = json.loads(school.credentials.read_text())

    await stack.command("down")
    shutil.rmtree(stack.home)
    began = time.monotonic()
    secrets = ("--secrets", str(tmp_path / "second.tar.secrets"))
    await stack.command("restore", str(tmp_path / "copy.tar"), *secrets)
    _took(f"restore: {time.monotonic() - began:.1f} s")
    await stack.command("up", "--detach")
    for service in ("mis_sync", "identity", "roster", "reports"):
        await stack.command("republish", service)
    _took(f"until all is told again: {time.monotonic() - began:.1f} s")
    at_new_port = {**credentials, "url": broker_of(stack)}
    school.credentials.write_text(json.dumps(at_new_port))

    await eventually(lambda: unsent(stack), lambda count: count == 0, seconds=60)

    async def differing() -> list[str]:
        found = await everything()
        return [
            f"{table} {sign}{count} {row}"
            for table, rows in before.items()
            for sign, more in (("-", rows - found[table]), ("+", found[table] - rows))
            for row, count in more.items()
        ][:20]

    await eventually(differing, lambda found: not found, seconds=60)
    assert {path.name: path.read_bytes() for path in files_of(stack, school)} == kept
    assert await dead_letters(stack) == 0
    over = await stack.command("restore", str(tmp_path / "copy.tar"), *secrets, check=False)
    assert "restore where nothing is" in over

    # The connector goes on with the credentials that it has, and brings nobody twice.
    await stack.push(school, export_for(tmp_path / "again", "phoenix.example"))
    async with signed_in(stack.url, school.admin, ADMIN_PASSWORD) as api:
        await runs_at_rest(api, 3)
        after = await api.everything("/api/pupils")
    assert {pupil["id"] for pupil in after} == {pupil["id"] for pupil in pupils}


def _took(words: str) -> None:
    """For the figures of `docs/operations/backup.md`."""
    sys.stdout.write(f"{words}\n")


async def dead_letters(stack: Stack) -> int:
    return len(json.loads((await stack.command("dead-letters", "list", "--json")).splitlines()[-1]))
