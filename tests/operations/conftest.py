"""One running stack for all that an operator does to it; a test leaves it running."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest

from tests.post import Post, post
from tests.stack import Stack, new_stack

LOGIN = "classroom:the first"


@pytest.fixture(scope="session")
def mail_server() -> Iterator[Post]:
    """Which asks who it is that sends."""
    with post() as server:
        server.logins = {LOGIN}
        yield server


@pytest.fixture(scope="session")
async def stack(mail_server: Post) -> AsyncIterator[Stack]:
    """Nobody else's: its secrets are changed, and it is lost and restored."""
    told = {
        "CLASSROOM_SMTP_HOST": "127.0.0.1",
        "CLASSROOM_SMTP_PORT": str(mail_server.port),
        "CLASSROOM_SMTP_SECURITY": "none",
    }
    async with new_stack("up", "--detach", told=told) as running:
        await running.command("secrets", "put", "mail", typed=f"{LOGIN}\n")
        yield running
