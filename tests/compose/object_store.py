"""SeaweedFS as `docker-compose.yml` runs it, without a container and at ports of its own."""

from __future__ import annotations

import asyncio
import json
import re
import shutil
import sysconfig
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from deploy.compose.object_store import Keys, identities
from tests.compose.file import SERVICES_OF_FILE
from tests.compose.ports import free_ports
from tests.eventually import eventually

__all__ = ["RunningStore", "object_store", "store_here"]

_PARTS = ("master", "volume", "filer", "s3")


def store_here() -> str | None:
    """The program, which comes as a wheel for Linux."""
    return shutil.which("weed", path=sysconfig.get_path("scripts"))


@dataclass(frozen=True)
class RunningStore:
    """`secrets/identities.json` in its folder says whom it knows."""

    address: str
    folder: Path
    pid: int

    async def look_after(self) -> None:
        """The container's health check, in its own words, once."""
        [how, words] = SERVICES_OF_FILE["object-store"]["healthcheck"]["test"]
        assert how == "CMD-SHELL"
        here = {
            "/run/secrets/": f"{self.folder}/secrets/",
            "/tmp/": f"{self.folder}/",  # noqa: S108 - the container's own
            "http://127.0.0.1:8333": self.address,
            "kill -HUP 1 ": f"kill -HUP {self.pid} ",
        }
        words, places = re.subn("|".join(here), lambda found: here[found[0]], words)
        assert places == 8
        checking = await asyncio.create_subprocess_shell(words)
        assert await checking.wait() == 0

    async def keep_looking_after(self) -> None:
        """As the engine does, and oftener."""
        while True:
            await self.look_after()
            await asyncio.sleep(0.2)


@asynccontextmanager
async def object_store(keys: Keys, folder: Path) -> AsyncIterator[RunningStore]:
    """While it runs."""
    (folder / "data").mkdir()
    (folder / "secrets").mkdir(exist_ok=True)
    known = folder / "secrets" / "identities.json"
    known.write_text(json.dumps(identities(keys)))
    names = [f"{part}.port{kind}" for part in _PARTS for kind in ("", ".grpc")]
    ports = dict(zip(names, free_ports(len(names)), strict=True))
    ours = {"dir": folder / "data", "s3.config": known, "s3.ip.bind": "127.0.0.1", **ports}
    command = SERVICES_OF_FILE["object-store"]["command"]
    words = [word for word in command if word.lstrip("-").split("=")[0] not in ours]
    words += [f"-{name}={value}" for name, value in ours.items()]
    program = store_here()
    assert program is not None
    with (folder / "log").open("w") as log:
        running = await asyncio.create_subprocess_exec(
            program, *words, stdout=log, stderr=log, cwd=folder
        )
    store = RunningStore(f"http://127.0.0.1:{ports['s3.port']}", folder, running.pid)
    try:
        await eventually(lambda: asyncio.to_thread(_answers, store.address))
        yield store
    finally:
        running.kill()  # told to end, it would wait fifteen seconds
        await running.wait()


def _answers(address: str) -> bool:
    try:
        return httpx.get(f"{address}/healthz", timeout=2).is_success
    except httpx.TransportError:
        return False
