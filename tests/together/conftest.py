"""One mis_sync, roster and identity for all tests of this folder, which is one worker's work."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.identity.mailbox import Mailbox
from tests.servers import Servers
from tests.together.opening import BEGINS, Together, open_together


@pytest.fixture(scope="session")
async def standing_together(
    servers: Servers, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Together]:
    mailbox = Mailbox()
    mailbox.start()
    try:
        async with open_together(servers, tmp_path_factory.mktemp("together"), mailbox) as opened:
            yield opened
    finally:
        mailbox.stop()


@pytest.fixture
def together(standing_together: Together) -> Together:
    """It is November 2026, whatever day it is."""
    standing_together.it_is(BEGINS)
    return standing_together
