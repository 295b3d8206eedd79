"""Stays in the foreground while the stack runs, and takes it down with Ctrl-C."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from deploy.local.progress import console
from deploy.local.stack import stop_stack
from deploy.local.state import State
from deploy.local.supervision import Supervisor

__all__ = ["brought_down_if_interrupted", "stay"]

ENDINGS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
LOOK_SECONDS = 2.0


def stay(state: State) -> None:
    """Return when the stack has been stopped, by a signal to us or by `./classroom down`."""
    ended = threading.Event()
    for ending in ENDINGS:
        signal.signal(ending, lambda *_: ended.set())
    console.print("Press Ctrl-C to stop everything.")
    while not ended.wait(LOOK_SECONDS):
        if not Supervisor(state).is_up():
            console.print("It has been stopped from elsewhere.")
            return
    stop_stack(state)


@contextmanager
def brought_down_if_interrupted(state: State, *, detach: bool) -> Iterator[None]:
    """Ctrl-C while it is starting in the foreground leaves nothing behind."""
    try:
        yield
    except KeyboardInterrupt:
        if not detach:
            stop_stack(state)
        raise
