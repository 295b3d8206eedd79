"""How we and the peers are looked at, whether all have arrived: it costs next to nothing.

To count all of them again and again took a twentieth of what is measured.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from uuid import UUID

import asyncpg

__all__ = ["until_true", "until_whole"]

_LOOK_SECONDS = 0.01


async def until_whole(
    database: asyncpg.Connection[asyncpg.Record], many: str, schools: Mapping[UUID, int]
) -> None:
    """Until `many` counts as many pupils of each school as it is to have, one school at a time."""
    for school, pupils in schools.items():

        async def is_whole(school: UUID = school, pupils: int = pupils) -> bool:
            found: int = await database.fetchval(many, school)
            return found >= pupils

        await until_true(is_whole)


async def until_true(look: Callable[[], Awaitable[bool]]) -> None:
    while True:
        if await look():
            return
        await asyncio.sleep(_LOOK_SECONDS)
