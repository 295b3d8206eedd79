"""SeaweedFS as `docker-compose.yml` runs it, without a container and at ports of its own."""

from __future__ import annotations

import asyncio
import json
import shutil
import sysconfig
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx

from deploy.compose.object_store import Keys, identities
from tests.compose.ports import free_ports
from tests.eventually import eventually

__all__ = ["object_store", "store_here"]

_PARTS = ("master", "volume", "filer", "s3")


def store_here() -> str | None:
    """The program, which comes as a wheel for Linux."""
    return shutil.which("weed", path=sysconfig.get_path("scripts"))


@asynccontextmanager
async def object_store(command: list[str], keys: Keys, folder: Path) -> AsyncIterator[str]:
    """Its address, while it runs; `command` is the container's."""
    (folder / "data").mkdir()
    known = folder / "identities.json"
    known.write_text(json.dumps(identities(keys)))
    names = [f"{part}.port{kind}" for part in _PARTS for kind in ("", ".grpc")]
    ports = dict(zip(names, free_ports(len(names)), strict=True))
    ours = {"dir": folder / "data", "s3.config": known, "s3.ip.bind": "127.0.0.1", **ports}
    words = [word for word in command if word.lstrip("-").split("=")[0] not in ours]
    words += [f"-{name}={value}" for name, value in ours.items()]
    program = store_here()
    assert program is not None
    with (folder / "log").open("w") as log:
        running = await asyncio.create_subprocess_exec(
            program, *words, stdout=log, stderr=log, cwd=folder
        )
    address = f"http://127.0.0.1:{ports['s3.port']}"
    try:
        await eventually(lambda: asyncio.to_thread(_answers, address))
        yield address
    finally:
        running.kill()  # told to end, it would wait fifteen seconds
        await running.wait()


def _answers(address: str) -> bool:
    try:
        return httpx.get(f"{address}/healthz", timeout=2).is_success
    except httpx.TransportError:
        return False
