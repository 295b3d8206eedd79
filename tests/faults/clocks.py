"""Processes of a service that are told another time than it is, by libfaketime."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import httpx

from tests.eventually import eventually

__all__ = ["FakeClock", "TimedProcess"]

_IN_LONDON = {"TZ": "Europe/London"}
"""What a machine in a school may be set to, and where nights have a turn."""
_REALLY = {
    "FAKETIME_NO_CACHE": "1",
    "FAKETIME_FMT": "%s",
    # What waits measures with the monotonic clock, which nobody sets.
    "FAKETIME_DONT_FAKE_MONOTONIC": "1",
    # Python trusts a compiled module by the time of its file.
    "NO_FAKE_STAT": "1",
}


class FakeClock:
    """A clock that can be set while processes look at it; calling it tells what they see."""

    def __init__(self, file: Path, library: Path) -> None:
        self._file = file
        self._library = library
        self._told: datetime | float = 0.0
        self.runs_from(datetime.now(UTC))

    def runs_from(self, moment: datetime) -> None:
        """It is this time now, and time goes on."""
        ahead = (moment - datetime.now(UTC)).total_seconds()
        self._told = ahead
        self._write(f"{ahead:+.6f}")

    def stands_at(self, moment: datetime) -> None:
        """It is this time, whole seconds, until it is set again."""
        self._told = moment
        self._write(str(int(moment.timestamp())))

    def __call__(self) -> datetime:
        if isinstance(self._told, datetime):
            return self._told
        return datetime.fromtimestamp(datetime.now(UTC).timestamp() + self._told, UTC)

    @property
    def environment(self) -> dict[str, str]:
        of_file = {"LD_PRELOAD": str(self._library), "FAKETIME_TIMESTAMP_FILE": str(self._file)}
        return _REALLY | of_file

    def _write(self, text: str) -> None:
        """Whole or not at all: it is read at any time."""
        fresh = self._file.with_suffix(".new")
        fresh.write_text(text)
        fresh.replace(self._file)


class TimedProcess:
    """`python -m module`, which can be killed and started again."""

    def __init__(self, module: str, told: Mapping[str, str], clock: FakeClock) -> None:
        self.clock = clock
        with socket.socket() as found:
            found.bind(("127.0.0.1", 0))
            port = int(found.getsockname()[1])
        self.address = f"http://127.0.0.1:{port}"
        self._module = module
        self._environment = {
            **{f"CLASSROOM_{name}": value for name, value in told.items()},
            "CLASSROOM_HTTP_PORT": str(port),
            "PATH": os.environ.get("PATH", os.defpath),
            **_IN_LONDON,
            **clock.environment,
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
