"""Starts what is measured as a process of its own, on a free port, and stops it again."""

from __future__ import annotations

import asyncio
import os
import socket
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress

import httpx

__all__ = ["running"]

_START_SECONDS = 60.0
_STOP_SECONDS = 20.0


@asynccontextmanager
async def running(module: str, told: Mapping[str, str], ready: str) -> AsyncIterator[str]:
    """`python -m module` with `told` under `CLASSROOM_`; its address, once `ready` answers 200."""
    port = _free_port()
    address = f"http://127.0.0.1:{port}"
    environment = {f"CLASSROOM_{name}": value for name, value in told.items()} | {
        "PATH": os.environ.get("PATH", os.defpath),
        "CLASSROOM_HTTP_HOST": "127.0.0.1",
        "CLASSROOM_HTTP_PORT": str(port),
        "CLASSROOM_LOG_LEVEL": "WARNING",
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", module, env=environment, stdout=asyncio.subprocess.DEVNULL
    )
    try:
        await _wait_until_ready(process, address + ready)
        yield address
    finally:
        with suppress(ProcessLookupError):
            process.terminate()
        try:
            await asyncio.wait_for(process.wait(), _STOP_SECONDS)
        except TimeoutError:
            process.kill()
            await process.wait()


async def _wait_until_ready(process: asyncio.subprocess.Process, url: str) -> None:
    async with asyncio.timeout(_START_SECONDS), httpx.AsyncClient() as client:
        while process.returncode is None:
            with suppress(httpx.TransportError):
                if (await client.get(url)).status_code == httpx.codes.OK:
                    return
            await asyncio.sleep(0.05)
    raise RuntimeError(f"it ended by itself, with {process.returncode}")


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])
