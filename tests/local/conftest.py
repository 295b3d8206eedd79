"""A stack's folder of one's own, far from the checkout's."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.local.state import State
from deploy.local.supervision import Supervisor


@pytest.fixture
def state() -> Iterator[State]:
    """An empty folder; whatever the test started in it is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="classroom-test-") as folder:
        state = State(Path(folder).resolve())
        yield state
        Supervisor(state).shut_down()
