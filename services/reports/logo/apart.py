"""Has a logo made anew by a process of its own, with little memory, little time and no secrets."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path

from services.reports.logo.picture import TAKES_TOO_MUCH, LogoProblem, MadeAnew

__all__ = ["MEMORY_BYTES", "SECONDS", "made_anew"]

MEMORY_BYTES = 768 * 1024 * 1024
"""Of addresses, of which the largest pictures that are taken use about half."""
SECONDS = 15
_ONE_AT_A_TIME = asyncio.Semaphore(1)
"""Of this process; further uploads wait, so memory has a bound: 450 MB (WebP of 25 megapixels)."""
_ROOT = Path(__file__).parents[3]


async def made_anew(path: Path) -> MadeAnew:
    """The file at `path` as a PNG of ours. Raises `LogoProblem`."""
    async with _ONE_AT_A_TIME:
        output = await _output_of_encoder(path)
    line, _, png = output.partition(b"\n")
    if not line:  # it was stopped by one of its limits
        raise TAKES_TOO_MUCH
    head = json.loads(line)
    if problem := head.get("problem"):
        raise LogoProblem(**problem)
    return MadeAnew(png, head["width"], head["height"])


async def _output_of_encoder(path: Path) -> bytes:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "services.reports.logo.encoder",
        str(path),
        str(MEMORY_BYTES),
        str(SECONDS),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        # Not the service's: that holds its passwords.
        env={"PYTHONIOENCODING": "utf-8"},
        cwd=_ROOT,
    )
    try:
        # Its own limit counts what it works; this one also counts what it waits.
        async with asyncio.timeout(SECONDS * 2):
            output, _ = await process.communicate()
    except TimeoutError:
        return b""
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    return output if process.returncode == 0 else b""
