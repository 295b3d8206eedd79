"""The daemon as a process: its log, and how it is stopped (SIGTERM, or Ctrl-C on Windows)."""

from __future__ import annotations

import asyncio
import logging
import signal
import sys
from collections.abc import Callable
from datetime import UTC, datetime

from services.mis_sync.connectors.credentials import Credentials
from services.mis_sync.connectors.daemon.answering import Reading
from services.mis_sync.connectors.daemon.memory import Memory
from services.mis_sync.connectors.daemon.running import Daemon

__all__ = ["run_until_stopped"]

_CHATTY = ("aio_pika", "aiormq", "asyncio")


def run_until_stopped(credentials: Credentials, reading: Reading, memory: Memory) -> None:
    """Returns once it was asked to stop. Raises `BrokerRefused`."""
    logging.basicConfig(
        stream=sys.stderr, level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s"
    )
    for name in _CHATTY:
        logging.getLogger(name).setLevel(logging.CRITICAL)
    asyncio.run(_run(Daemon(credentials, reading, memory, clock=_now)))


async def _run(daemon: Daemon) -> None:
    log = logging.getLogger(__name__)
    running = asyncio.ensure_future(daemon.run())
    _when_stopped(running.cancel)
    try:
        await running
    except asyncio.CancelledError:
        log.info("Stopped, as it was asked to.")


def _when_stopped(stop: Callable[[], object]) -> None:
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        try:
            loop.add_signal_handler(number, stop)
        except NotImplementedError:  # Windows
            signal.signal(number, lambda *_: loop.call_soon_threadsafe(stop))


def _now() -> datetime:
    return datetime.now(UTC)
