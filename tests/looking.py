"""A look into a database past row-level security, on connections that are kept from look to look.

Opening one costs more than most looks do, and tests that wait look many times.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TypeAlias

import asyncpg

__all__ = ["Look", "looking"]

Look: TypeAlias = "asyncpg.Pool[asyncpg.Record]"

_AT_ONCE = 5


@asynccontextmanager
async def looking(admin_dsn: str) -> AsyncIterator[Look]:
    """None is opened before the first look; one that was cut off is opened anew."""
    async with asyncpg.create_pool(admin_dsn, min_size=0, max_size=_AT_ONCE) as pool:
        yield pool
