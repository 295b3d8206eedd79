"""One running stack for all that an operator does to it; a test leaves it running."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.stack import Stack, new_stack


@pytest.fixture(scope="session")
async def stack() -> AsyncIterator[Stack]:
    """Nobody else's: its secrets are changed, and it is lost and restored."""
    async with new_stack("up", "--detach") as running:
        yield running
