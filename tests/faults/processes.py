"""A service as a process of its own, which can be killed and started again."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress

import httpx

from tests.eventually import eventually

__all__ = ["ServiceProcess"]


class ServiceProcess:
    """`python -m module`, with what it is told of its settings."""

    def __init__(
        self, module: str, told: Mapping[str, str], environment: Mapping[str, str] | None = None
    ) -> None:
        with socket.socket() as found:
            found.bind(("127.0.0.1", 0))
            port = int(found.getsockname()[1])
        self.address = f"http://127.0.0.1:{port}"
        self._module = module
        self._environment = {
            **{f"CLASSROOM_{name}": value for name, value in told.items()},
            "CLASSROOM_HTTP_PORT": str(port),
            "PATH": os.environ.get("PATH", os.defpath),
            **(environment or {}),
        }
        self._process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        """Returns once it can do its work."""
        self._process = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-m", self._module),
            env=self._environment,
            stdout=subprocess.DEVNULL,
        )
        async with httpx.AsyncClient(base_url=self.address) as client:

            async def ready() -> bool:
                with suppress(httpx.TransportError):
                    return (await client.get("/ready")).is_success
                return False

            await eventually(ready, seconds=60)

    async def kill(self) -> None:
        """`kill -9`."""
        if self._process is not None:
            with suppress(ProcessLookupError):
                self._process.send_signal(signal.SIGKILL)
            await self._process.wait()
