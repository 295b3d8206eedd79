"""Ends a task for certain: a library on the way may swallow one cancellation, as some do."""

from __future__ import annotations

import asyncio
from typing import Any

__all__ = ["end"]


async def end(task: asyncio.Task[Any]) -> None:
    """Cancel `task` until it has ended. What it raised is of no interest any more."""
    while not task.done():
        task.cancel()
        await asyncio.wait([task], timeout=1)
