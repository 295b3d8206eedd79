"""The whole product on this machine, as `./classroom` runs it, in a folder of its own."""

from __future__ import annotations

import asyncio
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlsplit, urlunsplit

import asyncpg

from deploy.local.mail import sent
from deploy.local.services_client import NewSchool, ServicesClient
from deploy.local.stack import health
from deploy.local.state import State
from deploy.local.supervision import Supervisor
from tests.api import Api, visitor
from tests.eventually import eventually

__all__ = ["School", "Stack", "new_stack"]

CHECKOUT = Path(__file__).resolve().parents[1]
ADMIN_PASSWORD = "the kettle is on at eight"
_AT_REST = {"closed", "applied", "ignored", "refused", "held", "expired", "superseded"}


@dataclass(frozen=True)
class School:
    """A school whose admin has signed in, and whose connector may publish."""

    id: str
    admin: str
    default_password: str
    credentials: Path


@asynccontextmanager
async def new_stack(*words: str, told: Mapping[str, str] | None = None) -> AsyncIterator[Stack]:
    """A stack started by `./classroom WORDS` in a folder of its own, until the block ends.

    `told` is of the environment of whoever types that.

    The folder is not pytest's, which closes its own to the user that PostgreSQL runs as.
    """
    folder = Path(tempfile.mkdtemp(prefix="classroom-test-"))
    stack = Stack(folder / "home", told)
    try:
        await stack.command(*words)
        yield stack
    finally:
        await stack.command("down", check=False)
        shutil.rmtree(folder, ignore_errors=True)


class Stack:
    """One stack. `home` is its state directory; other stacks do not know of it."""

    def __init__(self, home: Path, told: Mapping[str, str] | None = None) -> None:
        self.home = home
        self._told = dict(told or {})

    async def command(
        self, *words: str, check: bool = True, seconds: float = 420, typed: str = ""
    ) -> str:
        """Run `./classroom WORDS` and return what it printed. Raises if it fails."""
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-m", "deploy.local.cli", *words),
            cwd=CHECKOUT,
            env=self._environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        output, _ = await asyncio.wait_for(process.communicate(typed.encode()), seconds)
        if check and process.returncode:
            raise AssertionError(f"./classroom {' '.join(words)} failed:\n{output.decode()}")
        return output.decode()

    def end(self) -> None:
        """`./classroom down`, for whom there is no loop to wait in."""
        subprocess.run(
            [sys.executable, "-m", "deploy.local.cli", "down"],
            cwd=CHECKOUT,
            env=self._environment(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=False,
        )

    async def status(self) -> dict[str, Any]:
        output = await self.command("status", "--json", check=False)
        return cast(dict[str, Any], json.loads(output[output.index("{") :]))

    @property
    def url(self) -> str:
        return str(self._started()["url"])

    async def pids(self) -> dict[str, int]:
        """Of all that runs, by name."""
        running = await asyncio.to_thread(Supervisor(State(self.home)).running)
        return {program.name: program.pid for program in running if program.pid}

    async def freeze(self, name: str) -> None:
        """Let it do nothing more, until it is killed."""
        os.kill((await self.pids())[name], signal.SIGSTOP)

    async def kill(self, *names: str) -> None:
        """`kill -9` all of these at once, and wait until others have taken their places."""
        before = await self.pids()
        for name in names:
            os.kill(before[name], signal.SIGKILL)
        await eventually(
            self.pids,
            lambda pids: all(pids.get(name, before[name]) != before[name] for name in names),
            seconds=60,
        )

    async def ready(self, seconds: float = 120) -> None:
        looking = partial(asyncio.to_thread, health, State(self.home))
        await eventually(looking, lambda found: all(each.well for each in found), seconds=seconds)

    async def database(self, service: str) -> asyncpg.Connection[asyncpg.Record]:
        """A connection that sees everything, for looking only."""
        admin = urlsplit(self._started()["database_url"])
        return await asyncpg.connect(urlunsplit(admin._replace(path=f"/{service}")))

    async def add_school(self, name: str, postcode: str, admin_email: str) -> School:
        """Set a school up, sign its admin in for the first time, and link its MIS."""
        made = await asyncio.to_thread(
            self.set_up_school, NewSchool(name, postcode, "R", "6", admin_email)
        )
        async with visitor(self.url) as api:
            await api.open_link(re.split(r"[#/=]", made["admin"]["sign_in_link"])[-1])
            await api.set_password(ADMIN_PASSWORD)
            given = await api.post("/api/default-password")
            linked = await api.post("/api/mis/link")
            credentials = self.home / f"{postcode.replace(' ', '')}.json"
            credentials.write_text(json.dumps(linked["credentials"]))
            # The provisioner asks the broker's management four times, ten seconds each.
            await eventually(
                lambda: api.get("/api/mis"),
                lambda mis: mis["link"]["state"] != "provisioning",
                seconds=120,
            )
            return School(
                api.session["school"]["id"],
                admin_email,
                given["default_password"],
                credentials,
            )

    async def mails(self, to: str) -> str:
        """What `./classroom mail` shows, without a process of its own each time one looks."""
        found = await asyncio.to_thread(sent, State(self.home))
        return "\n".join(f"{each.subject}\n\n{each.text}" for each in found if each.recipient == to)

    def set_up_school(self, school: NewSchool) -> dict[str, Any]:
        """As `./classroom school add` does it, which has tests of its own."""
        with ServicesClient(State(self.home)) as services:
            return services.set_up_school(school)

    async def push(self, school: School, export: Path) -> None:
        """The connector publishes one snapshot."""
        await self.command(
            *("connector", "push", "--credentials", str(school.credentials)),
            *("--kind", "oneroster-csv", str(export)),
        )

    def _started(self) -> dict[str, Any]:
        return State(self.home).read("stack")

    def _environment(self) -> dict[str, str]:
        """Servers that others use are not this stack's."""
        inherited = {
            name: value
            for name, value in os.environ.items()
            if name == "CLASSROOM_RABBITMQ_IMAGE"
            or not (name.startswith("CLASSROOM_") or name in ("DATABASE_URL", "RABBITMQ_URL"))
        }
        return {**inherited, **self._told, "CLASSROOM_HOME": str(self.home)}


async def runs_at_rest(api: Api, at_least: int, *, seconds: float = 120) -> list[dict[str, Any]]:
    """The runs, newest first, once there are so many and none of them is under way."""

    async def look() -> list[dict[str, Any]]:
        return list((await api.get("/api/mis/runs"))["items"])

    return await eventually(
        look,
        lambda runs: len(runs) >= at_least and all(run["state"] in _AT_REST for run in runs),
        seconds=seconds,
    )
