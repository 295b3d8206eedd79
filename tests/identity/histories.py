"""Histories that hypothesis makes up, played through the service's doors beside a plain model.

Hypothesis plays in a thread of its own; what it does to the service runs in the loop of the door.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import ExitStack
from datetime import datetime
from typing import Any, TypeVar, cast

from hypothesis import Phase, settings
from hypothesis.stateful import RuleBasedStateMachine, run_state_machine_as_test

from tests.identity.door import Door

__all__ = ["DoorMachine", "play"]

T = TypeVar("T")


class DoorMachine(RuleBasedStateMachine):
    """What each history begins with: the door, the real time, and no guess counted."""

    def __init__(self, door: Door, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__()
        self.door = door
        self._loop = loop
        self._moved = ExitStack()

    def do(self, doing: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(doing, self._loop).result(timeout=60)

    def now(self) -> datetime:
        return self.door.clock()

    def later(self, **span: float) -> None:
        self._moved.enter_context(self.door.clock.moved_by(**span))

    def forget_guesses(self) -> None:
        """Brakes on guessing have tests of their own."""
        self.do(self.door.rows("DELETE FROM throttle_counts"))

    def teardown(self) -> None:
        self._moved.close()


async def play(
    machine: Callable[[Door, asyncio.AbstractEventLoop], DoorMachine],
    door: Door,
    *,
    histories: int,
    steps: int,
) -> None:
    """So many histories. What fails is shown as it was: to shrink it takes long through doors."""
    loop = asyncio.get_running_loop()
    chosen = settings(
        max_examples=histories,
        stateful_step_count=steps,
        phases=(Phase.explicit, Phase.generate),
        deadline=None,
    )
    # It takes whatever makes a machine; only its type says that this is a class.
    factory = cast("type[RuleBasedStateMachine]", lambda: machine(door, loop))
    await asyncio.to_thread(run_state_machine_as_test, factory, settings=chosen)
