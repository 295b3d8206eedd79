"""Runs a side of Django's in a process and a database of its own."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys

from benchmarks.servers import Servers

__all__ = ["seconds_of"]


async def seconds_of(servers: Servers, module: str, *arguments: str) -> list[float]:
    """What `python -m module` prints: numbers, each on a line."""
    async with servers.empty_database("django") as url:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-m", module, *arguments),
            env=os.environ | {"CLASSROOM_DATABASE_URL": url},
            stdout=subprocess.PIPE,
        )
        printed, _ = await process.communicate()
    if process.returncode:
        raise RuntimeError(f"{module} ended with {process.returncode}")
    return [float(line) for line in printed.decode().splitlines()]
